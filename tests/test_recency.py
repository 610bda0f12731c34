"""Where sources differ in time: the newer first, the older named, and the dates said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import (
    Article,
    ArticleDetails,
    Citation,
    Claim,
    Conflict,
    ConflictKind,
    Newsbot,
    Origin,
    Precision,
    Turn,
    Verdict,
    read_settings,
)
from bot.recency import prefer_newer
from bot.rendering.phrases import describe_dates

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
FIRST = ArticleDetails(id="first", outlet="Harbour Post", published=MONDAY, precision=Precision.DAY)
LATER = ArticleDetails(
    id="later",
    outlet="Coast Courier",
    published=MONDAY + timedelta(days=2),
    precision=Precision.DAY,
)
OLD = Citation("first", 1, 0, 40, "The collision injured 12 people on board.")
NEW = Citation("later", 1, 0, 40, "The collision injured 14 people on board.")
CONFLICT = Conflict(kind=ConflictKind.NUMBER, first=OLD, second=NEW, reason="12 or 14")
BOTH = (FIRST, LATER)


def claim(citation: Citation) -> Claim:
    return Claim(text=citation.quote, citations=(citation,), verdict=Verdict.SUPPORTED)


def test_the_newer_goes_first_and_the_older_is_named() -> None:
    other = claim(Citation("first", 1, 50, 60, "The fog was thick."))
    claims, notices = prefer_newer([other, claim(OLD), claim(NEW)], [CONFLICT], BOTH)
    assert claims == (other, claim(NEW), claim(OLD))
    assert notices == (
        "Sources differ, and the newer one goes first (Coast Courier, 18 November 2026). Older, "
        "Harbour Post, 16 November 2026: “The collision injured 12 people on board.”",
    )


def test_the_newer_is_added_where_it_was_not_chosen() -> None:
    claims, notices = prefer_newer([claim(OLD)], [CONFLICT], BOTH)
    assert [one.citations for one in claims] == [(NEW,), (OLD,)]
    assert claims[0].origin is Origin.VERBATIM
    assert len(notices) == 1


def test_what_is_in_order_already_stays_so() -> None:
    claims, notices = prefer_newer([claim(NEW), claim(OLD)], [CONFLICT], BOTH)
    assert claims == (claim(NEW), claim(OLD))
    assert len(notices) == 1


@pytest.mark.parametrize(
    ("claims", "articles"),
    [
        ((NEW,), BOTH),  # the older is not claimed
        ((OLD, NEW), (FIRST, ArticleDetails(id="later"))),  # undated
        ((OLD, NEW), (FIRST, ArticleDetails(id="later", published=MONDAY))),  # of one day
        ((OLD, NEW), (FIRST,)),
    ],
)
def test_what_time_does_not_explain_is_left_as_it_is(
    claims: tuple[Citation, ...], articles: tuple[ArticleDetails, ...]
) -> None:
    given = tuple(claim(one) for one in claims)
    assert prefer_newer(given, [CONFLICT], articles) == (given, ())


def test_a_conflict_is_told_once_however_it_is_listed() -> None:
    turned = Conflict(kind=ConflictKind.NUMBER, first=NEW, second=OLD, reason="14 or 12")
    claims, notices = prefer_newer([claim(OLD), claim(NEW)], [CONFLICT, turned], BOTH)
    assert claims == (claim(NEW), claim(OLD))
    assert len(notices) == 1


@pytest.mark.parametrize(
    ("cited", "articles", "said"),
    [
        ((OLD,), BOTH, "16 November 2026"),
        ((NEW, OLD), BOTH, "16 November 2026 to 18 November 2026"),
        ((NEW, OLD), (FIRST, ArticleDetails(id="later")), "16 November 2026, and undated ones"),
        ((NEW,), (ArticleDetails(id="later"),), ""),
    ],
)
def test_the_dates_of_what_is_relied_on_are_said(
    cited: tuple[Citation, ...], articles: tuple[ArticleDetails, ...], said: str
) -> None:
    assert describe_dates([claim(one) for one in cited], articles) == said


def test_an_answer_gives_the_newer_figure_and_names_the_older(tmp_path: Path) -> None:
    text = "The ferry Aurora struck the harbour wall. The collision injured {} people on Monday."
    with Newsbot(read_settings(data=tmp_path, timezone="UTC")) as newsbot:
        for details, number in ((FIRST, 12), (LATER, 14)):
            newsbot.ingest(
                Article(
                    id=details.id,
                    title="Ferry strikes wall",
                    outlet=details.outlet,
                    published=details.published,
                    precision=details.precision,
                    text=text.format(number),
                )
            )
        answer = newsbot.ask("How many people did the collision of the ferry injure?")
        assert "14 people" in answer.claims[0].text
        assert any("Harbour Post, 16 November 2026" in notice for notice in answer.notices)
        assert "from articles of 16 November 2026 to 18 November 2026" in str(answer)


def test_a_follow_up_keeps_the_period_through_a_chain(tmp_path: Path) -> None:
    with Newsbot(read_settings(data=tmp_path, timezone="UTC")) as newsbot:
        history = [Turn("What did Kim Jong Un do in 2023?", "He travelled."), Turn("Why?", "")]
        followed = newsbot.ask("And when did he leave?", history).search
        assert followed.filters.period.words == "in 2023"
        fresh = newsbot.ask("Who leads the European Central Bank now?", history).search
        assert not fresh.filters.period
