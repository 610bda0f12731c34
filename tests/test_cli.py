"""The command line, run in this process as `newsbot` runs it, on real archives."""

from __future__ import annotations

import io
import json
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from tests.chat_server import ChatServer

KIM = "000_5ff9f7e693aef6ae.txt"


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


Newsbot = Callable[..., Run]


@pytest.fixture
def newsbot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Newsbot:
    """`newsbot(*arguments, stdin=b"")` on an archive of its own."""

    def run(*arguments: str | Path, stdin: bytes = b"") -> Run:
        argv = ["newsbot", "--data", str(tmp_path / "data"), *map(str, arguments)]
        monkeypatch.setattr(sys, "argv", argv)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        code: object = 0
        try:
            main()
        except SystemExit as end:
            code = end.code
        out, err = capsys.readouterr()
        return Run(code if isinstance(code, int) else int(code is not None), out, err)

    return run


@pytest.fixture
def seeded(copy_seeds: Callable[[], Path], tmp_path: Path) -> Path:
    """The data directory, which holds the seed articles already."""
    return copy_seeds().rename(tmp_path / "data")


def test_it_says_its_version(newsbot: Newsbot) -> None:
    run = newsbot("--version")
    assert (run.code, run.out) == (0, f"newsbot {version('newsbot')}\n")


def test_ingesting_tells_each_outcome_and_is_done(newsbot: Newsbot, seeds: Path) -> None:
    run = newsbot("ingest", seeds, "--json")
    assert run.code == 0
    outcomes = {one["outcome"] for one in run.document}
    assert {"added", "revised"} <= outcomes
    again = newsbot("ingest", seeds)
    assert again.code == 0
    assert not again.out
    assert "added" not in again.err.replace("unchanged", "")


def test_asking_answers_or_abstains_with_exit_code_0(newsbot: Newsbot, seeded: Path) -> None:
    answer = newsbot("ask", "Where did Kim Jong Un meet Vladimir Putin?", "--json")
    assert answer.code == 0
    assert answer.document["claims"][0]["citations"][0]["quote"]
    assert answer.document["claims"][0]["verdict"] == "supported"
    abstention = newsbot("ask", "How do I bake sourdough bread?", "--json")
    assert abstention.code == 0
    assert abstention.document["abstained"]
    assert abstention.document["reason"]
    assert "Vostochny" in newsbot("ask", "Where did Kim Jong Un meet Vladimir Putin?").out


def test_searching_prints_passages(newsbot: Newsbot, seeded: Path) -> None:
    run = newsbot("search", "ferry in the fog", "-n", "2", "--json")
    assert len(run.document) == 2
    assert "ferry" in newsbot("search", "ferry in the fog", "-n", "1").out.lower()


def test_briefing_prints_stories_and_coverage(newsbot: Newsbot, seeded: Path) -> None:
    run = newsbot("brief", "--since", "2026-11-01", "--json")
    assert run.code == 0
    assert run.document["claims"]
    assert {entry["use"] for entry in run.document["coverage"]} >= {"used", "outside the period"}
    assert "## Coverage" in newsbot("brief", "--stories", "1").out


def test_summarising_reads_files_and_standard_input(newsbot: Newsbot, seeds: Path) -> None:
    text = (seeds / KIM).read_bytes()
    from_file = newsbot("summarise", seeds / KIM, "-n", "2", "--json")
    from_input = newsbot("summarise", "-", "-n", "2", "--json", stdin=text)
    assert len(from_file.document["claims"]) == 2
    claims = [claim["text"] for claim in from_file.document["claims"]]
    assert claims == [claim["text"] for claim in from_input.document["claims"]]


def test_checking_fails_when_something_is_unsupported(
    newsbot: Newsbot, seeds: Path, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_text("Kim arrived in Russia via his private armored train.")
    bad.write_text("Kim arrived in Brazil via his private yacht with 300 dancers.")
    assert newsbot("check", good, seeds / KIM).code == 0
    run = newsbot("check", bad, seeds / KIM, "--json")
    assert run.code == 1
    assert 0 <= run.document["score"] < 1


def test_conflicts_fail_when_there_are_some(newsbot: Newsbot, seeds: Path, tmp_path: Path) -> None:
    run = newsbot("conflicts", seeds / KIM, "--json")
    assert run.code == 1
    assert run.document["conflicts"][0]["kind"]
    calm = tmp_path / "calm.txt"
    calm.write_text("The mayor opened a bridge.\n\nThe bridge cost 3 million euros to build.")
    assert newsbot("conflicts", calm).code == 0


def test_removing_and_rebuilding(newsbot: Newsbot, seeds: Path) -> None:
    newsbot("ingest", seeds / KIM)
    (passage,) = newsbot("search", "Kim", "-n", "1", "--json").document
    identity = passage["article"]["id"]
    assert newsbot("remove", identity).code == 0
    assert newsbot("search", "Kim", "--json").document == []
    again = newsbot("remove", identity)
    assert again.code == 1
    assert "was removed on" in again.err
    assert newsbot("rebuild").code == 0
    assert "--restore" in newsbot("ingest", seeds / KIM).err
    assert "added" in newsbot("ingest", seeds / KIM, "--restore").err


def test_status_and_doctor_report(newsbot: Newsbot, seeded: Path) -> None:
    facts = newsbot("status", "--json").document
    assert facts["articles"] == 9
    assert facts["pending"] == 0
    assert "extractive" in newsbot("status").out
    doctor = newsbot("doctor", "--json")
    assert doctor.code == 0
    assert all(finding["good"] for finding in doctor.document)


def test_check_asks_the_judge_of_the_settings(
    newsbot: Newsbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "article.txt").write_text("The council met.\n\nThe council closed the old bridge.")
    (tmp_path / "summary.txt").write_text("The old bridge was closed by the council.")
    both = (tmp_path / "summary.txt", tmp_path / "article.txt")
    assert newsbot("check", *both).code == 0
    with ChatServer() as server:
        server.judge(Yes=0.02, No=0.98)
        monkeypatch.setenv("NEWSBOT_JUDGE_MODEL", "scripted")
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        run = newsbot("check", *both, "--json")
        assert "judge: claims and passages go to 127.0.0.1" in run.err
        assert "the judge does not find all of it" in run.document["claims"][0]["reasons"][0]
        assert "model scripted" in newsbot("status", "--json").document["judge"]
        doctor = newsbot("doctor", "--json").document
        (judge,) = [finding for finding in doctor if finding["subject"] == "judge"]
        assert judge["good"]
        assert "model scripted" in judge["state"]


# What goes wrong is one line and exit code 1; wrong usage is 2


def failed(run: Run, *words: str) -> bool:
    lines = run.err.strip().splitlines()
    return run.code == 1 and not run.out and all(word in lines[-1] for word in words)


def test_a_missing_file_is_told(newsbot: Newsbot) -> None:
    assert failed(newsbot("summarise", "nowhere.txt"), "nowhere.txt", "does not exist")
    run = newsbot("ingest", "nowhere.txt")
    assert run.code == 1
    assert "nowhere.txt does not exist" in run.err


def test_one_bad_file_never_costs_the_others(newsbot: Newsbot, seeds: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "good.txt").write_bytes((seeds / KIM).read_bytes())
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "lines.jsonl").write_text('{"text": "The dam held through the night."}\n{broken\n')
    (folder / "picture.png").write_bytes(b"\x89PNG")
    run = newsbot("ingest", folder)
    assert run.code == 1
    assert newsbot("status", "--json").document["articles"] == 2
    assert "2 added" in run.err
    assert "lines.jsonl:2" in run.err


def test_wrong_usage_is_exit_code_2(newsbot: Newsbot) -> None:
    assert newsbot("ask").code == 2
    assert newsbot("summarise", "x.txt", "--bullets", "0").code == 2
    assert newsbot("dance").code == 2


def test_a_time_that_is_none_is_told(newsbot: Newsbot) -> None:
    assert failed(newsbot("brief", "--since", "soon"), "'soon'", "7d")


def test_an_unknown_article_is_told(newsbot: Newsbot) -> None:
    assert failed(newsbot("remove", "nothing"), "nothing")


def test_a_damaged_database_is_told_and_left_alone(newsbot: Newsbot, tmp_path: Path) -> None:
    database = tmp_path / "data" / "newsbot.db"
    database.parent.mkdir()
    database.write_bytes(b"this is no database at all " * 500)
    assert failed(newsbot("status"), "newsbot.db")
    assert database.read_bytes().startswith(b"this is no database")


def test_a_damaged_index_is_told_and_rebuilt(newsbot: Newsbot, seeded: Path) -> None:
    (seeded / "chroma" / "chroma.sqlite3").write_bytes(b"garbage" * 1000)
    assert failed(newsbot("ask", "Where did Kim meet Putin?"), "newsbot rebuild")
    assert newsbot("rebuild").code == 0
    assert newsbot("ask", "Where did Kim Jong Un meet Putin?", "--json").document["claims"]


def test_a_missing_key_is_told(newsbot: Newsbot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSBOT_MODEL", "gpt-5.4-mini")
    assert failed(newsbot("ask", "What happened?"), "OPENAI_API_KEY")


def test_an_unreachable_model_is_told(
    newsbot: Newsbot, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsbot("ingest", seeds / KIM)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{port}/v1")
    monkeypatch.setenv("NEWSBOT_MODEL", "some-model")
    monkeypatch.setenv("NEWSBOT_RETRIES", "0")
    run = newsbot("ask", "Where did Kim Jong Un meet Vladimir Putin?")
    assert failed(run, "some-model", f"127.0.0.1:{port}")


def test_a_port_in_use_is_told(newsbot: Newsbot) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert failed(newsbot("serve", "--port", str(port)), str(port), "--port")
