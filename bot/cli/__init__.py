"""The command line: each command is one call of `Newsbot`, its result printed.

With `--json` exactly one JSON document goes to standard output; progress, notices and errors always
go to standard error. Nothing but Typer and Rich is imported before a command runs.
"""

from bot.cli import keeping, models, serving, writing  # noqa: F401 - each adds its commands
from bot.cli.program import app

__all__ = ["app"]
