"""Processes that make editions, killed at every step, side by side, and with a full disk."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.edition_process import FAILED, start
from tests.simulated import (
    check,
    moment_of,
    prepare,
    publish,
    run_killed,
    run_out,
    run_together,
)

# Between the committed steps: claim, fetch, embed, write, compare, store, deliver.
POINTS = (
    ("before the claim", 1), ("claimed", 1), ("before the fetch", 1), ("reading articles", 1),
    ("indexing chunks", 1), ("fetched", 1), ("fetch noted", 1), ("selecting", 1), ("grouping", 1),
    ("writing", 1), ("writing", 2), ("writing", 3), ("written", 1), ("draft noted", 1),
    ("compared", 1), ("storing", 1), ("stored", 1), ("before the delivery", 1), ("delivered", 1),
    ("delivery noted", 1),
)  # fmt: skip

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def test_a_run_that_is_killed_at_any_point_is_taken_up_again(tmp_path: Path) -> None:
    """Twenty days, each killed at another point, and gone on with by another process."""
    prepare(tmp_path)
    chance = Random(1)
    for day, (point, count) in enumerate(POINTS):
        publish(tmp_path, day, chance)
        run_killed(tmp_path, moment_of(day), point, count)
        run_out(tmp_path, moment_of(day))
    check(tmp_path, len(POINTS))


def test_two_schedulers_and_a_manual_run_make_one_edition(tmp_path: Path) -> None:
    prepare(tmp_path)
    chance = Random(2)
    for day in range(4):
        publish(tmp_path, day, chance)
        run_together(tmp_path, moment_of(day), chance, longest=2.0)
        run_out(tmp_path, moment_of(day), "run")
    check(tmp_path, 4)


def test_a_disk_that_fills_up_costs_no_edition(tmp_path: Path) -> None:
    """From a point on no file can grow; what was not written is made when there is room again."""
    prepare(tmp_path)
    chance = Random(3)
    for day, point in enumerate(("indexing chunks", "selecting", "compared")):
        publish(tmp_path, day, chance)
        size = max(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
        process = start(tmp_path, "run", moment_of(day), point, limit=size // 4)
        process.join(120)
        assert process.exitcode == FAILED, (point, process.exitcode)
        run_out(tmp_path, moment_of(day), "run")
    check(tmp_path, 3)
