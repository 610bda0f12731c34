"""The values of one table of briefings.toml, each checked as it is taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from bot.editions.positions import Path, line_of


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a file: its line, the key, and what to do."""

    line: int
    key: str
    message: str

    def __str__(self) -> str:
        key = f", {self.key}" if self.key else ""
        end = "" if self.message.endswith("?") else "."
        return f"line {self.line}{key}: {self.message}{end}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A table with its path and the lines of the file; mistakes are gathered, not raised."""

    values: dict[str, Any]
    path: Path
    lines: dict[Path, int]
    mistakes: list[Mistake]

    def tell(self, key: str, message: str) -> None:
        """Notes a mistake with a key of this table; "" is the table itself."""
        path = (*self.path, key) if key else self.path
        name = ".".join(str(part) for part in path if not isinstance(part, int))
        self.mistakes.append(Mistake(line_of(path, self.lines), name, message))

    def know(self, *keys: str) -> None:
        """Notes every key that is none of these."""
        for key in self.values.keys() - set(keys):
            near = get_close_matches(key, keys, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]!r}" if near else f"the keys are {', '.join(keys)}"
            self.tell(key, f"there is no key {key!r}; {hint}{'?' if near else ''}")

    def text(self, key: str, default: str) -> str:
        """A string."""
        return str(self._of(key, str, default, "a text in quotes"))

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings."""
        found = self._of(key, list, [], 'a list of texts, as in ["one", "two"]')
        if not all(isinstance(one, str) and one.strip() for one in found):
            self.tell(key, 'it should be a list of texts, as in ["one", "two"]')
            return ()
        return tuple(one.strip() for one in found)

    def number(self, key: str, default: int, least: int, most: int) -> int:
        """A whole number within bounds."""
        found: int = self._of(key, int, default, f"a whole number from {least} to {most:,}")
        if found == self.values.get(key) and not least <= found <= most:
            self.tell(key, f"it is {found}, and should be from {least} to {most:,}")
            return default
        return found

    def amount(self, key: str) -> float | None:
        """A positive number, None when there is none."""
        found = self.values.get(key)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int | float) or found <= 0:
            self.tell(key, f"it is {found!r}, and should be a number above 0")
            return None
        return float(found)

    def choice(self, key: str, choices: Sequence[str]) -> str:
        """One of some texts, the first when absent."""
        found = self.text(key, choices[0])
        if found not in choices:
            near = get_close_matches(found, choices, n=1)
            hint = (
                f"did you mean {near[0]!r}?" if near else f"use {' or '.join(map(repr, choices))}"
            )
            self.tell(key, f"{found!r} is no choice; {hint}".rstrip("."))
            return choices[0]
        return found

    def table(self, key: str) -> Entry:
        """A table of its own, empty when absent."""
        return self._child(self._of(key, dict, {}, "a table"), (*self.path, key))

    def tables(self, key: str) -> Iterator[Entry]:
        """An array of tables."""
        found = self._of(key, list, [], f"a list of tables, each begun with [[{key}]]")
        for number, one in enumerate(found):
            path = (*self.path, key, number)
            if isinstance(one, dict):
                yield self._child(one, path)
            else:
                self.tell(key, f"it should be a list of tables, each begun with [[{key}]]")
                return

    def _child(self, values: dict[str, Any], path: Path) -> Entry:
        return Entry(values, path, self.lines, self.mistakes)

    def _of(self, key: str, kind: type, default: Any, wanted: str) -> Any:
        found = self.values.get(key, default)
        if isinstance(found, bool) or not isinstance(found, kind):
            self.tell(key, f"it is {found!r}, and should be {wanted}")
            return default
        return found.strip() if isinstance(found, str) else found
