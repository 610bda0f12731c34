"""Moments told in a timezone: the same moments, by its offsets and its names for them."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime, tzinfo
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_Record = TypeVar("_Record")


def tell_in(zone: tzinfo, record: _Record) -> _Record:
    """The dataclass with the moments that it holds itself, also in tuples, told in a timezone."""
    values = {field.name: getattr(record, field.name) for field in fields(record)}  # type: ignore[arg-type]
    told = {name: _tell(zone, value) for name, value in values.items() if _is_moment(value)}
    return replace(record, **told)  # type: ignore[type-var]


def find_zone(name: str) -> tzinfo | None:
    """The timezone of a name, None where this machine knows none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def name_zone(zone: tzinfo) -> str:
    """A name by which `find_zone` finds the timezone; "" when it has none."""
    return str(zone) if find_zone(str(zone)) else ""


def _is_moment(value: Any) -> bool:
    return isinstance(value[0] if isinstance(value, tuple) and value else value, datetime)


def _tell(zone: tzinfo, value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(one.astimezone(zone) for one in value)
    return value.astimezone(zone)
