"""The briefing desk: a briefing as it is written, and as a file.

    for state in brief(newsbot, fields, StopButton()):
        show(state.markup)
    state.briefing

This module knows nothing of Gradio.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from bot.chronicle import Edition
from bot.entities import Briefing, Period, Progress
from bot.errors import InterruptedWorkError, NewsbotError
from bot.periods import parse_period
from bot.rendering import to_html
from bot.rendering.notation import clean
from bot.rendering.phrases import count
from bot.web.downloads import show_downloads
from bot.web.fields import Fields
from bot.web.words import STOPPED, invite, show_failure, show_steps
from bot.web.work import StopButton, Work

if TYPE_CHECKING:
    from datetime import datetime

    from bot.newsbot import Newsbot

STORIES, BULLETS = 8, 3  # as many as `Newsbot.brief` writes by default
_PERIODS = ("24h", "7d", "30d", "since Monday", "last week", "last month", "this year")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a briefing is to be about, and how long it may get."""

    topic: str = ""
    period: Period
    stories: int = STORIES
    bullets: int = BULLETS
    undated: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """What stands in the tab: progress, a failure, or in the end the briefing itself."""

    markup: str
    briefing: Briefing | None = None


def read_order(fields: Fields, now: datetime) -> Order:
    """What the form asks for. Raises SettingsError when its period is none."""
    return Order(
        topic=fields.line("topic"),
        period=parse_period(fields.line("period"), now),
        stories=fields.number("stories", 1, 50, STORIES),
        bullets=fields.number("bullets", 1, 10, BULLETS),
        undated=bool(fields.choices("undated")),
    )


def brief(newsbot: Newsbot, fields: Fields, button: StopButton) -> Iterator[State]:
    """The states of the tab while the briefing that the form asks for is written."""
    try:
        order = read_order(fields, newsbot.now)
    except NewsbotError as error:
        yield State(show_failure(str(error)))
        return
    yield from watch(button.put_on(Work(lambda report: _brief(newsbot, order, report))))


def watch(work: Work[Briefing] | Work[Edition]) -> Iterator[State]:
    """The states of the tab while a briefing or an edition is made."""
    begun: dict[str, Progress] = {}
    yield State(show_steps(begun, Progress("selecting", 0)))
    try:
        for progress in work:
            begun[progress.stage] = progress
            yield State(show_steps(begun, progress))
        made: Briefing = work.outcome()
        yield State(show_briefing(made), made)
    except InterruptedWorkError:
        yield State(STOPPED)
    except NewsbotError as error:
        _log.warning("%s", error, exc_info=error.__cause__)
        yield State(show_failure(str(error)))


def show_briefing(briefing: Briefing) -> str:
    """The briefing with its timeline, below its downloads."""
    if not briefing.stories and not isinstance(briefing, Edition):
        return _nothing(briefing)
    return show_downloads() + to_html(briefing, pictured=True)


def show_form(holds: bool) -> str:
    """The form; an invitation to add articles where there are none to brief on."""
    if not holds:
        said = (
            "A briefing groups the articles of a period into stories, sums each up in cited "
            "bullets, and accounts for every article. Add articles in the Library, or begin with "
            "the sample."
        )
        return invite("Nothing to brief on yet", said)
    periods = "".join(f'<option value="{one}"></option>' for one in _PERIODS)
    return (
        '<form class="nb-order" data-event="brief" aria-label="Briefing">'
        '<label class="nb-field nb-grows">Topic<input type="text" name="topic" '
        'placeholder="Everything" autocomplete="off" maxlength="300"></label>'
        '<label class="nb-field">Period<input type="text" name="period" list="nb-periods" '
        'placeholder="All time" autocomplete="off">'
        f'<datalist id="nb-periods">{periods}</datalist></label>'
        f'<label class="nb-field nb-number">Stories<input type="number" name="stories" min="1" '
        f'max="50" value="{STORIES}"></label><label class="nb-field nb-number">Bullets each'
        f'<input type="number" name="bullets" min="1" max="10" value="{BULLETS}"></label>'
        '<label class="nb-choice"><input type="checkbox" name="undated" value="yes">'
        'Undated articles too</label><p class="nb-hint">A period in words, such as 7d, since '
        "Tuesday, last month, or two dates.</p>"
        '<div class="nb-actions"><button type="submit" class="nb-primary">Write the briefing'
        '</button><button type="button" class="nb-stop" data-event="stop">Stop</button></div>'
        "</form>"
    )


def show_hint() -> str:
    """What stands below the form before a briefing was written."""
    return (
        '<div class="nb-expect"><p>The stories come with the sentences that carry them, where they '
        "do not fit together, and a list in which every article of the library is accounted for."
        "</p></div>"
    )


def _brief(newsbot: Newsbot, order: Order, report: object) -> Briefing:
    return newsbot.brief(
        order.topic or None,
        since=order.period.since,
        until=order.period.until,
        bullets=order.bullets,
        stories=order.stories,
        undated=order.undated,
        progress=report,  # type: ignore[arg-type]
    )


def _nothing(briefing: Briefing) -> str:
    """A briefing without a story: what was looked at, and what to do."""
    topic = f" about “{escape(clean(briefing.topic))}”" if briefing.topic else ""
    said = f"None of {count(len(briefing.coverage), 'article')}{topic} lies in this period."
    return (
        f'<div class="nb-none"><p><strong>No story to tell.</strong> {said} Choose a longer period '
        f"or a wider topic; the list says why each article was left out.</p>{to_html(briefing)}"
        "</div>"
    )
