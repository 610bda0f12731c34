"""Four processes on one data directory, killed at random: nothing is lost and nothing is stale."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.one_process import open_index, read_log, stable

ROLES = (("look", "page"), ("ingest", "x"), ("ingest", "y"), ("ask", "asks"))


def start(directory: Path, role: str, name: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.one_process", role, str(directory), name]
    return subprocess.Popen(command, cwd=Path(__file__).parent.parent)


def run(directory: Path, seconds: float, pause: float, chance: random.Random) -> int:
    """Runs the four for a while, killing one every `pause` seconds at most; how often."""
    processes = [start(directory, *role) for role in ROLES]
    kills = 0
    try:
        while sum(line[0] == "started" for line in read_log(directory)) < len(ROLES):
            time.sleep(0.1)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(chance.uniform(0.2, 1.0) * pause)
            victim = chance.choices(range(len(ROLES)), weights=(1, 3, 3, 2))[0]
            processes[victim].kill()
            processes[victim].wait()
            processes[victim] = start(directory, *ROLES[victim])
            kills += 1
    finally:
        for process in processes:
            process.kill()
            process.wait()
    return kills


def check(directory: Path) -> Counter[str]:
    """Counts what was reported, and compares it with what is there."""
    lines = read_log(directory)
    told = Counter(line[0] for line in lines)
    assert [line for line in lines if line[0] in ("stale", "failed")] == []
    assert told["missed"] <= 2
    index = open_index(directory)
    index.index_pending()
    chunks = index.archive.chunks
    live = {one.id: one.revision for one in index.archive.details()}
    for identity in stable(directory):
        assert live[identity] == 1
        word = f"{identity.replace('-', 'n')}r1p0"
        assert [one for one, _ in chunks.search(word, 3)] == [f"{identity}:1:0"]
    for what, identity, *_ in lines:
        if what == "removed":
            assert identity not in live
        elif what == "kept" and int(identity.split("-")[1]) % 5 == 0:
            assert live[identity] % 2 == 0  # whoever was killed begins again with the first text
    expected = {f"{one}:{revision}:{n}" for one, revision in live.items() for n in range(2)}
    assert chunks.live(sorted(expected)) == expected
    assert chunks.count() == len(expected)
    assert chunks.pending(index.store.identity) == []
    assert index.store.ids() == expected
    index.archive.close()
    return told


def report(told: Counter[str], kills: int) -> None:
    print(f"{kills} kills, {told['kept']} kept, {told['searched']} searches")


@pytest.mark.slow
def test_nothing_is_lost_and_nothing_stale_for_a_moment(tmp_path: Path) -> None:
    kills = run(tmp_path, 3, 2, random.Random(1))
    told = check(tmp_path)
    report(told, kills)
    assert told["searched"] > 0


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_nothing_is_lost_and_nothing_stale_in_two_minutes(tmp_path: Path) -> None:
    kills = run(tmp_path, 120, 6, random.Random(2))
    told = check(tmp_path)
    report(told, kills)
    assert kills > 20
    assert told["kept"] > 30
