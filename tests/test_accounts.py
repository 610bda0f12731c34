"""What calls are charged to: the ledger, budgets, and the cache of identical calls."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import Article
from bot.archive import Archive
from bot.archive.calls import calls
from bot.entities import Claim, Passage
from bot.errors import (
    BudgetExceededError,
    InterruptedWorkError,
    ModelOverloadedError,
    ModelRefusedError,
    SettingsError,
)
from bot.settings import Settings
from bot.writing.accounts import Account
from bot.writing.attempts import invoke_model
from bot.writing.books import open_books
from bot.writing.budgets import Budget, answer_budget
from bot.writing.chat import ChatWriter
from bot.writing.drafts import Draft, Purpose, Task, Turn
from bot.writing.models import find_chat_model
from tests.chat_server import ChatRequest, ChatServer
from tests.chat_writers import open_chat_writer

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
KIM = Article(id="kim", title="Kim", text="Kim Jong Un arrived in Vladivostok on Tuesday.")
PASSAGE = Passage(number=1, article=KIM.details, start=0, end=len(KIM.text), text=KIM.text)
TASK = Task(purpose=Purpose.ANSWER, passages=(PASSAGE,), question="Who arrived?", bullets=2)
REPLY = "Kim Jong Un arrived on Tuesday. [1]"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    archive = Archive(tmp_path / "newsbot.db", lambda text: [(0, len(text))])
    archive.put(KIM)
    yield archive
    archive.close()


Open = Callable[..., ChatWriter]


@pytest.fixture
def open_writer(server: ChatServer, archive: Archive) -> Open:
    def open_it(**given: Any) -> ChatWriter:
        given = {"retries": 0, "timeout": 1.0, "model": "gpt-4o"} | given
        settings = Settings(_env_file=None, openai_base_url=server.url, **given)  # type: ignore[call-arg]
        books = open_books(settings, lambda: archive.database, lambda: NOW)
        return open_chat_writer(settings, Account(books, answer_budget(settings)))

    return open_it


def rows(archive: Archive) -> list[dict[str, Any]]:
    with archive.database.read() as connection:
        found = connection.execute(calls.select().order_by(calls.c.id)).mappings()
        return [dict(row) for row in found]


def outcomes(archive: Archive) -> list[str]:
    return [row["outcome"] for row in rows(archive)]


def texts(writer: ChatWriter, task: Task = TASK) -> list[str]:
    return [piece.text for piece in writer.write(task) if isinstance(piece, Draft)]


# The ledger


def test_a_call_is_written_down_with_what_the_server_counted(
    server: ChatServer, archive: Archive, open_writer: Open
) -> None:
    server.reply(REPLY)
    assert texts(open_writer(prices="gpt-4o=2/8"))
    (row,) = rows(archive)
    read, written = len(server.requests[0].prompt.split()), len(REPLY.split())
    assert (row["input_tokens"], row["output_tokens"]) == (read, written)
    assert row["cost"] == pytest.approx((2 * read + 8 * written) / 1e6)
    assert (row["purpose"], row["model"], row["outcome"]) == ("answer", "gpt-4o", "done")
    assert row["counted"] == "server"
    assert row["at"].startswith("2026-11-24T12:00")
    assert len(row["prompt"]) == 32
    assert 0 < row["seconds"] < 1


def test_every_purpose_is_written_down(
    server: ChatServer, archive: Archive, open_writer: Open
) -> None:
    server.reply("When did Kim Jong Un arrive?")
    server.reply(REPLY)
    writer = open_writer()
    writer.standalone("When did he arrive?", [Turn("Who arrived?", "Kim Jong Un arrived.")])
    draft = Draft(text="Kim arrived on Monday.", passages=(1,))
    writer.rewrite(TASK, draft, Claim(text=draft.text, reasons=("wrong day",)))
    texts(writer, replace(TASK, purpose=Purpose.STORY))
    assert [row["purpose"] for row in rows(archive)] == ["standalone", "rewrite", "story"]


def test_usage_that_the_server_does_not_tell_is_counted_here(
    server: ChatServer, archive: Archive, open_writer: Open
) -> None:
    server.reply(REPLY, usage=False)
    texts(open_writer())
    (row,) = rows(archive)
    assert row["counted"] == "us"
    assert row["input_tokens"] > 200
    assert 5 < row["output_tokens"] < 20


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        (lambda s: s.fail(400), "ModelRefusedError"),
        (lambda s: s.fail(401), "ModelKeyError"),
        (lambda s: s.fail(429), "ModelOverloadedError"),
        (lambda s: s.fail(500), "ModelOverloadedError"),
        (lambda s: s.hang(), "ModelTimeoutError"),
        (lambda s: s.garble(), "ModelOutputError"),
    ],
)
def test_a_failure_is_written_down_and_takes_nothing(
    server: ChatServer,
    archive: Archive,
    open_writer: Open,
    script: Callable[[ChatServer], None],
    outcome: str,
) -> None:
    script(server)
    with pytest.raises(Exception, match=r"\.$"):
        texts(open_writer(timeout=0.3))
    (row,) = rows(archive)
    assert row["outcome"] == outcome
    assert row["input_tokens"] == row["output_tokens"] == 0


def test_a_cut_stream_is_written_down_with_what_came(
    server: ChatServer, archive: Archive, open_writer: Open
) -> None:
    server.cut("Kim arrived on Tuesday. [1]\nPutin is said to ha")
    with pytest.raises(Exception, match="broke off"):
        texts(open_writer())
    (row,) = rows(archive)
    assert row["outcome"] == "ModelOutputError"
    assert row["output_tokens"] > 10
    assert row["counted"] == "us"


def test_a_stopped_stream_is_written_down_as_stopped(
    server: ChatServer, archive: Archive, open_writer: Open
) -> None:
    server.reply("Kim arrived. [1]\n" * 99, pause=0.005)
    writing = open_writer().write(TASK)
    next(writing)
    writing.close()
    assert outcomes(archive) == ["stopped"]


def test_a_reply_of_which_enough_was_read_is_done(
    server: ChatServer, archive: Archive, open_writer: Open
) -> None:
    server.reply("Kim arrived. [1]\n" * 99, pause=0.005)
    assert len(texts(open_writer())) == 2
    assert outcomes(archive) == ["done"]


def test_the_same_prompt_has_the_same_hash_whatever_its_fence(
    server: ChatServer, archive: Archive, open_writer: Open
) -> None:
    server.reply(REPLY)
    for question in ("Who arrived?", "Who arrived?", "When?"):
        texts(open_writer(reply_cache=False), replace(TASK, question=question))
    first, second, third = (row["prompt"] for row in rows(archive))
    assert first == second != third
    assert len({request.prompt for request in server.requests}) == 3


def test_whole_replies_are_charged_too(server: ChatServer, archive: Archive) -> None:
    from langchain_core.messages import HumanMessage

    server.reply("Yes")
    settings = Settings(_env_file=None, model="gpt-4o", openai_base_url=server.url)  # type: ignore[call-arg]
    account = Account(open_books(settings, lambda: archive.database, lambda: NOW))
    reply = invoke_model(
        find_chat_model(settings), "judge", [HumanMessage("Is it so?")], account, max_tokens=1
    )
    assert reply.text == "Yes"
    assert [(row["purpose"], row["outcome"]) for row in rows(archive)] == [("judge", "done")]
    assert rows(archive)[0]["output_tokens"] == 1


# Identical calls


def test_an_identical_call_comes_from_the_cache(
    server: ChatServer, archive: Archive, open_writer: Open
) -> None:
    server.reply(REPLY)
    first = texts(open_writer())
    assert texts(open_writer()) == first == ["Kim Jong Un arrived on Tuesday."]
    assert len(server.requests) == 1
    assert outcomes(archive) == ["done", "cached"]
    assert rows(archive)[1]["input_tokens"] == 0


def test_the_cache_can_be_switched_off(server: ChatServer, open_writer: Open) -> None:
    server.reply(REPLY)
    for _ in range(2):
        texts(open_writer(reply_cache=False))
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "other", [{"model": "gpt-4o-mini"}, {"temperature": 0.7}, {"guided": True}]
)
def test_another_model_or_parameter_is_another_call(
    server: ChatServer, open_writer: Open, other: dict[str, Any]
) -> None:
    server.reply(REPLY)
    texts(open_writer())
    texts(open_writer(**other))
    assert len(server.requests) == 2


def test_what_was_not_a_whole_reply_is_not_cached(server: ChatServer, open_writer: Open) -> None:
    server.cut("Kim arrived on Tuesday. [1]\nPutin is")
    server.reply("Kim arrived. [1]\n" * 99, pause=0.005)
    server.reply(REPLY)
    with pytest.raises(Exception, match="broke off"):
        texts(open_writer())
    stopped = open_writer().write(TASK)
    next(stopped)
    stopped.close()
    assert texts(open_writer()) == ["Kim Jong Un arrived on Tuesday."]


def test_a_removed_article_takes_its_replies_along(
    server: ChatServer, archive: Archive, open_writer: Open
) -> None:
    server.reply("Kim saw the quokka. [1]")
    texts(open_writer())
    archive.remove("kim")
    files = archive.database.path.parent.glob("newsbot.db*")
    assert not any(b"quokka" in file.read_bytes() for file in files)


def test_what_is_not_archived_is_not_cached(server: ChatServer, open_writer: Open) -> None:
    server.reply(REPLY)
    elsewhere = replace(PASSAGE, article=replace(PASSAGE.article, id="elsewhere"))
    for _ in range(2):
        texts(open_writer(), replace(TASK, passages=(elsewhere,)))
    assert len(server.requests) == 2


# Budgets


def test_a_call_that_the_budget_does_not_cover_is_not_made(
    server: ChatServer, archive: Archive, open_writer: Open
) -> None:
    with pytest.raises(BudgetExceededError, match=r"300 tokens \(NEWSBOT_ANSWER_TOKENS\)"):
        texts(open_writer(answer_tokens=300))
    assert not server.requests
    assert not rows(archive)


def test_the_reply_may_take_what_is_left_and_no_more(server: ChatServer, open_writer: Open) -> None:
    server.reply(REPLY)
    texts(open_writer(answer_tokens=1_000))
    asked = server.requests[0].body["max_tokens"]
    assert asked in (256, 512)


def test_without_a_budget_the_reply_has_no_limit(server: ChatServer, open_writer: Open) -> None:
    server.reply(REPLY)
    texts(open_writer())
    assert "max_tokens" not in server.requests[0].body


def test_a_run_spends_its_budget_once(server: ChatServer, open_writer: Open) -> None:
    server.reply(REPLY)
    writer = open_writer(answer_tokens=900, reply_cache=False)
    for _ in range(9):
        try:
            texts(writer)
        except BudgetExceededError:
            break
    assert 1 < len(server.requests) < 9
    spent = sum(len(one.prompt.split()) + len(REPLY.split()) for one in server.requests)
    assert spent <= 900


def test_money_is_a_budget_too(server: ChatServer, open_writer: Open) -> None:
    server.reply(REPLY)
    assert texts(open_writer(answer_cost=0.1, prices="gpt-4o=2/8"))
    with pytest.raises(BudgetExceededError, match=r"0\.001 \(NEWSBOT_ANSWER_COST\)"):
        texts(open_writer(answer_cost=0.001, prices="gpt-4o=2/8"), replace(TASK, question="When?"))


def test_money_needs_a_price(open_writer: Open) -> None:
    with pytest.raises(SettingsError, match="gpt-4o has no price; set NEWSBOT_PRICES=gpt-4o="):
        texts(open_writer(answer_cost=0.1))


def test_the_days_budget_counts_what_other_runs_spent(
    server: ChatServer, archive: Archive, open_writer: Open
) -> None:
    server.reply(REPLY)
    texts(open_writer(reply_cache=False))
    with archive.database.write() as connection:
        connection.execute(calls.update().values(input_tokens=9_900))
    with pytest.raises(BudgetExceededError, match=r"today, 10,000 tokens \(NEWSBOT_DAY_TOKENS\)"):
        texts(open_writer(day_tokens=10_000, reply_cache=False))
    with archive.database.write() as connection:
        connection.execute(calls.update().values(at="2026-11-23T23:59:00+00:00"))
    assert texts(open_writer(day_tokens=10_000, reply_cache=False))


def test_calls_at_once_cannot_overdraw_a_budget(server: ChatServer, open_writer: Open) -> None:
    server.reply(REPLY, pause=0.02)
    writer = open_writer(answer_tokens=1_500, reply_cache=False)
    refused: list[BudgetExceededError] = []

    def write() -> None:
        try:
            texts(writer)
        except BudgetExceededError as error:
            refused.append(error)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 0 < len(server.requests) <= 2
    assert len(refused) == 8 - len(server.requests)


def test_a_run_that_was_stopped_asks_for_nothing_more(
    server: ChatServer, open_writer: Open
) -> None:
    server.reply("Kim arrived. [1]\n" * 99, pause=0.005)
    writer = open_writer()
    writing = writer.write(replace(TASK, bullets=99))
    next(writing)
    writer.stop()
    with pytest.raises(InterruptedWorkError):
        list(writing)
    with pytest.raises(InterruptedWorkError):
        texts(writer)
    assert len(server.requests) == 1


# The pace


def test_who_asks_for_a_long_wait_is_not_waited_for(server: ChatServer, open_writer: Open) -> None:
    server.fail(429, retry_after=600)
    with pytest.raises(ModelOverloadedError, match="in 600 s"):
        texts(open_writer(retries=5))
    assert len(server.requests) == 1


def test_a_quota_that_is_used_up_is_not_waited_for(server: ChatServer, open_writer: Open) -> None:
    server.fail(429, "quota", code="insufficient_quota")
    with pytest.raises(ModelOverloadedError, match="used up"):
        texts(open_writer(retries=5))
    assert len(server.requests) == 1


def test_a_failure_without_a_time_is_tried_again_soon(
    server: ChatServer, open_writer: Open
) -> None:
    server.fail(503)
    server.reply(REPLY)
    assert texts(open_writer(retries=1))


def test_a_refusal_is_not_tried_again(server: ChatServer, open_writer: Open) -> None:
    server.fail(400, "blocked", code="content_filter")
    with pytest.raises(ModelRefusedError):
        texts(open_writer(retries=5))
    assert len(server.requests) == 1


def test_parts_that_are_told_to_slow_down_all_come_in_their_order(
    server: ChatServer, open_writer: Open
) -> None:
    def reply(request: ChatRequest) -> str:
        return f"- Event {request.messages[1].split('Event ')[1].split(' ')[0]} took place. [1]"

    for _ in range(2):
        server.fail(429, retry_after=0.05)
    server.reply(reply)
    text = " ".join(f"Event {n} took place in town {n} on Monday." for n in range(300))
    passage = replace(PASSAGE, text=text, end=len(text))
    task = Task(purpose=Purpose.SUMMARY, passages=(passage,), bullets=5)
    list(open_writer(context_tokens=1_200, parallel=6, retries=3).write(task))
    *parts, combined = server.requests
    notes = [int(part.split(" ")[0]) for part in combined.messages[1].split("Event ")[1:]]
    assert notes == sorted(notes)
    assert len(notes) == len(parts) - 2 > 4


def test_a_budget_without_limits_is_none() -> None:
    assert not Budget("one answer", "ANSWER")
    assert Budget("one answer", "ANSWER", tokens=0)
