"""A judge whose answers are kept in a file: a measurement of hours can be taken up again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import prompts
from bot.errors import ModelError, ModelRefusedError
from bot.grounding.judging import Judge

FOLDER = Path(__file__).parents[2] / ".cache" / "evals"


class RememberedJudge:
    """Asks `judge` what the file does not know yet; `said` has what was asked here, by claim."""

    def __init__(self, judge: Judge, folder: Path = FOLDER) -> None:
        self.name = judge.name
        self.said: dict[str, float] = {}
        self.asked = 0  # of the judge itself
        self._judge = judge
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

    def _ask(self, claim: str, evidence: Sequence[str]) -> float:
        self.asked += 1
        try:
            return self._judge.support(claim, evidence)
        except ModelRefusedError:
            raise  # too long a prompt: the claim is checked in code
        except ModelError as error:  # else a checker would do without, and the figures were of that
            raise RuntimeError(f"The measurement stops: {error}") from error

    def _read(self) -> dict[str, float]:
        if not self._file.exists():
            return {}
        lines = self._file.read_text(encoding="utf-8").splitlines()
        return {kept["key"]: kept["probability"] for kept in map(json.loads, lines)}

    def _write(self, key: str) -> None:
        with self._file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps({"key": key, "probability": self._known[key]}) + "\n")
