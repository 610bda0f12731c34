"""What a form or a button of the page sent: text, choices, numbers, uploaded files.

The browser's word is never trusted: whatever is no text is none, whatever is too long is cut, and a
file counts only where the page itself stored it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

LONGEST = 1_000  # characters of a field of one line
LONGEST_TEXT = 2_000_000  # characters of a pasted text
MOST = 1_000  # values of one field


class Fields:
    """The values of a form by their names; `chosen` is what Gradio says that the browser sent."""

    def __init__(self, chosen: Any) -> None:
        sent = chosen.get("fields") if isinstance(chosen, Mapping) else None
        self._values: dict[str, list[str]] = {
            str(name): [one for one in values[:MOST] if isinstance(one, str)]
            for name, values in (sent.items() if isinstance(sent, Mapping) else ())
            if isinstance(values, list)
        }

    def line(self, name: str) -> str:
        """A field of one line, "" when it was left empty."""
        return " ".join(self.text(name)[:LONGEST].split())

    def text(self, name: str) -> str:
        """A field of any length."""
        values = self._values.get(name)
        return values[0][:LONGEST_TEXT].replace("\r\n", "\n") if values else ""

    def choices(self, name: str) -> tuple[str, ...]:
        """Every value of a field that was chosen, each once."""
        values = (one[:LONGEST] for one in self._values.get(name, ()))
        return tuple(dict.fromkeys(one for one in values if one))

    def number(self, name: str, lowest: int, highest: int, default: int) -> int:
        """A number within its bounds, the default where there is none."""
        try:
            return min(max(int(self.line(name)), lowest), highest)
        except ValueError:
            return default

    def files(self, name: str, folder: Path) -> tuple[Path, ...]:
        """Uploaded files, as far as they lie in the folder of uploads."""
        root = folder.resolve()
        paths = (Path(one).resolve() for one in self.choices(name) if "\0" not in one)
        return tuple(one for one in paths if one.is_relative_to(root) and one.is_file())
