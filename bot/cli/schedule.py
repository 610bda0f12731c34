"""Commands about standing briefings: what is due, running it, and the editions that came of it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.program import Json, app, note_writer, open_newsbot
from bot.terminal import (
    note,
    print_each,
    print_json,
    print_result,
    say,
    show_progress,
    to_plain,
)

if TYPE_CHECKING:
    from bot.chronicle import Difference
    from bot.editions.editions import PastRun, StandingState

schedule = typer.Typer(
    name="schedule", help="Standing briefings and their editions.", no_args_is_help=True
)
app.add_typer(schedule, name="schedule")

Name = Annotated[str, typer.Argument(help="The name of a standing briefing.")]
Reference = Annotated[
    str, typer.Argument(metavar="EDITION", help="NAME/NUMBER, or NAME for the latest.")
]


@schedule.command()
def start() -> None:
    """Make editions when they are due, until it is stopped."""
    with _stopped_by_signals() as stopped, open_newsbot() as newsbot:
        for state in newsbot.editions.list():
            say(_describe(state))
        note_writer(newsbot)
        note("The schedule runs; Ctrl-C ends it.")
        newsbot.editions.scheduler().run(stopped)
    note("The schedule has ended.")


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """An event that Ctrl-C or a polite kill sets, for as long as the block runs."""
    stopped = threading.Event()
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(one, lambda *_: stopped.set()) for one in signals]
    try:
        yield stopped
    finally:
        for one, handler in zip(signals, before, strict=True):
            signal.signal(one, handler)


@schedule.command("list")
def list_standing(json_: Json = False) -> None:
    """Say when each standing briefing is due next, and how its last run went."""
    with open_newsbot() as newsbot:
        states = newsbot.editions.list()
    if json_:
        print_json(list(map(_plain_state, states)))
    else:
        print_each(states, False, _describe, none="There is no standing briefing.")


@schedule.command()
def check(
    file: Annotated[
        Path | None, typer.Argument(help="A file of standing briefings; else the one in use.")
    ] = None,
    json_: Json = False,
) -> None:
    """Tell every mistake in a file of standing briefings; exit code 1 when there is one."""
    with open_newsbot() as newsbot:
        mistakes = newsbot.editions.check(file)
        path = file or newsbot.editions.path
    print_each(mistakes, json_, lambda one: f"{path}, {one}", none=f"{path} has no mistake.")
    if mistakes:
        raise typer.Exit(1)


@schedule.command()
def run(
    name: Name,
    extra: Annotated[
        bool, typer.Option("--extra", help="An edition of this moment, beside the schedule.")
    ] = False,
    json_: Json = False,
) -> None:
    """Make the edition of the latest slot now, or show the one that is there already."""
    with open_newsbot() as newsbot, show_progress() as progress:
        note_writer(newsbot)
        edition = newsbot.editions.run(name, extra=extra, progress=progress)
    print_result(edition, json_)


@schedule.command()
def history(name: Name, json_: Json = False) -> None:
    """List the runs of a standing briefing, their failures and deliveries, newest first."""
    with open_newsbot() as newsbot:
        runs = newsbot.editions.history(name)
    print_each(runs, json_, _describe_run, none=f"There was no run of {name} yet.")


@schedule.command()
def show(edition: Reference, json_: Json = False) -> None:
    """Print an edition."""
    with open_newsbot() as newsbot:
        found = newsbot.editions.edition(edition)
    print_result(found, json_)


@schedule.command()
def diff(first: Reference, second: Reference, json_: Json = False) -> None:
    """Say what tells two editions apart: their claims, and what they were made with."""
    with open_newsbot() as newsbot:
        difference = newsbot.editions.diff(first, second)
    if json_:
        print_json(difference)
    else:
        _print_difference(difference)


@schedule.command()
def replay(edition: Reference, json_: Json = False) -> None:
    """Make an edition again from its manifest; exit code 1 when it is not the same."""
    with open_newsbot() as newsbot:
        made = newsbot.editions.replay(edition)
    if json_:
        print_json({"same": made.is_same, "removed": made.removed, **to_plain(made.difference)})
    else:
        _print_difference(made.difference)
        for article in made.removed:
            say(f"removed since: {article}")
        note("The edition is the same." if made.is_same else "The edition is not the same.")
    if not made.is_same:
        raise typer.Exit(1)


@schedule.command()
def timeline(
    name: Name,
    days: Annotated[int, typer.Option(min=1, max=1000, help="How many days at most.")] = 20,
    json_: Json = False,
) -> None:
    """Print the days that the news turned on, and what the editions told of each."""
    with open_newsbot() as newsbot:
        milestones = newsbot.editions.timeline(name, days)
    print_each(
        milestones,
        json_,
        lambda one: f"{one.day}  {one.text} ({name}, {one.told_in})",
        none=f"The editions of {name} tell of no day yet.",
    )


def _print_difference(difference: Difference) -> None:
    for line in difference.only_first:
        say(f"- {line}")
    for line in difference.only_second:
        say(f"+ {line}")
    for name, (one, other) in difference.values.items():
        say(f"{name}: {one or 'none'} -> {other or 'none'}")


def _describe(state: StandingState) -> str:
    return f"{state.standing.name}: {state}"


def _describe_run(past: PastRun) -> str:
    run = past.run
    number = f"{run.standing}/{run.number}" if run.number else run.standing
    late = ", late" if run.late else ""
    tries = f", attempt {run.attempts}" if run.attempts > 1 else ""
    lines = [f"{number}  {run.slot:%Y-%m-%d %H:%M %Z}  {run.state}{late}{tries}"]
    if run.next_try_at:
        lines.append(f"  next attempt {run.next_try_at:%Y-%m-%d %H:%M %Z}")
    lines += [f"  stands for {one:%Y-%m-%d %H:%M %Z}" for one in run.missed]
    lines += [f"  failed {one.at:%Y-%m-%d %H:%M %Z}: {one.message}" for one in past.failures]
    lines += [f"  {one}" for one in past.deliveries]
    return "\n".join(lines)


def _plain_state(state: StandingState) -> dict[str, Any]:
    standing = state.standing
    return {
        "name": standing.name,
        "title": standing.title,
        "schedule": standing.schedule.text if standing.schedule else None,
        "next": state.next_at,
        "overdue": state.overdue,
        "last": state.last,
        "failures": state.failures,
    }
