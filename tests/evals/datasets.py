"""Reads the evaluation sets of NEWSBOT_EVALS; an absent one skips its test, but fails in CI."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

_DEFAULT = Path(__file__).parents[3] / "shared" / "evals"


def find(name: str) -> Path:
    """The file of one set."""
    path = Path(os.environ.get("NEWSBOT_EVALS", _DEFAULT)) / f"{name}.jsonl"
    if not path.is_file():
        message = f"{name}.jsonl is not there; set NEWSBOT_EVALS to the folder that holds it."
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return path


def read(name: str) -> list[dict[str, Any]]:
    """The items of one set, in order."""
    lines = find(name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line]
