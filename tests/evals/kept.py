"""What a measurement of hours has found so far, item by item, in a file of .cache/evals."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / ".cache" / "evals"


class Kept:
    """Rows by key, written as soon as they are known, so that another run can go on from there."""

    def __init__(self, name: str, folder: Path = FOLDER) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / f"{name}.jsonl"
        self._rows: dict[str, Any] = {}
        if self._file.exists():
            lines = self._file.read_text(encoding="utf-8").splitlines()
            self._rows = {one["key"]: one["row"] for one in map(json.loads, lines)}

    def measure(self, key: str, find: Callable[[], Any]) -> Any:
        """The row of this key, found now unless it is known."""
        if key not in self._rows:
            self._rows[key] = find()
            with self._file.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps({"key": key, "row": self._rows[key]}) + "\n")
        return self._rows[key]

    def items(self) -> Iterator[tuple[str, Any]]:
        """Keys and rows, in the order in which they were found."""
        return iter(self._rows.items())

    def __len__(self) -> int:
        return len(self._rows)
