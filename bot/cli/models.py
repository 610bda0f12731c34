"""Commands about chat models: what they took, which there are, and fetching one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.program import Json, Options, app, open_newsbot
from bot.terminal import note, print_json, print_table, say

if TYPE_CHECKING:
    from bot.entities import Usage

models = typer.Typer(help="List chat models, or fetch one.", no_args_is_help=True)
app.add_typer(models, name="model")


@app.command()
def usage(
    since: Annotated[str | None, typer.Option(help="From when: 7d, 2026-11-20, yesterday.")] = None,
    json_: Json = False,
) -> None:
    """Say what calls of chat models took, by day, model and purpose."""
    with open_newsbot() as newsbot:
        found = newsbot.usage(since)
    if json_:
        print_json(found)
    elif found:
        _print_usage(found)
    else:
        note("No chat model was called.")


@models.command("list")
def list_models(json_: Json = False) -> None:
    """Say which models are in use, which are on this machine, and which can be fetched."""
    from bot.writing.hub import MODELS

    with open_newsbot() as newsbot:
        used = newsbot.models
        here = sorted((newsbot.settings.directory / "models").glob("*.gguf"))
    if json_:
        print_json({"used": used, "here": here, "fetchable": MODELS})
        return
    print_table(used.items())
    for path in here:
        say(f"here: {path}")
    for model in MODELS:
        say(f"newsbot model pull {model.name:<14}{model.gigabytes:g} GB, {model.licence}")


@models.command("pull")
def pull_model(
    name: Annotated[
        str, typer.Argument(help="A name that model list shows, or OWNER/REPO/FILE.gguf.")
    ] = "qwen2.5-1.5b",
) -> None:
    """Fetch a model's file from the Hugging Face hub and check its hash."""
    from bot.settings import read_settings
    from bot.writing.hub import pull
    from bot.writing.models import stop_telemetry

    stop_telemetry()
    path = pull(name, read_settings(data=Options.data).directory / "models")
    say(f"{path} is here; set NEWSBOT_MODEL=local:{path}")


def _print_usage(found: Sequence[Usage]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold")
    for column in ("day", "model", "purpose"):
        table.add_column(column)
    for column in ("calls", "failed", "from cache", "input", "cached", "output", "cost", "seconds"):
        table.add_column(column, justify="right")
    for one in found:
        numbers = (one.calls, one.failed, one.from_cache)
        tokens = (one.input_tokens, one.cached_tokens, one.output_tokens)
        cost = "?" if one.cost is None else f"{one.cost:.4f}"
        row = [f"{number:,}" for number in (*numbers, *tokens)]
        table.add_row(str(one.day), one.model, one.purpose, *row, cost, f"{one.seconds:,.1f}")
    Console(width=None if Console().is_terminal else 160).print(table)
