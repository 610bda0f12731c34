"""Answers: search, decide whether the articles answer at all, write, check each sentence.

Abstention is decided in code, twice: before the writer is asked (nothing relevant was found) and
after (nothing that it wrote is supported). An abstention says why, what was searched and which
articles came nearest. This module does not know how passages are found; `Search` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.claims import Reviewed, SentenceChecker, review, touching
from bot.entities import (
    Answer,
    AnswerEvent,
    ArticleDetails,
    Conflict,
    Filters,
    Passage,
    Period,
    Searching,
    SearchRecord,
    Tally,
)
from bot.grounding.foreign import is_other_language
from bot.grounding.injection import disarm
from bot.periods import find_period
from bot.recency import cited, find_updates, newer_than_cited, prefer_newer
from bot.writing.drafts import Purpose, Task, Turn, Writer
from bot.writing.followups import content, depends_on_history

_NEAREST = 3
_SENTENCES = 4
_NEWS = frozenset(
    "news new latest happening happened going update updates headlines headline stories story top "
    "main important recent recently".split()
)  # words of a question that asks for whatever there is


@dataclass(frozen=True, slots=True)
class Search:
    """How an answer finds its passages: a seam of four calls, filled in by `Newsbot`."""

    passages: Callable[[str, Filters], Sequence[Passage]]  # that fit the question, best first
    latest: Callable[[Filters], Sequence[Passage]]  # the openings of the newest articles
    articles: Callable[[Filters], int]  # how many the filters admit
    is_relevant: Callable[[str, Sequence[Passage]], bool]  # whether these bear on the question
    advice: str = ""  # what to do about a question, or articles, in another language


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with what was said before it, what it is limited to, and when it is asked."""

    text: str
    searched: str = ""  # the question as it is searched for, where that is known to differ
    history: tuple[Turn, ...] = ()
    filters: Filters = field(default_factory=Filters)
    now: datetime


def stream_answer(
    question: Question,
    *,
    search: Search,
    writer: Writer,
    checker: SentenceChecker,
    find_conflicts: Callable[[Sequence[str]], Sequence[Conflict]],
) -> Iterator[AnswerEvent]:
    """The events of one answer, the Answer last. `find_conflicts` takes ids of articles."""
    query, filters = _query(question, writer)
    record = SearchRecord(queries=(query,), filters=filters, articles=search.articles(filters))
    yield Searching(record)
    for_news = _NEWS.issuperset(word.lower() for word in content(query))
    passages = search.latest(filters) if for_news else search.passages(query, filters)
    found = tuple(map(disarm, passages))
    if not found or not (for_news or search.is_relevant(query, found)):
        yield _abstention(question, record, search, found, writer)
        return
    task = Task(
        purpose=Purpose.SUMMARY if for_news else Purpose.ANSWER,
        passages=found,
        bullets=_SENTENCES,
        question=query,
        history=question.history,
    )
    reviewed = yield from review(task, writer, checker)
    if not reviewed.claims:
        yield _abstention(question, record, search, found, writer, reviewed)
        return
    articles = _articles(found)
    compared = [*cited(reviewed.claims), *newer_than_cited(reviewed.claims, articles)]
    conflicts = touching(find_conflicts(compared), reviewed.claims)
    differences = (*conflicts, *find_updates(reviewed.claims, found))
    claims, told = prefer_newer(reviewed.claims, differences, articles)
    reviewed = replace(reviewed, claims=claims, notices=(*told, *reviewed.notices))
    yield _answer(question, record, found, reviewed, conflicts)


def _query(question: Question, writer: Writer) -> tuple[str, Filters]:
    """The question by itself, as it is searched for, and the filters with its period in words."""
    asked = question.searched or question.text
    period, rest = find_period(asked, question.now)
    text = rest or asked
    dependent = depends_on_history(text, question.history)
    if dependent and not period:
        period = _earlier_period(question)
    query = writer.standalone(text, question.history) if dependent else text
    filters = question.filters
    if period and not filters.period:
        filters = replace(filters, period=period)
    return query, filters


def _earlier_period(question: Question) -> Period:
    """A follow-up keeps the period of the question that it follows, however far back that is."""
    turns = question.history
    for place in reversed(range(len(turns))):
        period, _ = find_period(turns[place].question, question.now)
        if period or not depends_on_history(turns[place].question, turns[:place]):
            return period
    return Period()


def _answer(
    question: Question,
    record: SearchRecord,
    found: Sequence[Passage],
    reviewed: Reviewed,
    conflicts: tuple[Conflict, ...],
) -> Answer:
    return Answer(
        question=question.text,
        claims=reviewed.claims,
        search=record,
        conflicts=conflicts,
        articles=_articles(found),
        writer=reviewed.writer,
        tally=reviewed.tally,
        notices=reviewed.notices,
    )


def _abstention(
    question: Question,
    record: SearchRecord,
    search: Search,
    found: Sequence[Passage],
    writer: Writer,
    reviewed: Reviewed | None = None,
) -> Answer:
    nearest = found
    if not found and record.filters.period:  # what lies outside the period is the nearest then
        nearest = search.passages(record.queries[0], replace(record.filters, period=Period()))
    return Answer(
        question=question.text,
        abstained=True,
        reason=_reason(record, search, found, reviewed),
        search=record,
        nearest=_articles(nearest)[:_NEAREST],
        writer=writer.name,
        tally=reviewed.tally if reviewed else Tally(),
        notices=reviewed.notices if reviewed else (),
    )


def _reason(
    record: SearchRecord, search: Search, found: Sequence[Passage], reviewed: Reviewed | None
) -> str:
    if record.articles == 0:
        limited = record.filters != Filters()
        return (
            "No article lies within the filters; widen the period or remove a filter."
            if limited
            else "The archive holds no articles yet; ingest some first."
        )
    if reviewed and reviewed.tally.drafted:
        return "Nothing that was drafted is supported by the articles found."
    if found and is_other_language(record.queries[0], found):
        return (
            "The question, or what came nearest, is not in English, so whether it is answered "
            f"cannot be judged; read the nearest articles.{search.advice}"
        )
    if found:
        return "The passages that came nearest do not say it."
    return "Nothing that was found bears on the question."


def _articles(passages: Sequence[Passage]) -> tuple[ArticleDetails, ...]:
    return tuple({passage.article.id: passage.article for passage in passages}.values())
