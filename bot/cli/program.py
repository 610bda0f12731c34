"""The program that the commands belong to: its global options, and what several commands share."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import IndexMismatchError, SourceError
from bot.terminal import note, say, show_progress

if TYPE_CHECKING:
    from bot.entities import Article
    from bot.newsbot import Newsbot

app = typer.Typer(
    name="newsbot",
    help="News summaries, answers and briefings in which every sentence leads to its source.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Since = Annotated[
    str | None, typer.Option(help="From when: 7d, 12h, 2026-11-20, yesterday, Tuesday.")
]
Until = Annotated[str | None, typer.Option(help="Until when, exclusive; as for --since.")]
Outlets = Annotated[
    list[str] | None, typer.Option("--outlet", help="Only this outlet; repeatable.")
]
Ids = Annotated[
    list[str] | None, typer.Option("--article", help="Only this article id; repeatable.")
]
Addresses = Annotated[
    list[str],
    typer.Argument(
        help="Files, folders, web addresses, or - for standard input.", show_default=False
    ),
]

_READERS = ("trafilatura", "htmldate", "pypdf")  # whose complaints each source's outcome tells


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        say(f"newsbot {version('newsbot')}")
        raise typer.Exit


class Options:
    """The global options, set before a command runs."""

    data: Path | None = None


@app.callback()
def _globals(
    data: Annotated[
        Path | None,
        typer.Option(help="Where the archive lives (NEWSBOT_DATA).", show_default=False),
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what is done.")] = False,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Say which it is."),
    ] = False,
) -> None:
    Options.data = data
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    for package in ("bot", "vectorstore"):
        logging.getLogger(package).setLevel(logging.DEBUG if verbose else logging.WARNING)
    for package in _READERS:
        logging.getLogger(package).setLevel(logging.WARNING if verbose else logging.CRITICAL)


@contextmanager
def open_newsbot() -> Iterator[Newsbot]:
    """A Newsbot of the settings and the global options."""
    from bot.newsbot import Newsbot
    from bot.settings import read_settings

    with Newsbot(read_settings(data=Options.data)) as newsbot:
        try:
            yield newsbot
        except IndexMismatchError as error:
            _offer_rebuild(newsbot, error)
            raise


def _offer_rebuild(newsbot: Newsbot, error: IndexMismatchError) -> None:
    """Makes the index anew when somebody is there to say yes."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return
    note(str(error))
    if typer.confirm("Make it anew now?", err=True):
        with show_progress() as progress:
            newsbot.rebuild(progress=progress)
        note("The index is made anew; give the command again.")
        raise typer.Exit(1)


def read_articles(addresses: Sequence[str]) -> list[Article]:
    """The articles at all addresses; what could not be read is noted, and nothing at all raised."""
    from bot.entities import Article
    from bot.sources import read

    articles = []
    for address in addresses:
        for found in read(address):
            if isinstance(found, Article):
                articles.append(found)
            else:
                note(found.message)
    if not articles:
        raise SourceError(f"No article was found at {', '.join(addresses)}.")
    return articles


def read_text(address: str) -> str:
    """The text of a file, or of standard input, as it stands."""
    from bot.sources.given import text_from

    return text_from(address)


def note_writer(newsbot: Newsbot) -> None:
    """Says who writes, where passages leave the machine or a model is at work."""
    if newsbot.settings.writer != "extractive":
        note(newsbot.writer_line)
    note_judge(newsbot)


def note_judge(newsbot: Newsbot) -> None:
    """Says who judges, where the settings name a judge."""
    if newsbot.settings.judge_model:
        note(f"judge: {newsbot.judge_line}")
