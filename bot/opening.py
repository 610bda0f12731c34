"""Parts of an object that are opened when they are first needed, whichever threads need them."""

from __future__ import annotations

from functools import cached_property
from threading import RLock
from typing import Any, Self, TypeVar, overload

Part = TypeVar("Part")


class opened_once(cached_property[Part]):  # noqa: N801 - a decorator
    """A `cached_property` that threads which come at once compute once; since 3.12 it is not so.

    Every part has a lock of its own in each object, so that opening one waits for no other.
    """

    @overload
    def __get__(self, instance: None, owner: type[Any] | None = None) -> Self: ...

    @overload
    def __get__(self, instance: object, owner: type[Any] | None = None) -> Part: ...

    def __get__(self, instance: object, owner: type[Any] | None = None) -> Self | Part:
        if instance is None:
            return self
        with vars(instance).setdefault(f"opening {self.attrname}", RLock()):
            return super().__get__(instance, owner)
