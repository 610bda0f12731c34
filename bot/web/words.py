"""Small pieces of markup that several tabs show: a failure, progress, an empty archive, a chip.

Everything that comes from elsewhere is escaped here.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from urllib.parse import quote

from bot.entities import ArticleDetails, Progress
from bot.rendering.notation import clean
from bot.rendering.phrases import describe_origin

_STAGES = {
    "selecting": "Gathering articles",
    "grouping": "Grouping them into stories",
    "estimating": "Asking the model",
    "writing": "Writing and checking stories",
}
_BRIEFING = ("selecting", "grouping", "writing")  # the steps of every briefing

STOPPED = '<p class="nb-done" role="status">Stopped. What was done by then is kept.</p>'


def show_waiting(what: str) -> str:
    """A line that says what is being done, while nothing more is known."""
    return f'<p class="nb-waiting" role="status">{escape(clean(what))}</p>'


def show_failure(line: str) -> str:
    """A failure, in one line."""
    return f'<p class="nb-problem" role="alert">{escape(clean(line))}</p>'


def show_progress(progress: Progress) -> str:
    """How far the work is: the stage, how much of it is done, and what is at hand."""
    stage = name_stage(progress.stage)
    of = f" of {progress.total:,}" if progress.total else ""
    counts = f"{progress.done:,}{of}" if progress.done or of else ""
    value = f' value="{progress.done}" max="{progress.total}"' if progress.total else ""
    note = f'<span class="nb-at-hand"><bdi>{escape(clean(progress.note))}</bdi></span>'
    return (
        f'<div class="nb-progress" role="status"><p><strong>{escape(stage)}</strong> '
        f'<span class="nb-counts">{counts}</span></p>'
        f'<progress aria-label="{escape(stage)}"{value}></progress>'
        f"{note if progress.note else ''}</div>"
    )


def show_steps(begun: Mapping[str, Progress], at: Progress) -> str:
    """The steps of a briefing: those that were begun, in their order, and those to come.

    `begun` holds the last progress of each. What is at hand stands below them with its progress.
    """
    steps = [*begun, *(step for step in _BRIEFING if step not in begun)]
    place = steps.index(at.stage)
    behind = (f'<li class="nb-behind">{_step(step, begun[step])}</li>' for step in steps[:place])
    now = f'<li aria-current="step">{_step(at.stage)}</li>'
    ahead = (f"<li>{_step(step)}</li>" for step in steps[place + 1 :])
    lines = "".join((*behind, now, *ahead))
    return f'<div class="nb-work"><ol class="nb-steps">{lines}</ol>{show_progress(at)}</div>'


def name_stage(stage: str) -> str:
    """A stage of work in the words of the page."""
    return _STAGES.get(stage, stage.capitalize())


def _step(stage: str, last: Progress | None = None) -> str:
    amount = (last.total or last.done) if last else 0
    return escape(name_stage(stage)) + (f" <span>{amount:,}</span>" if amount else "")


def invite(title: str, text: str) -> str:
    """What stands in a tab while the archive is empty, with the sample on offer."""
    return (
        f'<div class="nb-empty"><h2>{escape(title)}</h2><p>{escape(text)}</p>'
        '<button type="button" class="nb-primary" data-event="sample">Load the sample articles'
        '</button><p class="nb-hint">A few short articles that come with Newsbot; most of them are '
        "fictional.</p></div>"
    )


def headline(article: ArticleDetails) -> str:
    """A headline that opens its article in the evidence pane."""
    title = escape(clean(article.title or article.address or article.id))
    return f'<a href="{target(article)}"><bdi>{title}</bdi></a>'


def target(article: ArticleDetails) -> str:
    """The address within the page that the evidence pane follows to an article."""
    return f"#cite/{quote(article.id, safe='')}/{article.revision}/0/0"


def facts(article: ArticleDetails, *more: str) -> str:
    """Outlet, time and author of an article in one line, as escaped text."""
    by = f"by {article.author}" if article.author else ""
    return escape(clean(" · ".join(filter(None, (describe_origin(article), by, *more)))))


def option(value: str, label: str, chosen: bool) -> str:
    """An option of a list of choices."""
    selected = " selected" if chosen else ""
    return f'<option value="{escape(value)}"{selected}>{escape(clean(label))}</option>'
