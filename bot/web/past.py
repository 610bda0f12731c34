"""Earlier editions of standing briefings, to be read again, and how their schedule stands.

This module knows nothing of Gradio.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from bot.archive.runs import Run
from bot.editions.editions import Editions, StandingState
from bot.errors import NewsbotError
from bot.rendering.notation import clean
from bot.rendering.phrases import describe_time
from bot.web.briefing_desk import State, show_briefing, watch
from bot.web.words import show_failure
from bot.web.work import StopButton, Work

if TYPE_CHECKING:
    from bot.newsbot import Newsbot

SHOWN = 30  # editions listed of each standing briefing, the newest


def show_editions(editions: Editions) -> str:
    """Every standing briefing that has editions or is due, with its editions; "" without any."""
    try:
        names = list(editions.names())
        due = [one.standing.name for one in editions.list()] if editions.path.is_file() else []
    except NewsbotError as error:
        return show_failure(str(error))
    shown = [_standing(editions, name, name in due) for name in dict.fromkeys([*due, *names])]
    if not shown:
        return ""
    return (
        '<details class="nb-past"><summary>Standing briefings and their editions</summary>'
        f"{''.join(shown)}</details>"
    )


def open_edition(newsbot: Newsbot, reference: str) -> State:
    """An earlier edition as it was stored."""
    try:
        edition = newsbot.editions.edition(reference)
    except NewsbotError as error:
        return State(show_failure(str(error)))
    return State(show_briefing(edition), edition)


def run_standing(newsbot: Newsbot, name: str, button: StopButton) -> Iterator[State]:
    """The states of the tab while the latest edition of a standing briefing is made."""
    yield from watch(
        button.put_on(Work(lambda report: newsbot.editions.run(name, progress=report)))
    )


def show_schedule(editions: Editions) -> str:
    """How each standing briefing stands: what is next, what was last, what failed since."""
    if not editions.path.is_file():
        place = escape(clean(str(editions.path)))
        return (
            "<p>No briefing is made on a schedule. Name some in the file "
            f"<code>{place}</code>; <code>seeds/briefings.toml</code> is a commented sample.</p>"
        )
    try:
        states = editions.list()
    except NewsbotError as error:
        return show_failure(str(error))
    return f'<ul class="nb-schedule">{"".join(map(_state, states))}</ul>'


def _standing(editions: Editions, name: str, is_due: bool) -> str:
    runs = [past.run for past in editions.history(name) if past.run.number is not None]
    lines = "".join(_edition(run) for run in runs[:SHOWN])
    shown = escape(clean(name))
    run_now = (
        f'<button type="button" data-event="run" data-name="{escape(name)}" '
        f'aria-label="Make the latest edition of {shown}">Make the latest</button>'
        if is_due
        else ""
    )
    return (
        f'<section class="nb-standing"><h3>{shown}{run_now}</h3>'
        f"<ul>{lines or '<li>No edition yet.</li>'}</ul></section>"
    )


def _edition(run: Run) -> str:
    reference = escape(f"{run.standing}/{run.number}")
    late = ' <span class="nb-chip nb-skipped">late</span>' if run.late else ""
    return (
        f'<li><button type="button" class="nb-plain" data-event="edition" '
        f'data-reference="{reference}">Edition {run.number}, {describe_time(run.slot)}</button>'
        f"{late}</li>"
    )


def _state(state: StandingState) -> str:
    following = f"next {describe_time(state.next_at)}" if state.next_at else "run by name alone"
    last = f"last edition {state.last.number}" if state.last else "no edition yet"
    parts = [following, last]
    if state.overdue:
        parts.append(f"overdue since {describe_time(state.overdue)}")
    failed = ""
    if state.failures:
        newest = state.failures[0]
        told = f"Failed {len(state.failures)} times since: {newest.message}"
        failed = f'<p class="nb-remedy">{escape(clean(told))}</p>'
    chip = '<span class="nb-chip nb-fine">fine</span>'
    if state.failures or state.overdue:
        chip = '<span class="nb-chip nb-failed">amiss</span>'
    said = escape(clean(" · ".join(parts)))
    name = escape(clean(state.standing.title or state.standing.name))
    return f"<li>{chip}<div><p><strong>{name}</strong> {said}</p>{failed}</div></li>"
