"""Adding articles on the page: uploaded files, a pasted text, or an address of the web.

    for markup in add(newsbot, parcel, StopButton()):
        show(markup)

Shows the progress, and in the end what became of each article. This module knows nothing of Gradio.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.entities import Article, Ingested, IngestReport, Outcome, Progress
from bot.errors import (
    EmptySourceError,
    InterruptedWorkError,
    NewsbotError,
    SettingsError,
    SourceError,
)
from bot.rendering.notation import clean
from bot.web.chat import sample_folder
from bot.web.fields import Fields
from bot.web.words import STOPPED, show_failure, show_progress
from bot.web.work import StopButton, Work

if TYPE_CHECKING:
    from bot.newsbot import Newsbot

SHOWN = 200  # outcomes listed; the rest are counted
_SOURCE = "uploaded"  # the collection that uploaded files belong to
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What is to be added. An uploaded file's name is that of its path."""

    files: tuple[Path, ...] = ()
    text: str = ""
    address: str = ""
    sample: bool = False
    restore: bool = False


def show_form(unfolded: bool = False) -> str:
    """Three ways to add: files, an address, a text."""
    return (
        f'<details class="nb-add"{" open" if unfolded else ""}><summary>Add articles</summary>'
        '<div class="nb-ways"><form data-event="ingest" data-clears aria-label="Add files">'
        '<div class="nb-drop" data-drop data-sends><label>'
        "<strong>Drop files here</strong>, or <span>choose files</span>"
        '<input type="file" multiple data-name="file"></label><p class="nb-hint">Text, Markdown, '
        "HTML, PDF, Word, mail, JSON Lines, feeds; at most 50 MB each.</p>"
        '<ul class="nb-files"></ul></div></form>'
        '<form data-event="ingest" data-clears aria-label="Add an address"><label class="nb-field">'
        'An address of the web<input type="url" name="address" required '
        'placeholder="https://… a page, a feed, a site" autocomplete="off"></label>'
        '<button type="submit">Fetch</button></form>'
        '<form data-event="ingest" data-clears aria-label="Add a text"><label class="nb-field">'
        'A text<textarea name="text" rows="3" required placeholder="Headline, an empty line, '
        'then the text"></textarea></label><button type="submit">Add</button></form></div>'
        '<button type="button" class="nb-stop" data-event="stop">Stop</button></details>'
    )


def read_parcel(fields: Fields, uploads: Path) -> Parcel:
    """What the form gives. Raises a NewsbotError when it gives nothing, or no web address."""
    from bot.sources.addresses import is_web

    address, text = fields.line("address"), fields.text("text")
    files = fields.files("file", uploads)
    if address and not is_web(address):
        raise SettingsError("This is no web address; give one that begins with http or https.")
    if not (address or text.strip() or files):
        raise EmptySourceError("There is nothing to add; choose files, or give a text or address.")
    restore = bool(fields.choices("restore"))
    return Parcel(files=files, text=text, address=address, restore=restore)


def add(newsbot: Newsbot, parcel: Parcel, button: StopButton) -> Iterator[str]:
    """Ingest the parcel: its progress, and last the outcomes or the failure, as markup."""
    yield show_progress(Progress("reading articles", 0))
    try:
        work = button.put_on(Work(lambda report: _ingest(newsbot, parcel, report)))
        for progress in work:
            yield show_progress(progress)
        yield show_outcomes(work.outcome())
    except InterruptedWorkError:
        yield STOPPED
    except NewsbotError as error:
        _log.warning("%s", error, exc_info=error.__cause__)
        yield show_failure(str(error))
    finally:
        for path in parcel.files:  # the archive has the text now; a removal must remove all of it
            path.unlink(missing_ok=True)


def show_outcomes(report: IngestReport) -> str:
    """How many articles had which outcome, and below what became of each."""
    counts = [f"{report.count(one):,} {one}" for one in Outcome if report.count(one)]
    told = [*report]
    lines = "".join(map(_line, told[:SHOWN]))
    more = f"<li>and {len(told) - SHOWN:,} more</li>" if len(told) > SHOWN else ""
    return (
        f'<div class="nb-outcomes" role="status"><p><strong>{escape(", ".join(counts))}</strong>'
        f"{'' if counts else 'Nothing was there to add.'}</p><ul>{lines}{more}</ul></div>"
    )


def _ingest(newsbot: Newsbot, parcel: Parcel, report: object) -> IngestReport:
    sources = [_read_file(path) for path in parcel.files]
    if parcel.text.strip():
        sources.append(_read_text(parcel.text))
    if parcel.sample:
        return newsbot.ingest(sample_folder(), progress=report)  # type: ignore[arg-type]
    addresses = (parcel.address,) if parcel.address else ()
    return newsbot.ingest(
        *sources,
        addresses=addresses,
        restore=parcel.restore,
        progress=report,  # type: ignore[arg-type]
    )


def _read_file(path: Path) -> Iterator[Article | Ingested]:
    """The articles of an uploaded file; what is told of it names the file, not where it lay."""
    from bot.sources import read

    try:
        for found in read(path, source=_SOURCE):
            name = found.address.replace(str(path), path.name)
            if isinstance(found, Article):
                yield replace(found, address=name)
            else:
                message = found.message.replace(str(path), path.name)
                yield replace(found, address=name, message=message)
    except SourceError as error:
        message = str(error).replace(str(path), path.name)
        yield Ingested(path.name, Outcome.FAILED, message=message)


def _read_text(text: str) -> Iterator[Article | Ingested]:
    from bot.sources import article_from_text

    try:
        article = article_from_text(text)
        yield replace(article, address=f"pasted: {article.title}")
    except SourceError as error:
        yield Ingested("a pasted text", Outcome.FAILED, message=str(error))


def _line(one: Ingested) -> str:
    name = f"<bdi>{escape(clean(one.address))}</bdi>"
    if one.article and one.outcome is not Outcome.FAILED:
        target = f"#cite/{quote(one.article, safe='')}/0/0/0"
        name = f'<a href="{target}">{name}</a>'
    message = f" <span>{escape(clean(one.message))}</span>" if one.message else ""
    chip = f'<span class="nb-chip nb-{one.outcome}">{one.outcome}</span>'
    return f"<li>{chip} {name}{message}</li>"
