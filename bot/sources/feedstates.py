"""What is remembered of a feed between two fetches, so that the second one costs little.

The caller keeps it, by the feed's address, in any mutable mapping of plain values: a dict, or the
archive's `Feeds`.
"""

from __future__ import annotations

import hashlib
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any, Self

from bot.sources.entries import Entry, Feed
from bot.sources.feeds import digest
from bot.sources.responses import NONE, Validators


@dataclass(frozen=True, slots=True)
class FeedState:
    """What a feed's last fetch left: its validators, its body's digest, its entries' digests.

    Validators and `body` are empty while entries remain to be read, so that the next fetch reads
    them. An entry that did not change in the feed is not read again.
    """

    validators: Validators = NONE
    body: str = ""
    entries: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The state as plain JSON values."""
        return {
            "etag": self.validators.etag,
            "modified": self.validators.modified,
            "body": self.body,
            "entries": self.entries,
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The state again, from what `to_dict` gave."""
        validators = Validators(values.get("etag"), values.get("modified"))
        return cls(validators, values.get("body") or "", dict(values.get("entries") or {}))


FeedStates = MutableMapping[str, dict[str, Any]]  # by address, as `FeedState.to_dict` gives them


class FeedReading:
    """One reading of a feed: which of its entries are done, and the state that it leaves."""

    def __init__(self, address: str, feed: Feed, validators: Validators, body: str) -> None:
        self.address = address
        self._digests = {entry.key: digest(entry) for entry in feed.entries}
        self._validators = validators
        self._body = body
        self._waiting: set[str] = set()
        self._known: dict[str, str] = {}
        self._is_complete = True

    def begin(self, known: dict[str, str], chosen: tuple[Entry, ...], *, over: int) -> None:
        """Wait for the `chosen` entries; those that `known` has unchanged are done already."""
        self._known = {
            key: value for key, value in known.items() if self._digests.get(key) == value
        }
        self._waiting = {entry.key for entry in chosen}
        self._is_complete = over == 0

    def finish(self, key: str, *, done: bool) -> None:
        """An entry was dealt with. Not `done` means that the next fetch is to try it again."""
        self._waiting.discard(key)
        if done:
            self._known[key] = self._digests[key]
        else:
            self._is_complete = False

    @property
    def is_over(self) -> bool:
        """Whether no entry is waited for."""
        return not self._waiting

    @property
    def state(self) -> FeedState:
        """What to remember, also while entries are waited for."""
        if self._waiting or not self._is_complete:
            return FeedState(entries=self._known)
        return FeedState(self._validators, self._body, self._known)


def body_digest(body: bytes) -> str:
    """What tells whether a feed's bytes changed, for servers that send no validators."""
    return hashlib.sha256(body).hexdigest()
