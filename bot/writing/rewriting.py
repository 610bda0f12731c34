"""A sentence that checking found wrong, written once more.

A strong model is shown the passages that the sentence cites, and told what is wrong with it. A weak
one puts new mistakes in place of the old ones (of 30 sentences it mended 2); it is shown nothing
but the article's sentence that comes nearest, which it shortens.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import closing
from dataclasses import replace
from functools import partial

from bot.entities import Citation, Claim, Passage
from bot.grounding.sentences import words
from bot.writing import fences, shortening
from bot.writing.drafts import Draft, Task
from bot.writing.fences import Block
from bot.writing.scribe import Order, Scribe


def rewrite(scribe: Scribe, task: Task, draft: Draft, found: Claim) -> Draft | None:
    """The draft once more; None where the model does not mend it.

    `found` is what checking made of it: the reasons, and the sentences nearest to it. Raises
    ModelError when the model fails.
    """
    if scribe.chat.guided:
        return _shorten(scribe, task, found)
    return _correct(scribe, task, draft, found)


def _correct(scribe: Scribe, task: Task, draft: Draft, found: Claim) -> Draft | None:
    reasons = "; ".join(found.reasons) or "not supported"
    cited = [one for one in task.passages if one.number in draft.passages] or task.passages
    order = Order(
        name="rewrite",
        variables={"sentence": draft.text, "reasons": reasons},
        most=1,
        shown={one.article.id for one in cited},
    )
    room = scribe.room(order)
    blocks = scribe.blocks(cited, room)
    blocks.sort(key=partial(_overlap, frozenset(words(draft.text))), reverse=True)
    kept, _ = fences.fit(blocks, room)
    with closing(scribe.drafts(order, kept)) as pieces:
        mended = next((piece for piece in pieces if isinstance(piece, Draft)), None)
    return None if mended is None or mended.text == draft.text else mended


def _shorten(scribe: Scribe, task: Task, found: Claim) -> Draft | None:
    """What the model leaves of the nearest sentence."""
    if not found.citations:
        return None
    citation = found.citations[0]
    passage = _passage(citation, task.passages)
    if passage is None:  # checking widened to what the model was not shown
        return None
    block = fences.block(replace(passage, text=citation.quote), scribe.code, scribe.count)
    kept = ", ".join(shortening.kept(citation.quote)) or "none"
    variables = {"passages": block.text, "fence": scribe.code, "kept": kept}
    reply = scribe.fill("shorten", variables, {passage.article.id}, shortening.SCHEMA)
    text = shortening.read(reply)
    if not text or not shortening.is_shortened(text, citation.quote):
        return None
    return Draft(text=text, passages=(passage.number,), closely=True)


def _passage(citation: Citation, passages: Collection[Passage]) -> Passage | None:
    """The passage that holds what is cited."""
    revision = (citation.article, citation.revision)
    holding = (
        one
        for one in passages
        if (one.article.id, one.article.revision) == revision
        and one.start <= citation.start < one.end
    )
    return next(holding, None)


def _overlap(said: frozenset[str], block: Block) -> int:
    return len(said.intersection(words(block.text)))
