"""What the command line shows: results and JSON on standard output, all else on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import typer

if TYPE_CHECKING:
    from bot.entities import Answer, Briefing, Check, IngestReport, Progress, Report, Summary

Thing = TypeVar("Thing")

_LONGEST_NOTE = 40  # characters of the address that is read


@contextmanager
def show_progress() -> Iterator[Report]:
    """A progress bar on standard error, with rate and time left, where that is a terminal."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        SpinnerColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bar

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}", markup=False),
    )
    console = Console(stderr=True)
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks: dict[str, Any] = {}

        def show(progress: Progress) -> None:
            if progress.stage == "estimating":  # before what may be costly
                bar.console.print(f"The model is asked for {progress.note}.")
                return
            if progress.stage not in tasks:
                tasks[progress.stage] = bar.add_task(progress.stage, total=None, rate="", note="")
            task = bar.tasks[tasks[progress.stage]]
            rate = f"{task.speed:.1f}/s" if task.speed else ""
            bar.update(
                task.id,
                completed=progress.done,
                total=progress.total,
                rate=rate,
                note=progress.note[-_LONGEST_NOTE:],
            )

        yield show


def print_report(report: IngestReport, *, only_new: bool = False) -> None:
    """The outcomes one a line, and a count of each."""
    from bot.entities import Outcome

    for one in report:
        if only_new and one.outcome is Outcome.UNCHANGED:
            continue
        parts = [one.message] if one.address in one.message else [one.address, one.message]
        note(f"{one.outcome:>9}  {': '.join(filter(None, parts))}")
    counts = [f"{report.count(outcome)} {outcome}" for outcome in Outcome if report.count(outcome)]
    note(", ".join(counts) or "Nothing was there to ingest.")


def print_result(result: Answer | Briefing | Check | Summary, as_json: bool) -> None:
    """A result as Markdown, laid out where standard output is a terminal, or as JSON."""
    if as_json:
        sys.stdout.write(result.to_json() + "\n")
    elif sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(str(result), hyperlinks=False))
    else:
        sys.stdout.write(str(result))


def print_json(value: Any) -> None:
    """Dataclasses and plain values as one JSON document."""
    sys.stdout.write(json.dumps(to_plain(value), ensure_ascii=False, indent=2) + "\n")


def to_plain(value: Any) -> Any:
    """Dataclasses, however deep, as plain JSON values; times as ISO 8601."""
    from pydantic_core import to_jsonable_python

    return to_jsonable_python(value)


def print_each(
    found: Sequence[Thing], as_json: bool, describe: Callable[[Thing], str], *, none: str
) -> None:
    """What was found: one JSON document, or a description each; `none` is said of nothing."""
    if as_json:
        print_json(found)
        return
    for one in found:
        say(describe(one))
    if not found:
        note(none)


def print_table(rows: Iterable[tuple[str, Any]]) -> None:
    """Names and values, one pair a line."""
    for name, value in rows:
        say(f"{name.replace('_', ' ') + ':':<22}{value}")


def first_lines(text: str, characters: int = 280) -> str:
    """The beginning of a passage, on one line."""
    short = " ".join(text.split())
    return short if len(short) <= characters else short[:characters].rsplit(" ", 1)[0] + " …"


def say(text: str) -> None:
    """A line of what was asked for."""
    typer.echo(text)


def note(text: str) -> None:
    """A line beside what was asked for."""
    typer.echo(text, err=True)
