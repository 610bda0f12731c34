"""What a model has said, kept in files: a measurement of hours can be taken up again.

What checks or chooses from it may change between two runs, without asking the model anew.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import prompts
from bot.archive.replies import Replies
from bot.entities import Estimate
from bot.errors import ModelError, ModelRefusedError
from bot.grounding.judging import Judge
from bot.writing.books import Books
from tests.evals.kept import FOLDER, Kept


class UnknownError(Exception):
    """The file does not know the answer, and the time in which to ask for it is over."""


class RememberedJudge:
    """Asks `judge` what the file does not know yet, for so many seconds from now.

    `said` has what was asked here, by claim. A judge that fails ends the measurement: else the
    checker would do without, and the figures would be those of something else.
    """

    def __init__(self, judge: Judge, seconds: float, folder: Path = FOLDER) -> None:
        self.name = judge.name
        self.said: dict[str, float] = {}
        self._judge = judge
        self._until = time.monotonic() + seconds
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / f"judge-{judge.name}-{prompts.digest('judge')}.jsonl"
        self._known = self._read()

    def support(self, claim: str, evidence: Sequence[str]) -> float:
        key = hashlib.sha256(repr((claim, *evidence)).encode()).hexdigest()[:32]
        if key not in self._known:
            self._known[key] = self._ask(claim, evidence)
            self._write(key)
        self.said[claim] = self._known[key]
        return self._known[key]

    def estimate(self, claims: int) -> Estimate:
        """Nothing: no run is measured."""
        return Estimate()

    def charged_to(self, account: object) -> RememberedJudge:
        """Itself: no run is measured."""
        return self

    def _ask(self, claim: str, evidence: Sequence[str]) -> float:
        if time.monotonic() > self._until:
            raise UnknownError
        try:
            return self._judge.support(claim, evidence)
        except ModelRefusedError:
            raise  # too long a prompt: the claim is checked in code
        except ModelError as error:
            raise RuntimeError(f"The measurement stops: {error}") from error

    def _read(self) -> dict[str, float]:
        if not self._file.exists():
            return {}
        lines = self._file.read_text(encoding="utf-8").splitlines()
        return {kept["key"]: kept["probability"] for kept in map(json.loads, lines)}

    def _write(self, key: str) -> None:
        with self._file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps({"key": key, "probability": self._known[key]}) + "\n")


class RememberedReplies(Replies):
    """Replies of a writer, of whatever articles and for ever."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def find(self, key: str, now: datetime) -> str | None:
        return dict(self._kept.items()).get(key)

    def keep(self, key: str, text: str, shown: Collection[str], now: datetime) -> None:
        self._kept.measure(key, lambda: text)


@dataclass(frozen=True, kw_only=True)
class RememberingBooks(Books):
    """Books of no archive, with these replies for cached ones."""

    remembered: RememberedReplies

    @property
    def replies(self) -> Replies:
        return self.remembered
