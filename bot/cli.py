"""The command line: each command is one call of `Newsbot`, its result printed.

With `--json` exactly one JSON document goes to standard output; progress, notices and errors always
go to standard error. Nothing but Typer and Rich is imported before a command runs.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import SourceError
from bot.terminal import (
    first_lines,
    note,
    print_json,
    print_report,
    print_result,
    print_table,
    say,
    show_progress,
    to_plain,
)

if TYPE_CHECKING:
    from bot.entities import Article, Ingested
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


class _Options:
    """The global options, set before a command runs."""

    data: Path | None = None


@app.callback()
def _globals(
    data: Annotated[
        Path | None,
        typer.Option(help="Where the archive lives (NEWSBOT_DATA).", show_default=False),
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what is done.")] = False,
) -> None:
    _Options.data = data
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    for package in ("bot", "vectorstore"):
        logging.getLogger(package).setLevel(logging.DEBUG if verbose else logging.WARNING)


@app.command()
def ingest(
    addresses: Addresses,
    restore: Annotated[
        bool, typer.Option("--restore", help="Bring back what was removed.")
    ] = False,
    json_: Json = False,
) -> None:
    """Read articles and keep them; what is known already is skipped, what changed is revised."""
    from bot.entities import Outcome

    with _open() as newsbot, show_progress() as progress:
        report = newsbot.ingest(*_sources(addresses), restore=restore, progress=progress)
    if json_:
        print_json(to_plain(report)["outcomes"])
    else:
        print_report(report)
    if report.count(Outcome.FAILED) or not any(one.article for one in report):
        raise typer.Exit(1)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="What to search for.")],
    since: Since = None,
    until: Until = None,
    outlet: Outlets = None,
    article: Ids = None,
    count: Annotated[int, typer.Option("--count", "-n", min=1, max=100, help="How many.")] = 8,
    json_: Json = False,
) -> None:
    """Find the passages that fit a query best."""
    with _open() as newsbot:
        passages = newsbot.search(
            query,
            since=since,
            until=until,
            outlets=tuple(outlet or ()),
            articles=tuple(article or ()),
            count=count,
        )
    if json_:
        print_json([to_plain(passage) for passage in passages])
        return
    for passage in passages:
        details = passage.article
        when = f"{details.published:%Y-%m-%d}" if details.published else "undated"
        source = ", ".join(filter(None, [details.outlet, when, details.id]))
        say(f"{passage.number}. {details.title} ({source})\n{first_lines(passage.text)}\n")
    if not passages:
        note("Nothing was found.")


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in words.")],
    since: Since = None,
    until: Until = None,
    outlet: Outlets = None,
    article: Ids = None,
    json_: Json = False,
) -> None:
    """Answer a question from the archive, each sentence with the sentence that carries it."""
    with _open() as newsbot:
        _note_writer(newsbot)
        answer = newsbot.ask(
            question,
            since=since,
            until=until,
            outlets=tuple(outlet or ()),
            articles=tuple(article or ()),
        )
    print_result(answer, json_)


@app.command()
def summarise(
    addresses: Addresses,
    bullets: Annotated[int, typer.Option("--bullets", "-n", min=1, max=50)] = 5,
    json_: Json = False,
) -> None:
    """Sum up articles in cited bullets; needs no archive."""
    with _open() as newsbot:
        _note_writer(newsbot)
        summary = newsbot.summarise(_articles(addresses), bullets=bullets)
    print_result(summary, json_)


@app.command()
def brief(
    topic: Annotated[str | None, typer.Argument(help="What about; everything when absent.")] = None,
    since: Since = None,
    until: Until = None,
    bullets: Annotated[int, typer.Option(min=1, max=20, help="At most, for each story.")] = 3,
    stories: Annotated[int, typer.Option(min=1, max=100, help="At most.")] = 8,
    undated: Annotated[
        bool, typer.Option("--undated", help="Take undated articles although a period is set.")
    ] = False,
    json_: Json = False,
) -> None:
    """Brief on the archive: stories with cited bullets, and every article accounted for."""
    with _open() as newsbot, show_progress() as progress:
        _note_writer(newsbot)
        briefing = newsbot.brief(
            topic,
            since=since,
            until=until,
            bullets=bullets,
            stories=stories,
            undated=undated,
            progress=progress,
        )
    print_result(briefing, json_)


@app.command()
def check(
    summary: Annotated[str, typer.Argument(help="A file with the text to check, or -.")],
    addresses: Addresses,
    json_: Json = False,
) -> None:
    """Check any text against articles; exit code 1 when a sentence is not supported."""
    from bot.entities import Verdict

    with _open() as newsbot:
        checked = newsbot.check(_text(summary), _articles(addresses))
    print_result(checked, json_)
    failed = (Verdict.UNSUPPORTED, Verdict.CONTRADICTED)
    if any(claim.verdict in failed for claim in checked.claims):
        raise typer.Exit(1)


@app.command()
def conflicts(addresses: Addresses, json_: Json = False) -> None:
    """Find sentences that cannot both be true; exit code 1 when there are some."""
    articles = _articles(addresses)
    with _open() as newsbot:
        found = newsbot.conflicts(*articles)
    if json_:
        print_json({"conflicts": [to_plain(conflict) for conflict in found]})
    else:
        titles = {article.id: article.outlet or article.title for article in articles}
        for one in found:
            say(f"{one.kind}: {one.reason}")
            for side in (one.first, one.second):
                say(f"  {titles.get(side.article, side.article)}: “{side.quote}”")
    if found:
        raise typer.Exit(1)
    note("No conflict was found.")


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 7860,
    ingest_first: Annotated[
        list[str] | None, typer.Option("--ingest", help="Ingest this before; repeatable.")
    ] = None,
    brief_first: Annotated[
        bool, typer.Option("--brief", help="Print a briefing of the archive before.")
    ] = False,
) -> None:
    """Serve the chat page until it is stopped."""
    from bot.web.app import serve as serve_page

    with _open() as newsbot:
        if ingest_first:
            with show_progress() as progress:
                print_report(
                    newsbot.ingest(*_sources(ingest_first), progress=progress),
                    only_new=True,
                )
        if brief_first:
            with show_progress() as progress:
                briefing = newsbot.brief(progress=progress)
            print_result(briefing, False)
        note(newsbot.writer_line)
        serve_page(newsbot, host=host, port=port)


@app.command()
def remove(
    articles: Annotated[list[str], typer.Argument(help="Ids of articles.")],
) -> None:
    """Delete articles and their text for good; citations of them then say so."""
    with _open() as newsbot:
        for identity in articles:
            newsbot.remove(identity)
            say(f"removed {identity}")


@app.command()
def rebuild() -> None:
    """Make the search index anew from the archive."""
    with _open() as newsbot, show_progress() as progress:
        chunks = newsbot.rebuild(progress=progress)
    say(f"The index holds {chunks} chunks.")


@app.command()
def status(json_: Json = False) -> None:
    """Say what the archive holds and who writes."""
    with _open() as newsbot:
        facts = newsbot.status()
    if json_:
        print_json(facts)
    else:
        print_table(facts.items())


@app.command()
def doctor(json_: Json = False) -> None:
    """Say what is installed, which models are used, what is reachable, and how to mend it."""
    from bot.doctor import examine
    from bot.settings import read_settings

    findings = examine(read_settings(data=_Options.data))
    if json_:
        print_json([to_plain(finding) for finding in findings])
    else:
        for finding in findings:
            mark = "ok  " if finding.good else "FAIL"
            say(f"{mark} {finding.subject}: {finding.state}")
            if finding.remedy:
                say(f"     {finding.remedy}")
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)


@contextmanager
def _open() -> Iterator[Newsbot]:
    from bot.newsbot import Newsbot
    from bot.settings import read_settings

    with Newsbot(read_settings(data=_Options.data)) as newsbot:
        yield newsbot


def _sources(addresses: Sequence[str]) -> list[Path | Iterator[Article | Ingested]]:
    """Files and folders by their paths, standard input, and all web addresses at once."""
    from bot.sources.addresses import STANDARD_INPUT, is_web, read, read_web

    web = [address for address in addresses if is_web(address)]
    sources: list[Path | Iterator[Article | Ingested]] = [
        read(address) if address == STANDARD_INPUT else Path(address)
        for address in addresses
        if address not in web
    ]
    return [*sources, read_web(web)] if web else sources


def _articles(addresses: Sequence[str]) -> list[Article]:
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


def _text(address: str) -> str:
    """The text of a file, or of standard input, as it stands."""
    from bot.sources.given import text_from

    return text_from(address)


def _note_writer(newsbot: Newsbot) -> None:
    if newsbot.settings.writer != "extractive":
        note(newsbot.writer_line)
