"""Commands that write and check: ask, summarise, brief, check, conflicts."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.program import (
    Addresses,
    Ids,
    Json,
    Outlets,
    Since,
    Until,
    app,
    note_judge,
    note_writer,
    open_newsbot,
    read_articles,
    read_text,
)
from bot.terminal import note, print_json, print_result, say, show_progress


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
    with open_newsbot() as newsbot:
        note_writer(newsbot)
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
    with open_newsbot() as newsbot:
        note_writer(newsbot)
        summary = newsbot.summarise(read_articles(addresses), bullets=bullets)
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
    estimate: Annotated[
        bool, typer.Option("--estimate", help="Only say what it would take of a chat model.")
    ] = False,
    json_: Json = False,
) -> None:
    """Brief on the archive: stories with cited bullets, and every article accounted for."""
    if estimate:
        _estimate(topic, since, until, bullets, stories, undated, json_)
        return
    with open_newsbot() as newsbot, show_progress() as progress:
        note_writer(newsbot)
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


def _estimate(
    topic: str | None,
    since: str | None,
    until: str | None,
    bullets: int,
    stories: int,
    undated: bool,
    json_: bool,
) -> None:
    from bot.rendering.phrases import describe_estimate

    with open_newsbot() as newsbot:
        note_writer(newsbot)
        found = newsbot.estimate(topic, since, until, bullets, stories=stories, undated=undated)
    if json_:
        print_json(found)
    else:
        say(f"{describe_estimate(found)}.".capitalize())


@app.command()
def check(
    summary: Annotated[str, typer.Argument(help="A file with the text to check, or -.")],
    addresses: Addresses,
    json_: Json = False,
) -> None:
    """Check any text against articles; exit code 1 when a sentence is not supported."""
    from bot.entities import Verdict

    with open_newsbot() as newsbot:
        note_judge(newsbot)
        checked = newsbot.check(read_text(summary), read_articles(addresses))
    print_result(checked, json_)
    failed = (Verdict.UNSUPPORTED, Verdict.CONTRADICTED)
    if any(claim.verdict in failed for claim in checked.claims):
        raise typer.Exit(1)


@app.command()
def conflicts(addresses: Addresses, json_: Json = False) -> None:
    """Find sentences that cannot both be true; exit code 1 when there are some."""
    articles = read_articles(addresses)
    with open_newsbot() as newsbot:
        found = newsbot.conflicts(*articles)
    if json_:
        print_json({"conflicts": found})
    else:
        titles = {article.id: article.outlet or article.title for article in articles}
        for one in found:
            say(f"{one.kind}: {one.reason}")
            for side in (one.first, one.second):
                say(f"  {titles.get(side.article, side.article)}: “{side.quote}”")
    if found:
        raise typer.Exit(1)
    note("No conflict was found.")
