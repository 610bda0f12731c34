"""The desk that writes a briefing's stories: several at once, each checked, in their order.

A story that cannot be written costs only itself. A model that is not there, or asks for too little,
is not asked again for the stories that follow. This module does not know how stories are found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from threading import Event

from bot.claims import Reviewed, SentenceChecker, drain, leave_out, passage_of, review
from bot.entities import Article, Conflict, Estimate, Report, Use
from bot.errors import ModelError, ModelOutputError, ModelRefusedError
from bot.rendering.phrases import count
from bot.writing.drafts import Purpose, Task, Writer

_COMPARED = 6  # articles of a story among which conflicts are sought, the most central ones
_OF_THIS_STORY = (ModelOutputError, ModelRefusedError)  # the next one may do better

Members = Sequence[Article]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Who writes stories, who checks them, how many at once, and who is told how far it is.

    `known` are earlier texts of articles by their ids: what stands there too has been read, and is
    told again only by a story that has nothing else to tell.
    """

    writer: Writer
    checker: SentenceChecker
    find_conflicts: Callable[[Sequence[Article]], Sequence[Conflict]]
    progress: Report
    parallel: int = 1
    known: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one story: its claims and conflicts, or why there is none."""

    members: Members
    reviewed: Reviewed | None
    conflicts: tuple[Conflict, ...] = ()
    failure: ModelError | None = None


def write_stories(
    groups: Sequence[Members], topic: str, bullets: int, desk: Desk
) -> Iterator[Written]:
    """What became of each story, in their order; at most `desk.parallel` are written at once."""
    given_up = Event()

    def write(members: Members) -> Written:
        if given_up.is_set():
            return Written(members, None)
        try:
            return _write_story(members, topic, bullets, desk)
        except ModelError as error:
            if not isinstance(error, _OF_THIS_STORY):
                given_up.set()
            return Written(members, None, failure=error)

    yield from _in_order(write, groups, desk)


def estimate_stories(groups: Sequence[Members], topic: str, bullets: int, desk: Desk) -> Estimate:
    """About what writing them, and having them judged, will take of chat models."""
    tasks = (_task(members, topic, bullets, desk.known) for members in groups)
    written = reduce(Estimate.__add__, map(desk.writer.estimate, tasks), Estimate())
    # What is taken over word for word, as the extractive writer does, is not judged.
    return written + desk.checker.estimate(len(groups) * bullets) if written.calls else written


def find_use(written: Written) -> tuple[Use, str]:
    """What became of a story's articles, and why where that is not plain."""
    if written.reviewed and written.reviewed.claims:
        return Use.USED, ""
    if written.reviewed and written.reviewed.over_budget:
        return Use.OVER_BUDGET, "the budget was spent, and no sentence could be chosen"
    return Use.FAILED, "its story could not be written"


def collect_notices(written: Sequence[Written]) -> tuple[str, ...]:
    """What the reader should be told, each with the numbers of the stories that it concerns.

    Stories count as they are shown; a notice that concerns all of them names none.
    """
    shown = [one.reviewed for one in written if one.reviewed and one.reviewed.claims]
    concerned: dict[str, list[int]] = {}
    for number, reviewed in enumerate(shown, start=1):
        for notice in reviewed.notices:
            concerned.setdefault(notice, []).append(number)
    notices = [
        notice if len(numbers) == len(shown) else f"{_name(numbers)}: {notice}"
        for notice, numbers in concerned.items()
    ]
    failed = [one for one in written if one.reviewed is None]
    reason = next((f" {one.failure}" for one in failed if one.failure), "")
    if failed:
        notices.append(f"{count(len(failed), 'story')} could not be written.{reason}")
    return tuple(notices)


def _in_order(
    write: Callable[[Members], Written], groups: Sequence[Members], desk: Desk
) -> Iterator[Written]:
    parallel = min(desk.parallel, len(groups))
    if parallel < 2:
        yield from map(write, groups)
        return
    from langchain_core.runnables.config import ContextThreadPoolExecutor

    with ContextThreadPoolExecutor(parallel) as pool:
        try:
            yield from pool.map(write, groups)
        except BaseException:  # whoever waited gave up: nothing more need be asked for
            desk.writer.stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _write_story(members: Members, topic: str, bullets: int, desk: Desk) -> Written:
    task = _task(members, topic, bullets, desk.known)
    reviewed = drain(review(task, desk.writer, desk.checker))
    conflicts = desk.find_conflicts(members[:_COMPARED]) if reviewed.claims else ()
    return Written(members, reviewed, tuple(conflicts))


def _task(members: Members, topic: str, bullets: int, known: Mapping[str, str]) -> Task:
    passages = [passage_of(article, n) for n, article in enumerate(members, start=1)]
    fresh = [
        leave_out(one, known[one.article.id]) if one.article.id in known else one
        for one in passages
    ]
    told = [one for one in fresh if one.text.strip()] or passages
    numbered = tuple(replace(one, number=number) for number, one in enumerate(told, start=1))
    return Task(purpose=Purpose.STORY, passages=numbered, bullets=bullets, question=topic)


def _name(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"Story {numbers[0]}"
    return f"Stories {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
