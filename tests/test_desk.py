"""Briefings by a chat model: several stories at once, within a budget, whatever the model does."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import Article, Briefing, Newsbot, Use
from bot.entities import Progress
from bot.errors import (
    InterruptedWorkError,
    ModelKeyError,
    ModelOverloadedError,
    SettingsError,
)
from bot.rendering.phrases import describe_estimate
from bot.settings import Settings
from tests.chat_server import ChatRequest, ChatServer

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
STORIES = {
    "ferry": "The ferry Aurora struck the harbour wall at Port Ellery in thick fog. Fourteen "
    "passengers were injured in the collision, the harbour authority said.",
    "tram": "The city council of Valley approved a new tram line to the university hospital. "
    "Construction of the tram line will cost 80 million euros and begin in March.",
    "bank": "The central bank of Norland raised its interest rate to five percent. Inflation in "
    "Norland has slowed for three months, the central bank governor said.",
    "comet": "Astronomers at the Hale observatory discovered a comet with two tails. The comet "
    "will pass the orbit of Mars in February, the astronomers said.",
}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsbot]:
    """A Newsbot that keeps four stories of two articles each, and the models that all share."""
    settings = Settings(_env_file=None, data=tmp_path_factory.mktemp("data"))  # type: ignore[call-arg]
    with Newsbot(settings, clock=lambda: NOW) as newsbot:
        for name, text in STORIES.items():
            newsbot.ingest(Article(id=name, title=f"News of the {name}", text=text, outlet=name))
        newsbot.brief()
        yield newsbot


Open = Callable[..., Newsbot]


@pytest.fixture
def open_newsbot(first: Newsbot, server: ChatServer) -> Iterator[Open]:
    opened: list[Newsbot] = []

    def open_it(**given: Any) -> Newsbot:
        given = {"model": "gpt-4o", "retries": 0, "timeout": 2.0, "reply_cache": False} | given
        settings = Settings(
            _env_file=None,  # type: ignore[call-arg]
            data=first.settings.data,
            timezone="UTC",
            openai_base_url=server.url,
            **given,
        )
        newsbot = Newsbot(settings, clock=lambda: NOW)
        _share(first, newsbot)
        opened.append(newsbot)
        return newsbot

    yield open_it
    for newsbot in opened:
        newsbot.close()


def _share(newsbot: Newsbot, other: Newsbot) -> None:
    """The loaded models of one Newsbot are the other's too, so that a test takes no seconds."""
    parts = {name: getattr(newsbot._equipment, name) for name in ("english", "checker", "embed")}
    vars(other._equipment).update(parts)


def first_sentence(request: ChatRequest) -> str:
    """A model that copies the first sentence of the first article."""
    text = re.search(r"--- \[1\][^\n]*\n(.*?\.) ", request.messages[1], re.DOTALL)
    assert text
    return f"- {text[1]} [1]"


def uses(briefing: Briefing) -> dict[str, Use]:
    return {entry.article: entry.use for entry in briefing.coverage}


def test_stories_written_at_once_keep_their_order(server: ChatServer, open_newsbot: Open) -> None:
    slow = iter([0.3, 0.2, 0.1, 0.0])
    running: list[int] = []

    def reply(request: ChatRequest) -> str:
        running.append(len(running))
        time.sleep(next(slow))
        return first_sentence(request)

    server.reply(reply)
    alone = [story.headline for story in open_newsbot(model="extractive").brief().stories]
    briefing = open_newsbot(parallel=4).brief()
    assert [story.headline for story in briefing.stories] == alone
    for story in briefing.stories:
        assert story.claims[0].citations[0].article in story.articles
    assert briefing.writer == "gpt-4o"
    assert briefing.notices == ()
    assert set(uses(briefing).values()) == {Use.USED}


def test_no_more_are_asked_for_at_once_than_is_set(server: ChatServer, open_newsbot: Open) -> None:
    active, most = 0, 0

    def reply(request: ChatRequest) -> str:
        nonlocal active, most
        active += 1
        most = max(most, active)
        time.sleep(0.1)
        active -= 1
        return first_sentence(request)

    server.reply(reply)
    assert len(open_newsbot(parallel=2).brief().stories) == 4
    assert most <= 2


def test_past_the_budget_stories_are_extractive_and_it_is_told(
    server: ChatServer, open_newsbot: Open
) -> None:
    server.reply(first_sentence)
    briefing = open_newsbot(briefing_tokens=1_000, parallel=1).brief()
    assert len(briefing.stories) == 4
    assert briefing.writer == "gpt-4o, extractive"
    (notice,) = briefing.notices
    numbers, _, told = notice.partition(": ")
    assert told == (
        "Written by extractive, not by gpt-4o: The budget of one briefing, 1,000 tokens "
        "(NEWSBOT_BRIEFING_TOKENS), is spent."
    )
    written = len(server.requests)
    assert 0 < written < 4
    assert numbers.endswith("4")
    assert str(written) not in re.findall(r"\d", numbers)
    assert set(uses(briefing).values()) == {Use.USED}


def test_a_budget_of_nothing_still_gives_a_briefing(server: ChatServer, open_newsbot: Open) -> None:
    briefing = open_newsbot(day_tokens=0).brief()
    assert len(briefing.stories) == 4
    assert briefing.writer == "extractive"
    assert "today, 0 tokens (NEWSBOT_DAY_TOKENS)" in briefing.notices[0]
    assert not server.requests


def test_a_budget_of_money_needs_a_price_before_anything_is_sent(
    server: ChatServer, open_newsbot: Open
) -> None:
    with pytest.raises(SettingsError, match="gpt-4o has no price"):
        open_newsbot(briefing_cost=1).brief()
    assert not server.requests


def test_a_story_that_fails_costs_only_itself_and_is_told(
    server: ChatServer, open_newsbot: Open
) -> None:
    server.censor()
    server.reply(first_sentence)
    briefing = open_newsbot(parallel=1).brief()
    assert len(briefing.stories) == 3
    assert list(uses(briefing).values()).count(Use.FAILED) == 1
    (notice,) = briefing.notices
    assert notice.startswith("1 story could not be written. gpt-4o at 127.0.0.1")


def test_a_model_that_fails_in_the_middle_leaves_what_was_written_and_it_is_told(
    server: ChatServer, open_newsbot: Open
) -> None:
    server.reply(first_sentence)
    server.reply(first_sentence)
    server.fail(500)
    briefing = open_newsbot(parallel=1).brief()
    assert len(briefing.stories) == 2
    assert len(server.requests) == 3  # the fourth is not asked for
    assert list(uses(briefing).values()).count(Use.FAILED) == 2
    assert briefing.notices[0].startswith("2 stories could not be written. gpt-4o")


def test_when_nothing_could_be_written_the_failure_is_told(
    server: ChatServer, open_newsbot: Open
) -> None:
    server.fail(401)
    with pytest.raises(ModelKeyError):
        open_newsbot(parallel=1).brief()
    assert len(server.requests) == 1
    server.forget()
    server.fail(503)
    with pytest.raises(ModelOverloadedError):
        open_newsbot(parallel=4).brief()


def test_a_second_writer_takes_the_whole_briefing_over(
    server: ChatServer, open_newsbot: Open
) -> None:
    server.fail(503)
    briefing = open_newsbot(parallel=1, fallback_model="extractive").brief()
    assert len(briefing.stories) == 4
    assert briefing.writer == "extractive"
    (notice,) = briefing.notices
    assert notice.startswith("Written by extractive, not by gpt-4o: ")
    assert "failing (503)" in notice


def test_a_briefing_that_is_stopped_asks_for_nothing_more(
    server: ChatServer, open_newsbot: Open
) -> None:
    top = open_newsbot(model="extractive").brief().stories[0].articles[0]

    def reply(request: ChatRequest) -> str:
        if STORIES[top] not in request.prompt:
            time.sleep(1.0)  # all but the top story are still being written when it is stopped
        return first_sentence(request)

    server.reply(reply)

    def stop(progress: Progress) -> None:
        if progress.stage == "writing" and progress.done:
            raise InterruptedWorkError("The work was stopped.")

    with pytest.raises(InterruptedWorkError):
        open_newsbot(parallel=2).brief(progress=stop)
    asked = len(server.requests)
    time.sleep(0.2)
    assert len(server.requests) == asked < 4


def test_what_it_will_take_is_said_before_and_near_what_it_takes(
    server: ChatServer, open_newsbot: Open
) -> None:
    server.reply(first_sentence)
    newsbot = open_newsbot(prices="gpt-4o=2/8")
    estimate = newsbot.estimate()
    assert not server.requests
    heard: list[Progress] = []
    newsbot.brief(progress=heard.append)
    assert estimate.calls == len(server.requests) == 4
    said = next(one.note for one in heard if one.stage == "estimating")
    assert re.fullmatch(r"about 4 calls and [\d,]+ tokens, costing 0\.0\d+", said)
    from bot.writing.tokens import count

    asked = sum(count(request.prompt, "gpt-4o") for request in server.requests)
    assert asked <= estimate.input_tokens <= 1.2 * asked
    assert open_newsbot(model="extractive").estimate().calls == 0


def test_what_the_judge_will_take_is_said_too(server: ChatServer, open_newsbot: Open) -> None:
    def reply(request: ChatRequest) -> str:
        if "Answer Yes or No" in request.prompt:
            return "Yes"
        return first_sentence(request).replace("- ", "- In short: ", 1)

    server.reply(reply)
    newsbot = open_newsbot(judge_model="gpt-4.1", prices="gpt-4o=2/8,gpt-4.1=1/1")
    del vars(newsbot._equipment)["checker"]
    estimate = newsbot.estimate(bullets=1)
    assert not server.requests
    newsbot.brief(bullets=1)
    judged = [one for one in server.requests if one.body["model"] == "gpt-4.1"]
    assert estimate.judged == len(judged) == 4
    assert estimate.calls == len(server.requests) == 8
    assert "8 calls (4 of them to the judge)" in describe_estimate(estimate)
    from bot.writing.tokens import count

    asked = sum(count(one.prompt, one.body["model"]) for one in server.requests)
    assert asked <= estimate.input_tokens <= 1.7 * asked  # its sentences are short
    assert open_newsbot(model="extractive", judge_model="gpt-4.1").estimate().calls == 0


def test_usage_adds_up_what_was_called(server: ChatServer, open_newsbot: Open) -> None:
    server.reply(first_sentence)
    newsbot = open_newsbot(model="gpt-4o-mini", prices="gpt-4o-mini=1/1")
    newsbot.brief()
    story = next(one for one in newsbot.usage() if one.model == "gpt-4o-mini")
    assert (story.day, story.purpose, story.calls) == (NOW.date(), "story", 4)
    assert story.cost == pytest.approx((story.input_tokens + story.output_tokens) / 1e6)
    assert newsbot.usage(since="2026-11-25") == ()


def test_a_summary_opens_no_archive(server: ChatServer, open_newsbot: Open, tmp_path: Path) -> None:
    server.reply(first_sentence)
    newsbot = open_newsbot()
    elsewhere = Newsbot(newsbot.settings.model_copy(update={"data": tmp_path / "none"}))
    _share(newsbot, elsewhere)
    assert elsewhere.summarise(STORIES["ferry"]).writer == "gpt-4o"
    assert elsewhere.usage() == ()
    assert not (tmp_path / "none").exists()
