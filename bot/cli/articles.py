"""Commands about one article: its text, and what its revisions changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.program import Json, app, open_newsbot
from bot.terminal import note, print_json, say, to_plain

if TYPE_CHECKING:
    from bot.entities import Article
    from bot.revisions import RevisionChange


@app.command()
def article(
    identity: Annotated[str, typer.Argument(metavar="ID", help="Id of an article.")],
    revision: Annotated[
        int | None, typer.Option(min=1, help="Another revision than the current one.")
    ] = None,
    changes: Annotated[
        bool, typer.Option("--changes", help="What each revision changed, and what it corrects.")
    ] = False,
    json_: Json = False,
) -> None:
    """Print an article as it is kept, or what changed in it."""
    with open_newsbot() as newsbot:
        found = newsbot.article(identity, revision)
        changed = newsbot.changes(identity) if changes else ()
    if not changes:
        print_json(found) if json_ else _print_article(found)
    elif json_:
        print_json([to_plain(one) | {"corrects": one.is_correction} for one in changed])
    else:
        _print_changes(changed)


def _print_article(article: Article) -> None:
    when = f"{article.published:%Y-%m-%d %H:%M}" if article.published else "undated"
    facts = [article.outlet, article.author, when, article.language, article.url or article.address]
    say(f"{article.title}\n{', '.join(filter(None, facts))}; revision {article.revision}\n")
    say(article.text)


def _print_changes(changed: tuple[RevisionChange, ...]) -> None:
    if not changed:
        note("The article has one revision; nothing has changed in it.")
    for one in changed:
        when = f", read {one.article.retrieved:%Y-%m-%d %H:%M}" if one.article.retrieved else ""
        say(f"Revision {one.article.revision}{when}{': a correction' * one.is_correction}")
        for difference in one.differences:
            say(f"- {difference.before}") if difference.before else None
            say(f"+ {difference.after}") if difference.after else None
        say("")
