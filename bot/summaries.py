"""Summaries: a few bullets of one article or several, each led back to its sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.claims import SentenceChecker, drain, passage_of, review
from bot.entities import Article, Conflict, Summary
from bot.grounding.injection import disarm_details, is_instruction, quarantine
from bot.writing.drafts import Purpose, Task, Writer


def write_summary(
    articles: Sequence[Article],
    *,
    bullets: int,
    writer: Writer,
    checker: SentenceChecker,
    find_conflicts: Callable[[Sequence[Article]], Sequence[Conflict]],
) -> Summary:
    """At most `bullets` claims that sum up the articles, and the conflicts in and between them."""
    passages = tuple(passage_of(article, n) for n, article in enumerate(articles, start=1))
    task = Task(purpose=Purpose.SUMMARY, passages=passages, bullets=bullets)
    reviewed = drain(review(task, writer, checker))
    return Summary(
        title=_title(articles),
        claims=reviewed.claims,
        conflicts=tuple(find_conflicts(articles)),
        articles=tuple(disarm_details(article.details) for article in articles),
        quarantined=tuple(found for article in articles for found in quarantine(article)),
        writer=reviewed.writer,
        tally=reviewed.tally,
        notices=reviewed.notices,
    )


def _title(articles: Sequence[Article]) -> str:
    """The first headline that is meant for readers."""
    titles = (article.title for article in articles)
    return next((title for title in titles if title and not is_instruction(title)), "")
