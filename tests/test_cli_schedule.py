"""`newsbot schedule` as a user runs it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.__main__ import main

NOW = '[[briefing]]\nname = "now"\nsources = ["news"]\n'
FERRY = "The ferry Saint Brannoc hit the wall of Port Ellis on Sunday. Fourteen people were hurt."


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "ferry.txt").write_text(f"Ferry hits wall\n\n{FERRY}\n")
    (tmp_path / "briefings.toml").write_text(NOW)
    return tmp_path


class Program:
    """`newsbot` run in this process; gives what it printed, and fails on another exit code."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, data: Path, *words: str, code: int = 0) -> str:
        arguments = ["newsbot", "--data", str(data), "schedule", *words]
        self._monkeypatch.setattr(sys, "argv", arguments)
        ended: object = 0
        try:
            main()
        except SystemExit as end:
            ended = end.code or 0
        out, err = self._capsys.readouterr()
        assert ended == code, err
        assert "Traceback" not in err
        return out if code == 0 else out + err


@pytest.fixture
def newsbot(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    return Program(monkeypatch, capsys)


def test_an_edition_is_made_shown_compared_and_made_again(newsbot: Program, data: Path) -> None:
    edition = json.loads(newsbot(data, "run", "now", "--json"))
    assert edition["number"] == 1
    assert "Saint Brannoc" in edition["claims"][0]["text"]
    assert edition["claims"][0]["change"]["novelty"] == "new"
    (data / "news" / "storm.txt").write_text(
        "Storm in Brack\n\nA storm closed the airport of Brack."
    )
    time.sleep(1)  # without a schedule, each second is a slot
    shown = newsbot(data, "run", "now")
    assert "Brack" in shown
    assert "Brannoc" not in shown
    assert json.loads(newsbot(data, "show", "now/1", "--json")) == edition
    assert "+ A storm closed" in newsbot(data, "diff", "now/1", "now/2")
    assert json.loads(newsbot(data, "replay", "now", "--json"))["same"] is True
    assert newsbot(data, "history", "now").startswith("now/2")
    assert json.loads(newsbot(data, "list", "--json"))[0]["last"]["number"] == 2


INQUIRY = """
The ferry Saint Brannoc hit the harbour wall of Port Ellis on Sunday, injuring fourteen people.
The harbour authority said that the ferry carried 212 passengers from Brack when its engines failed.
The ferry company Northline said that the Saint Brannoc had passed an inspection in September.
Divers will examine the hull of the ferry on Tuesday, the harbour authority said.
The harbour wall was damaged over a length of nine metres, and two berths of the port are closed.
Northline cancelled all sailings of the ferry between Brack and Port Ellis until Thursday.
It is the second accident of a Northline ferry in Port Ellis within three years.
The coast guard has opened an inquiry into the collision of the ferry with the harbour wall.
Passengers of the ferry told the Gazette that there had been no warning before the collision.
""".strip().splitlines()


def test_a_revised_article_is_told_by_what_is_new_in_it(newsbot: Program, data: Path) -> None:
    """What stood in it before is as central to it as ever, and would take every bullet."""
    article = data / "news" / "ferry.txt"
    article.write_text("Ferry hits harbour wall\n\n" + " ".join(INQUIRY))
    newsbot(data, "run", "now")
    arrest = "Police arrested the captain of the Saint Brannoc on Monday after a blood test."
    counted = INQUIRY[0].replace("fourteen", "twenty-three")
    told_again = INQUIRY[1].replace("when its engines failed.", "when a fire broke out below deck.")
    revised = [counted, *INQUIRY[1:5], told_again, arrest, *INQUIRY[5:]]
    article.write_text("Captain of ferry arrested\n\n" + " ".join(revised))
    time.sleep(1)
    edition = json.loads(newsbot(data, "run", "now", "--json"))
    told = {one["text"]: one["change"]["novelty"] for one in edition["claims"]}
    assert told == {counted: "corrected", arrest: "new", told_again: "updated"}
    assert json.loads(newsbot(data, "replay", "now", "--json"))["same"] is True


def test_a_mistake_is_told_by_line_and_key(newsbot: Program, data: Path) -> None:
    (data / "briefings.toml").write_text(NOW + 'schedul = "every day 07:00"\n')
    told = newsbot(data, "check", code=1)
    assert "line 4, briefing.schedul: there is no key 'schedul'; did you mean 'schedule'?" in told
    found = newsbot(data, "check", "--json", code=1)
    assert json.loads(found)[0]["line"] == 4
    assert "briefing.schedul" in newsbot(data, "list", code=1)


def test_a_destination_with_a_mistake_is_told(newsbot: Program, data: Path) -> None:
    (data / "briefings.toml").write_text(NOW + '[[briefing.deliver]]\nto = "fils"\n')
    told = newsbot(data, "check", code=1)
    assert "line 5, briefing.deliver.to" in told
    assert "files" in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("run", "never"), "no standing briefing 'never'; there are: now"),
        (("show", "now/3"), "There is no edition of 'now' yet"),
        (("replay", "now"), "There is no edition of 'now' yet"),
        (("diff", "now/1", "now/2"), "There is no edition of 'now' yet"),
    ],
)
def test_what_is_not_there_is_told(
    newsbot: Program, data: Path, words: tuple[str, ...], told: str
) -> None:
    assert told in newsbot(data, *words, code=1)


def test_a_missing_file_is_told(newsbot: Program, tmp_path: Path) -> None:
    assert "seeds/briefings.toml is a sample" in newsbot(tmp_path, "list", code=1)


@pytest.mark.slow
@pytest.mark.timeout(300)  # a minute until it is due, then an edition on a machine that may be busy
def test_a_scheduler_makes_what_is_due_and_ends_when_it_is_told_to(
    newsbot: Program, data: Path
) -> None:
    (data / "briefings.toml").write_text(NOW + 'schedule = "* * * * * UTC"\n')
    command = [sys.executable, "-m", "bot", "--data", str(data), "schedule", "start"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    try:
        until = time.monotonic() + 240
        while "now/1" not in newsbot(data, "history", "now"):
            assert time.monotonic() < until
            time.sleep(1)
    finally:
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=30)
    assert process.returncode == 0
    assert b"The schedule has ended" in told
