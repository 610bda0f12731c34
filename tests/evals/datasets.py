"""Reads the evaluation sets of NEWSBOT_EVALS; skips outside CI and fails in CI when one is absent."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

_DEFAULT = Path(__file__).parents[3] / "shared" / "evals"


def read(name: str) -> list[dict[str, Any]]:
    """The items of one set, in order."""
    path = Path(os.environ.get("NEWSBOT_EVALS", _DEFAULT)) / f"{name}.jsonl"
    if not path.is_file():
        message = f"{name}.jsonl is not there; set NEWSBOT_EVALS to the folder that holds it."
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
