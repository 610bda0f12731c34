from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from bot.entities import Article, Conflict, ConflictKind
from bot.grounding.conflicts import find_conflicts
from bot.grounding.language import Language
from vectorstore.embeddings import OnnxEmbeddings

REST = (
    " The weather was mild for the season. Shops in the old town stayed open until the evening."
    " A band played on the square."
)


@cache
def language() -> Language:
    return Language(OnnxEmbeddings())


def conflicts(*texts: str) -> tuple[Conflict, ...]:
    articles = [Article(id=f"a{number}", text=text) for number, text in enumerate(texts)]
    return find_conflicts(articles, language())


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (
            "The fire in the warehouse injured 14 workers on Monday.",
            "Officials said the warehouse fire on Monday injured 41 workers.",
            ConflictKind.NUMBER,
        ),
        (
            "The court in Lyon acquitted the former banker of fraud.",
            "The former banker was convicted of fraud by the court in Lyon.",
            ConflictKind.OTHER,
        ),
        (
            "Anna Berg was elected chair of the museum's board of trustees.",
            "Carla Stein was elected chair of the museum's board of trustees on Friday.",
            ConflictKind.ROLE,
        ),
        (
            "The minister resigned over the tunnel contract.",
            "The minister did not resign over the tunnel contract, her office said.",
            ConflictKind.NEGATION,
        ),
        (
            "The new bridge over the river was opened in May by the mayor.",
            "The new bridge over the river was opened in September by the mayor.",
            ConflictKind.DATE,
        ),
    ],
)
def test_a_slot_that_is_filled_otherwise_is_a_conflict(
    one: str, other: str, kind: ConflictKind
) -> None:
    (found,) = conflicts(one + REST + " " + other)
    assert found.kind is kind
    assert (found.first.quote, found.second.quote) == (one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "The fire in the warehouse injured 14 workers on Monday.",
            "The warehouse fire on Monday injured 14 workers and killed two.",
        ),
        (
            "Police in Lyon arrested three men over the theft.",
            "Police in Lyon also arrested four men over another theft.",
        ),
        (
            "About 12,000 people came to the concert in the park.",
            "Some 12,100 people came to the concert in the park.",
        ),
        (
            "Prices rose by 3 percent in Spain last month.",
            "Prices fell by 2 percent in Portugal last month.",
        ),
        (
            "If the court convicts him, the banker loses his licence.",
            "If the court acquits him, the banker keeps his licence.",
        ),
        (
            "Some 3 million borrowers in the state will receive forgiveness of their loans.",
            "Another 40,000 borrowers in the state will receive forgiveness of their loans.",
        ),
        (
            "Jo Field/Getty Images Berg walks onto the court before her match on Monday.",
            "Ann Moor/AP Berg walks onto the court before her match on Friday.",
        ),
        (
            "Couples who did receive a grant as students will have up to $20,000 forgiven.",
            "Couples who did not receive a grant as students will have up to $10,000 forgiven.",
        ),
        (
            "Officials planned to open the port of entry at the river again.",
            "Officials closed the port of entry at the river last week.",
        ),
    ],
)
def test_what_agrees_adds_or_supposes_is_none(one: str, other: str) -> None:
    assert conflicts(one + REST + " " + other) == ()


def test_the_seed_s_contradiction_is_found(seeds: Path) -> None:
    text = next(seeds.glob("000_*.txt")).read_text(encoding="utf-8")
    (found,) = conflicts(text)
    assert found.kind is ConflictKind.PLACE
    assert "This visit by Putin" in found.second.quote
    assert "in Russia" in found.first.quote


def test_a_visit_of_another_time_is_none() -> None:
    text = (
        "Kim Jong Un has met with Vladimir Putin at a space centre in Russia. Kim arrived in"
        " Russia by train. Putin visited North Korea in 2000, soon after he took office."
    )
    assert conflicts(text) == ()


def test_articles_on_one_event_conflict_and_those_of_other_weeks_do_not() -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    texts = (
        "The ferry accident near Split killed 14 passengers, the coast guard said.",
        "The ferry accident near Split killed 19 passengers, the coast guard said.",
    )

    def found(hours: int) -> tuple[Conflict, ...]:
        later = now + timedelta(hours=hours)
        articles = [
            Article(id="late", text=texts[1], published=later),
            Article(id="early", text=texts[0], published=now),
        ]
        return find_conflicts(articles, language())

    (conflict,) = found(6)
    assert (conflict.first.article, conflict.second.article) == ("early", "late")
    assert "14" in conflict.reason
    assert "19" in conflict.reason
    assert found(24) == ()  # by then more may have died
    assert found(30 * 24) == ()


def test_quotes_are_verbatim_and_other_languages_are_left_alone() -> None:
    text = "Die Brücke wurde im Mai eröffnet. Die Brücke wurde im Juni eröffnet."
    assert conflicts(text) == ()
    article = Article(id="a", text=f"The hall seats 300 people.{REST} The hall seats 500 people.")
    for found in find_conflicts([article], language()):
        for side in (found.first, found.second):
            assert article.text[side.start : side.end] == side.quote


def test_nothing_and_one_sentence_have_no_conflict() -> None:
    assert find_conflicts([], language()) == ()
    assert conflicts("One sentence stands here alone.") == ()
