"""The command line: each command is one call of `Newsbot`, its result printed.

With `--json` exactly one JSON document goes to standard output; progress, notices and errors always
go to standard error. Nothing but Typer and Rich is imported before a command runs.
"""

from bot.cli import (  # noqa: F401 - each adds its commands to the program
    articles,
    keeping,
    models,
    schedule,
    serving,
    users,
    writing,
)
from bot.cli.program import app

__all__ = ["app"]
