"""Bullets of whole articles: of all at once where they fit the model's context, else part by part.

The parts are read at once, as many as may be; the bullets are then chosen from the notes of all of
them, in the order of the articles.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import reduce

from bot.entities import Estimate
from bot.errors import ModelOutputError
from bot.writing import fences
from bot.writing.condensing import condense
from bot.writing.drafts import Draft, Purpose, Task
from bot.writing.fences import Block
from bot.writing.scribe import Order, Scribe

_NOTE = 50  # tokens of a sentence that was noted


def write_bullets(
    scribe: Scribe, order: Order, task: Task, notices: list[str], parallel: int
) -> Iterator[str | Draft]:
    """Text as it streams in and the bullets; `notices` gains what the reader should be told."""
    shown = shorten(scribe, order, task)
    if shown is not task:
        notices.append(_told(scribe, task, shown))
    batches = _batches(scribe, order, shown)
    if len(batches) <= 1:
        for blocks in batches:
            yield from scribe.drafts(order, blocks)
        return
    notices.append(f"Longer than the model's context: read in {len(batches)} parts.")
    notes = _read(scribe, order, batches, notices, parallel)
    combining = _combining(order, task)
    room = scribe.room(combining)
    while len(blocks := fences.fold(notes, scribe.code, scribe.count, room)) > 1:
        shorter = _read(scribe, combining, [[block] for block in blocks], notices, parallel)
        notes = shorter[: len(notes) // 2]  # or a model that drops nothing would never end
    yield from scribe.drafts(combining, blocks)


def estimate_bullets(scribe: Scribe, order: Order, task: Task) -> Estimate:
    """About what writing them will take."""
    batches = _batches(scribe, order, shorten(scribe, order, task))
    estimates = [scribe.estimate(order, blocks) for blocks in batches]
    if len(batches) > 1:
        noted = Block(0, "", len(batches) * order.most * _NOTE)
        estimates.append(scribe.estimate(_combining(order, task), [noted]))
    return reduce(Estimate.__add__, estimates, Estimate())


def shorten(scribe: Scribe, order: Order, task: Task) -> Task:
    """The task, a story's articles shortened to their most telling sentences if they are too long.

    A weak model is given no more than what it reads at once.
    """
    if task.purpose is not Purpose.STORY:
        return task
    chat, room = scribe.chat, scribe.room(order)
    most = min(chat.story_tokens, room) if chat.guided else chat.story_tokens
    overhead = sum(
        fences.block(replace(one, text=""), scribe.code, scribe.count).tokens
        for one in task.passages
    )
    if _tokens(scribe, task) + overhead <= most:
        return task
    budget = max(most - overhead, 0)
    return replace(task, passages=condense(task.passages, scribe.count, budget, task.question))


def _told(scribe: Scribe, task: Task, shown: Task) -> str:
    given, whole = _tokens(scribe, shown), _tokens(scribe, task)
    return (
        f"The model was given the most telling sentences of {len(task.passages)} articles, "
        f"{given:,} of {whole:,} tokens; NEWSBOT_STORY_TOKENS gives it more."
    )


def _tokens(scribe: Scribe, task: Task) -> int:
    return sum(scribe.count(passage.text) for passage in task.passages)


def _batches(scribe: Scribe, order: Order, task: Task) -> list[list[Block]]:
    room = scribe.room(order)
    return fences.batch(scribe.blocks(task.passages, room), room)


def _combining(order: Order, task: Task) -> Order:
    numbers = {passage.number for passage in task.passages}
    return replace(order, name="combine", numbers=numbers, wish="")


def _read(
    scribe: Scribe,
    order: Order,
    batches: Sequence[Sequence[Block]],
    notices: list[str],
    parallel: int,
) -> list[str]:
    """The notes of all parts, in their order, several of them taken at once."""
    from langchain_core.runnables.config import ContextThreadPoolExecutor

    notes: list[str] = []
    with ContextThreadPoolExecutor(min(parallel, len(batches))) as pool:
        try:
            for lines, told in pool.map(lambda blocks: _note(scribe, order, blocks), batches):
                notes += lines
                notices += told
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)  # the others need not be asked for
            raise
    return notes


def _note(scribe: Scribe, order: Order, blocks: Sequence[Block]) -> tuple[list[str], list[str]]:
    """The sentences of one part, each with its marks; what a broken reply completed counts.

    Beside them, what the reader should be told.
    """
    notes: list[str] = []
    try:
        for piece in scribe.drafts(order, blocks):
            if isinstance(piece, Draft) and not piece.problem:
                marks = "".join(f"[{number}]" for number in piece.passages)
                notes.append(f"- {piece.text} {marks}")
    except ModelOutputError as error:
        return notes, [f"One part was read incompletely. {error}"]
    return notes, []
