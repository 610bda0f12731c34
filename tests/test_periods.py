from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.errors import SettingsError
from bot.periods import find_period, parse_moment, parse_period

BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY = datetime(2026, 11, 24, 10, 30, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("question", "since", "until", "rest"),
    [
        ("What did the ECB say today?", "2026-11-24", None, "What did the ECB say?"),
        ("Today's top stories", "2026-11-24", None, "top stories"),
        ("What happened yesterday in Bonn?", "2026-11-23", "2026-11-24", "What happened in Bonn?"),
        ("What did Putin say this week?", "2026-11-17", None, "What did Putin say?"),
        ("What happened since Friday in Kyiv?", "2026-11-20", None, "What happened in Kyiv?"),
        ("What is new since Tuesday?", "2026-11-17", None, "What is new?"),
        ("On Friday, what did the bank do?", "2026-11-20", "2026-11-21", "what did the bank do?"),
        ("On Tuesday, what did the bank do?", "2026-11-17", "2026-11-25", "what did the bank do?"),
        ("Who spoke last Tuesday?", "2026-11-17", "2026-11-18", "Who spoke?"),
        ("last month's figures", "2026-10-01", "2026-11-01", "figures"),
        ("Who visited in October 2023?", "2023-10-01", "2023-11-01", "Who visited?"),
        ("Who visited Russia in 2023?", "2023-01-01", "2024-01-01", "Who visited Russia?"),
        ("What happened on 3 March 2025?", "2025-03-03", "2025-03-04", "What happened?"),
        ("between 1 October and 15 October, who won?", "2026-10-01", "2026-10-16", "who won?"),
        ("before 2026-11-20", None, "2026-11-20", ""),
    ],
)  # fmt: skip
def test_words_become_a_period(
    question: str, since: str | None, until: str | None, rest: str
) -> None:
    period, remaining = find_period(question, TUESDAY)
    assert (period.since and period.since.date().isoformat()) == since
    assert (period.until and period.until.date().isoformat()) == until
    assert remaining == rest
    assert period.words
    assert period.words in question


@pytest.mark.parametrize(
    "question", ["Who may win?", "May I ask who won?", "A march on Washington", "", "7d", "今日は?"]
)
def test_a_question_without_a_period_stands_as_it_is(question: str) -> None:
    period, rest = find_period(question, TUESDAY)
    assert not period
    assert rest == question


def test_a_span_reaches_back_from_now() -> None:
    period, _ = find_period("strikes in the last 3 days", TUESDAY)
    assert period.since == datetime(2026, 11, 21, 10, 30, tzinfo=BERLIN)


def test_midnight_is_that_of_the_day_across_a_change_of_clocks() -> None:
    monday = datetime(2026, 10, 26, 8, tzinfo=BERLIN)  # clocks went back on the 25th
    period, _ = find_period("what happened yesterday?", monday)
    assert period.since is not None
    assert period.until is not None
    assert period.since.isoformat() == "2026-10-25T00:00:00+02:00"
    assert period.until.isoformat() == "2026-10-26T00:00:00+01:00"


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("7d", "2026-11-17T10:30:00+01:00"),
        ("12h", "2026-11-23T22:30:00+01:00"),
        ("2 weeks ago", "2026-11-10T10:30:00+01:00"),
        ("yesterday", "2026-11-23T00:00:00+01:00"),
        ("2026-07-01", "2026-07-01T00:00:00+02:00"),
        ("2026-11-20T08:00Z", "2026-11-20T08:00:00+00:00"),
    ],
)
def test_a_moment_is_read(words: str, moment: str) -> None:
    assert parse_moment(words, TUESDAY).isoformat() == moment


@pytest.mark.parametrize("words", ["", "soon", "99999y", "2026-13-01", "7x"])
def test_words_that_name_no_moment_are_told(words: str) -> None:
    with pytest.raises(SettingsError):
        parse_moment(words, TUESDAY)


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("", None, None),
        ("7d", "2026-11-17T12:00", None),
        ("since Tuesday", "2026-11-17T00:00", None),
        ("last month", "2026-10-01T00:00", "2026-11-01T00:00"),
        ("2026-11-01", "2026-11-01T00:00", "2026-11-02T00:00"),
        ("2026-11-01–2026-11-20", "2026-11-01T00:00", "2026-11-21T00:00"),
        ("2026-11-01 to 2026-11-20", "2026-11-01T00:00", "2026-11-21T00:00"),
        ("since 2023", "2023-01-01T00:00", None),
        ("2023", "2023-01-01T00:00", "2024-01-01T00:00"),
    ],
)
def test_a_field_names_a_period(words: str, since: str | None, until: str | None) -> None:
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    period = parse_period(words, now)
    bounds = [one and one.strftime("%Y-%m-%dT%H:%M") for one in (period.since, period.until)]
    assert bounds == [since, until]
    assert period.words == words


def test_a_field_that_names_no_period_is_refused_with_examples() -> None:
    with pytest.raises(SettingsError, match="'nonsense' names no period; say 7d"):
        parse_period("nonsense", datetime(2026, 11, 24, tzinfo=UTC))
