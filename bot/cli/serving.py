"""The command that serves the page."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.program import app, note_judge, open_newsbot
from bot.terminal import note, print_report, print_result, show_progress


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 7860,
    name: Annotated[
        list[str] | None,
        typer.Option("--name", help="A name that people open it under; repeatable."),
    ] = None,
    ingest_first: Annotated[
        list[str] | None, typer.Option("--ingest", help="Ingest this before; repeatable.")
    ] = None,
    brief_first: Annotated[
        bool, typer.Option("--brief", help="Print a briefing of the archive before.")
    ] = False,
) -> None:
    """Serve the chat page until it is stopped."""
    from bot.web.app import serve as serve_page

    with open_newsbot() as newsbot:
        newsbot.status()  # an index of another embedding model is told now, not on the page
        if ingest_first:
            with show_progress() as progress:
                print_report(
                    newsbot.ingest(addresses=ingest_first, progress=progress),
                    only_new=True,
                )
        if brief_first:
            with show_progress() as progress:
                briefing = newsbot.brief(progress=progress)
            print_result(briefing, False)
        note(newsbot.writer_line)
        note_judge(newsbot)
        with newsbot.editions.scheduling():
            serve_page(newsbot, host=host, port=port, names=name or ())
