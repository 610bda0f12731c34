"""Two hundred days of a schedule with kills at random times."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.edition_process import start
from tests.simulated import check, moment_of, prepare, publish, run_out, run_together

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(7_200)]

DAYS = 200


def test_two_hundred_days_have_two_hundred_editions(tmp_path: Path) -> None:
    prepare(tmp_path)
    chance = Random(7)
    kills = 0
    for day in range(DAYS):
        publish(tmp_path, day, chance)
        if day % 4 == 0:
            kills += run_together(tmp_path, moment_of(day), chance, longest=3.0)
        elif day % 4 != 3:
            process = start(tmp_path, "schedule", moment_of(day))
            process.join(chance.uniform(0.3, 3.0))
            kills += process.is_alive()
            process.kill()
            process.join(60)
        run_out(tmp_path, moment_of(day))
    check(tmp_path, DAYS)
    print(f"{DAYS} days, {DAYS} editions, {kills} processes killed")
    assert kills > DAYS / 4
