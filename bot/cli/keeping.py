"""Commands about what is kept: ingest, search, remove, rebuild, status, doctor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.program import (
    Addresses,
    Ids,
    Json,
    Options,
    Outlets,
    Since,
    Until,
    app,
    open_newsbot,
)
from bot.terminal import (
    first_lines,
    note,
    print_each,
    print_json,
    print_report,
    print_table,
    say,
    show_progress,
)

if TYPE_CHECKING:
    from bot.entities import Passage


@app.command()
def ingest(
    addresses: Addresses,
    restore: Annotated[
        bool, typer.Option("--restore", help="Bring back what was removed.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on with what appears or changes in folders.")
    ] = False,
    json_: Json = False,
) -> None:
    """Read articles and keep them; what is known already is skipped, what changed is revised."""
    from bot.entities import Outcome

    if watch:
        if json_ or restore:
            raise typer.BadParameter("--watch goes with neither --json nor --restore.")
        _watch(addresses)
        return

    with open_newsbot() as newsbot, show_progress() as progress:
        report = newsbot.ingest(addresses=addresses, restore=restore, progress=progress)
    if json_:
        print_json(report.outcomes)
    else:
        print_report(report)
    fruitless = all(one.outcome is Outcome.SKIPPED and one.article is None for one in report)
    if report.count(Outcome.FAILED) or fruitless:
        raise typer.Exit(1)


def _watch(folders: list[str]) -> None:
    """Prints what is kept, until Ctrl-C."""
    from bot.entities import Outcome
    from bot.errors import InterruptedWorkError

    kept: int | None = None
    with open_newsbot() as newsbot:
        try:
            with show_progress() as progress:
                for report in newsbot.watch(*map(Path, folders), progress=progress):
                    print_report(report, only_new=True)
                    if kept is None:
                        note(f"Watching {', '.join(folders)}; Ctrl-C ends it.")
                    kept = (kept or 0) + report.count(Outcome.ADDED) + report.count(Outcome.REVISED)
        except (KeyboardInterrupt, InterruptedWorkError):
            note(f"Stopped watching; {kept or 0} articles were added or revised.")


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
    with open_newsbot() as newsbot:
        passages = newsbot.search(
            query,
            since=since,
            until=until,
            outlets=tuple(outlet or ()),
            articles=tuple(article or ()),
            count=count,
        )
    print_each(passages, json_, _describe, none="Nothing was found.")


def _describe(passage: Passage) -> str:
    article = passage.article
    when = f"{article.published:%Y-%m-%d}" if article.published else "undated"
    source = ", ".join(filter(None, [article.outlet, when, article.id]))
    return f"{passage.number}. {article.title} ({source})\n{first_lines(passage.text)}\n"


@app.command()
def remove(
    articles: Annotated[list[str], typer.Argument(help="Ids of articles.")],
) -> None:
    """Delete articles and their text for good; citations of them then say so."""
    with open_newsbot() as newsbot:
        for identity in articles:
            newsbot.remove(identity)
            say(f"removed {identity}")


@app.command()
def rebuild() -> None:
    """Make the search index anew from the archive."""
    with open_newsbot() as newsbot, show_progress() as progress:
        chunks = newsbot.rebuild(progress=progress)
    say(f"The index holds {chunks} chunks.")


@app.command()
def status(json_: Json = False) -> None:
    """Say what the archive holds and who writes."""
    with open_newsbot() as newsbot:
        facts = newsbot.status()
    if json_:
        print_json(facts)
    else:
        schedule = facts.pop("schedule")
        print_table([*facts.items(), *((f"schedule, {name}", schedule[name]) for name in schedule)])


@app.command()
def doctor(json_: Json = False) -> None:
    """Say what is installed, which models are used, what is reachable, and how to mend it."""
    from bot.doctor import examine
    from bot.settings import read_settings

    findings = examine(read_settings(data=Options.data))
    print_each(findings, json_, str, none="Nothing was examined.")
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)
