"""One writer for another: two scripted servers, and the extractive writer behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.entities import ArticleDetails, Passage
from bot.errors import (
    ModelError,
    ModelKeyError,
    ModelOutputError,
    ModelOverloadedError,
    ModelUnreachableError,
)
from bot.settings import Settings
from bot.writing import Writers
from bot.writing.accounts import Account
from bot.writing.budgets import UNLIMITED, Budget
from bot.writing.chat import ChatWriter
from bot.writing.drafts import Draft, Purpose, Task, Turn, Writer
from bot.writing.extractive import ExtractiveWriter
from bot.writing.fallback import FallbackWriter
from bot.writing.models import describe, find_chat_model
from tests.chat_server import ChatServer
from tests.tiny_embeddings import TinyEmbeddings

TEXT = "Kim Jong Un arrived in Vladivostok on Tuesday. Vladimir Putin received him a day later."
PASSAGE = Passage(
    number=1, article=ArticleDetails(id="kim", title="Kim"), start=0, end=len(TEXT), text=TEXT
)
TASK = Task(purpose=Purpose.SUMMARY, passages=(PASSAGE,), bullets=1)
REPLY = "- Kim Jong Un arrived in Vladivostok. [1]"


@pytest.fixture
def spare() -> Iterator[ChatServer]:
    with ChatServer() as server:
        server.reply(REPLY)
        yield server


def chat_writer(server: ChatServer, account: Account, model: str) -> ChatWriter:
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        model=model,
        openai_base_url=server.url,
        retries=0,
        timeout=0.5,
    )
    return ChatWriter(find_chat_model(settings), account)


def extractive() -> ExtractiveWriter:
    return ExtractiveWriter(TinyEmbeddings().embed)


def writers(
    server: ChatServer, spare: ChatServer | str | None = "extractive", budget: Budget = UNLIMITED
) -> FallbackWriter:
    account = Account(budget=budget)
    first = chat_writer(server, account, "gpt-4o")
    second: Writer | None = None
    if isinstance(spare, ChatServer):
        second = chat_writer(spare, account, "gpt-4o-mini")
    elif spare:
        second = extractive()
    return FallbackWriter(first, second, extractive(), account)


def write(writer: FallbackWriter, task: Task = TASK) -> tuple[list[str], str, tuple[str, ...]]:
    writing = writer.write(task)
    texts = [piece.text for piece in writing if isinstance(piece, Draft)]
    return texts, writing.writer, writing.notices


def test_the_first_writes_as_long_as_it_delivers(server: ChatServer, spare: ChatServer) -> None:
    server.reply(REPLY)
    texts, writer, notices = write(writers(server, spare))
    assert texts == ["Kim Jong Un arrived in Vladivostok."]
    assert (writer, notices) == ("gpt-4o", ())
    assert not spare.requests


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (lambda s: s.fail(401), "refused the key"),
        (lambda s: s.fail(429), "Too many requests"),
        (lambda s: s.fail(500), "failing"),
        (lambda s: s.hang(), "did not answer in time"),
        (lambda s: s.garble(), "malformed"),
        (lambda s: s.omit_choices(), "malformed"),
        (lambda s: s.censor(), "declined"),
        (lambda s: s.reply("I'm sorry, but I can't help with that."), "declined"),
        (lambda s: s.fail(400, "too long", code="context_length_exceeded"), "longer than"),
        (lambda s: s.cut("- Kim"), "broke off"),
    ],
)
@pytest.mark.parametrize("second", ["a model", "extractive"])
def test_the_second_takes_over_and_it_is_told(
    server: ChatServer, spare: ChatServer, script: Any, words: str, second: str
) -> None:
    script(server)
    taking_over = spare if second == "a model" else "extractive"
    texts, writer, notices = write(writers(server, taking_over))
    name = "gpt-4o-mini" if second == "a model" else "extractive"
    assert len(texts) == 1
    assert writer == name
    (notice,) = notices
    assert notice.startswith(f"Written by {name}, not by gpt-4o: ")
    assert words in notice


def test_a_server_that_is_not_there_is_replaced(spare: ChatServer) -> None:
    with ChatServer() as gone:
        pass
    assert write(writers(gone, spare))[1] == "gpt-4o-mini"
    with pytest.raises(ModelUnreachableError):
        write(writers(gone, None))


def test_what_was_completed_stays_and_nobody_takes_over(
    server: ChatServer, spare: ChatServer
) -> None:
    server.cut("- Kim arrived on Tuesday. [1]\n- Putin is said to ha")
    writing = writers(server, spare).write(replace(TASK, bullets=3))
    pieces: list[str | Draft] = []
    with pytest.raises(ModelOutputError):
        pieces.extend(writing)
    assert Draft(text="Kim arrived on Tuesday.", passages=(1,)) in pieces
    assert not spare.requests


def test_without_a_second_the_failure_is_told(server: ChatServer) -> None:
    server.fail(401)
    with pytest.raises(ModelKeyError):
        write(writers(server, None))


def test_when_both_fail_the_second_failure_is_told(server: ChatServer) -> None:
    server.fail(401)
    with ChatServer() as failing:
        failing.fail(500)
        with pytest.raises(ModelOverloadedError, match="gpt-4o-mini"):
            write(writers(server, failing))


def test_a_model_that_is_not_there_is_not_asked_again_in_the_run(
    server: ChatServer, spare: ChatServer
) -> None:
    server.fail(500)
    writer = writers(server, spare)
    for _ in range(3):
        assert write(writer)[1] == "gpt-4o-mini"
    assert len(server.requests) == 1
    assert len(spare.requests) == 3


def test_a_model_that_stumbled_over_one_text_is_asked_again(
    server: ChatServer, spare: ChatServer
) -> None:
    server.censor()
    server.reply(REPLY)
    writer = writers(server, spare)
    assert [write(writer)[1] for _ in range(2)] == ["gpt-4o-mini", "gpt-4o"]


def test_a_follow_up_is_understood_by_the_second(server: ChatServer) -> None:
    server.fail(500)
    history = [Turn("Who arrived?", "Kim Jong Un arrived.")]
    alone = writers(server).standalone("When did he arrive?", history)
    assert alone == "When did Kim Jong Un arrive?"
    server.forget()
    server.fail(500)
    with pytest.raises(ModelError):
        writers(server, None).standalone("When did he arrive?", history)


def test_past_the_budget_the_extractive_writer_takes_over(server: ChatServer) -> None:
    budget = Budget("one answer", "ANSWER", tokens=100)
    texts, writer, notices = write(writers(server, None, budget))
    assert texts == ["Kim Jong Un arrived in Vladivostok on Tuesday."]
    assert writer == "extractive"
    assert notices == (
        "Written by extractive, not by gpt-4o: The budget of one answer, 100 tokens "
        "(NEWSBOT_ANSWER_TOKENS), is spent.",
    )
    assert not server.requests


def test_a_budget_covers_the_whole_of_a_text_or_none_of_it(server: ChatServer) -> None:
    """A long article is not read in part, only to find that no budget is left for the rest."""
    text = " ".join(f"Event {n} took place in town {n} on Monday." for n in range(300))
    long = replace(TASK, passages=(replace(PASSAGE, text=text, end=len(text)),))
    account = Account(budget=Budget("one answer", "ANSWER", tokens=3_000))
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        model="gpt-4o",
        openai_base_url=server.url,
        context_tokens=1_200,
    )
    first = ChatWriter(find_chat_model(settings), account)
    writer = FallbackWriter(first, None, extractive(), account)
    assert writer.estimate(long).calls > 3
    assert write(writer, long)[1] == "extractive"
    assert not server.requests


def test_an_estimate_is_near_what_it_takes(server: ChatServer) -> None:
    from bot.writing.tokens import count

    server.reply(REPLY)
    writer = writers(server)
    estimate = writer.estimate(TASK)
    write(writer)
    asked = count(server.requests[0].prompt, "gpt-4o")
    assert estimate.calls == 1
    assert asked <= estimate.input_tokens <= 1.2 * asked
    assert 10 < estimate.output_tokens < 100


def test_the_settings_choose_who_takes_over(server: ChatServer) -> None:
    given: dict[str, Any] = {"_env_file": None, "openai_base_url": server.url, "retries": 0}
    server.fail(500)
    for fallback, name in (("extractive", "extractive"), ("gpt-4o-mini", None), (None, None)):
        settings = Settings(**given, model="gpt-4o", fallback_model=fallback)
        writing = Writers(settings, TinyEmbeddings().embed).open().write(TASK)
        if name:
            list(writing)
            assert writing.writer == name  # type: ignore[attr-defined]
        else:
            with pytest.raises(ModelOverloadedError, match=fallback or "gpt-4o"):
                list(writing)


def test_where_passages_go_when_it_fails_is_said_at_the_start() -> None:
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        model="anthropic:claude-haiku",
        fallback_model="gpt-4o-mini",
    )
    assert describe(settings) == (
        "passages go to anthropic, model claude-haiku; where it fails: passages go to "
        "api.openai.com, model gpt-4o-mini"
    )
