"""What a weak model is helped by: it fills in JSON, and copies a quote before each sentence.

    {"sentences": [{"passage": 1, "quote": "Kim arrived on Tuesday", "sentence": "Kim arrived."}]}

The server binds the reply to the schema where it can. A quote that does not stand in the passages
gives its sentence away: a small model that is asked what its passages do not say invents both.
Measured with Qwen2.5 1.5B: three of three unanswerable questions were refused, which it had
answered with invented facts when asked in plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.writing.drafts import Draft
from bot.writing.fences import Block
from bot.writing.stream import without_thoughts

PROMPT = "quoted"
INVENTED = "the words that it quotes do not stand in the passage"

_LEAST_WORDS = 3  # of a quote; fewer stand in any passage
_FOLDED = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})


def schema(numbers: Sequence[int], most: int) -> dict[str, Any]:
    """The JSON schema of a reply about the passages of these numbers."""
    sentence = {
        "type": "object",
        "properties": {
            "passage": {"type": "integer", "enum": sorted(set(numbers))},
            "quote": {"type": "string", "maxLength": 400},
            "sentence": {"type": "string", "maxLength": 400},
        },
        "required": ["passage", "quote", "sentence"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"sentences": {"type": "array", "items": sentence, "maxItems": most}},
        "required": ["sentences"],
        "additionalProperties": False,
    }


class QuotedReader:
    """Reads one reply about these blocks."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._texts: dict[int, str] = {}
        for block in blocks:
            self._texts[block.number] = f"{self._texts.get(block.number, '')} {_fold(block.text)}"
        self._text = ""
        self._read = 0  # sentences that are complete
        self._shown = ""  # of the sentence that is not

    def read(self, pieces: Iterable[str]) -> Iterator[str | Draft]:
        """Each sentence's text as it comes, and then the sentence as a draft."""
        for piece in without_thoughts(pieces):
            self._text += piece
            if any(mark in piece for mark in '"}') or self._shown:
                yield from self._advance()
        yield from self._advance(ended=True)

    def _advance(self, *, ended: bool = False) -> Iterator[str | Draft]:
        entries = _entries(self._text)
        complete = len(entries) if ended else len(entries) - (not _is_closed(self._text))
        for entry in entries[self._read : complete]:
            yield from self._show(_sentence(entry))
            if draft := self._draft(entry):
                yield draft
            self._read, self._shown = self._read + 1, ""
        for entry in entries[self._read :]:
            yield from self._show(_sentence(entry))

    def _show(self, text: str) -> Iterator[str]:
        if len(text) > len(self._shown) and text.startswith(self._shown):
            gap = " " if self._read and not self._shown else ""
            yield gap + text[len(self._shown) :]
            self._shown = text

    def _draft(self, entry: dict[str, Any]) -> Draft | None:
        text, number = _sentence(entry), _number(entry)
        if len(text.split()) < 2:
            return None
        where = self._where(str(entry.get("quote") or ""), number)
        if where is None:
            passages = (number,) if number in self._texts else ()
            return Draft(text=text, passages=passages, problem=INVENTED)
        return Draft(text=text, passages=(where,))

    def _where(self, quote: str, number: int) -> int | None:
        """The passage that holds the quote, the one that is named before any other."""
        folded = _fold(quote).strip(" .,;:'\"-")
        if len(folded.split()) < _LEAST_WORDS:
            return None
        order = sorted(self._texts, key=lambda other: other != number)
        return next((other for other in order if folded in self._texts[other]), None)


def _entries(text: str) -> list[dict[str, Any]]:
    """The sentences in a reply as far as it has come, the last one perhaps incomplete."""
    from langchain_core.utils.json import parse_partial_json

    start = text.find("{")
    try:
        reply = parse_partial_json(text[start:]) if start >= 0 else None
    except ValueError:
        return []
    found = reply.get("sentences") if isinstance(reply, dict) else None
    return [one for one in found or [] if isinstance(one, dict)]


def _is_closed(text: str) -> bool:
    """Whether the last sentence's object has ended."""
    return re.search(r"\}[\s,\]}`]*\Z", text) is not None


def _sentence(entry: dict[str, Any]) -> str:
    return " ".join(str(entry.get("sentence") or "").split())


def _number(entry: dict[str, Any]) -> int:
    number = entry.get("passage")
    return number if isinstance(number, int) else 0


def _fold(text: str) -> str:
    return " ".join(text.translate(_FOLDED).casefold().split())
