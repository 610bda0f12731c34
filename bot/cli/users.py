"""Commands about who may use the page and its API: user add, list, remove, token."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.program import Json, app, open_newsbot
from bot.terminal import note, print_each, say

if TYPE_CHECKING:
    from bot.archive.users import User

user = typer.Typer(
    help="Who may use the page and its API. Once there are users, everybody signs in.",
    no_args_is_help=True,
)
app.add_typer(user, name="user")

Name = Annotated[str, typer.Argument(help="Small letters, digits, dots, dashes, underscores.")]


@user.command()
def add(name: Name) -> None:
    """Add a user. The password is asked for twice, or read from standard input."""
    with open_newsbot() as newsbot:
        is_first = not newsbot.users.exist()
        newsbot.users.add(name, _read_password(name))
        say(f"added {name}")
        if is_first and (count := newsbot.conversations.adopt(name)):
            note(f"{count} conversations from before there were users are {name}'s now.")


@user.command(name="list")
def list_users(json_: Json = False) -> None:
    """List the users and their tokens, which are known by their ids."""
    with open_newsbot() as newsbot:
        users = newsbot.users.list()
    none = "There are no users; whoever is at this machine uses Newsbot without a login."
    print_each(users, json_, _describe, none=none)


@user.command()
def remove(name: Name) -> None:
    """Remove a user, with tokens, sessions and conversations, for good."""
    with open_newsbot() as newsbot:
        newsbot.users.remove(name)
        newsbot.conversations.erase(name)
        say(f"removed {name}")
        if not newsbot.users.exist():
            note("There are no users any more; the page is open to whoever is at this machine.")


@user.command()
def token(
    name: Name,
    label: Annotated[str, typer.Option(help="What the token is for.")] = "",
    revoke: Annotated[str | None, typer.Option(help="Id of a token to end instead.")] = None,
) -> None:
    """Print a new token for the API and MCP. It is shown this once, and valid until revoked."""
    with open_newsbot() as newsbot:
        if revoke is not None:
            newsbot.users.revoke(name, revoke)
            say(f"revoked {revoke}")
            return
        say(newsbot.users.issue_token(name, label))
        note("Send it as `Authorization: Bearer TOKEN`; it is not shown again.")


def _describe(user: User) -> str:
    tokens = (
        f"\n  token {token.id} {token.label}, since {token.added:%Y-%m-%d}" for token in user.tokens
    )
    return f"{user.name}, since {user.added:%Y-%m-%d}{''.join(tokens)}"


def _read_password(name: str) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password: str = typer.prompt(
        f"Password of {name}", hide_input=True, confirmation_prompt="The same again", err=True
    )
    return password
