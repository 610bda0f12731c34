"""The wheel that users install: built, installed without the checkout, run from another folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

PROGRAM = """
import bot
from bot import Newsbot, read_settings, summarise
from bot.sources.samples import sample_folder
assert bot.__file__.startswith({place!r}), bot.__file__
assert str(sample_folder()).startswith({place!r}), sample_folder()
print(summarise(next(sample_folder().glob("000_*.txt")), bullets=2))
with Newsbot(read_settings(data="archive")) as newsbot:
    newsbot.ingest(sample_folder())
    briefing = newsbot.brief()
    assert len(briefing.stories) > 1
    print(briefing)
"""


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_wheel_summarises_and_briefs_from_another_folder(tmp_path: Path) -> None:
    place = tmp_path / "installed"
    pip = [sys.executable, "-m", "pip", "--quiet"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", str(tmp_path), str(ROOT)], check=True)
    (wheel,) = tmp_path.glob("newsbot-*.whl")
    subprocess.run([*pip, "install", "--no-deps", "-t", str(place), str(wheel)], check=True)
    assert all((place / name / "py.typed").is_file() for name in ("bot", "prompts", "vectorstore"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(place=str(place))],
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(place)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "Kim Jong Un" in run.stdout
