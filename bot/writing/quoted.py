"""What a weak model is helped by: it fills in JSON, and copies a quote before each sentence.

    {"sentences": [{"passage": 1, "quote": "Kim arrived on Tuesday", "sentence": "Kim arrived."}]}

The server binds the reply to the schema where it can. A quote that does not stand in the passages
gives its sentence away: a small model that is asked what its passages do not say invents both.
Measured with Qwen2.5 1.5B: three of three unanswerable questions were refused, which it had
answered with invented facts when asked in plain text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import Any

from bot.writing.drafts import Draft
from bot.writing.fences import Block
from bot.writing.stream import without_thoughts

PROMPT = "quoted"
INVENTED = "the words that it quotes do not stand in the passage"
FRAGMENT = "it is no whole sentence"

_LIST = re.compile(r'"sentences"\s*:\s*\[|\A\s*\[')
_END = re.compile(r"[.!?…][\"'”’)\]]*$")
_LEAST_WORDS = 3  # of a quote; fewer stand in any passage
# What a copy may have otherwise: case, spaces and marks, except in a number or before an amount.
_FOLDED = re.compile(r"[^\w.,$€£¥%]+|_|(?<!\d)[.,]|[.,](?!\d)")


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
        self._text = ""  # what is still to be read of the list of sentences
        self._is_in_list = False
        self._has_shown = False
        self._shown = ""  # of the sentence that is not complete yet
        self._said: set[str] = set()

    def read(self, pieces: Iterable[str]) -> Iterator[str | Draft]:
        """Each sentence's text as it comes, and then the sentence as a draft.

        It ends where a sentence comes again: a small model would then repeat it to the end.
        """
        for piece in without_thoughts(pieces):
            self._text += piece
            if not self._is_in_list and (start := _LIST.search(self._text)):
                self._is_in_list, self._text = True, self._text[start.end() :]
            if self._is_in_list:
                if not (yield from self._take_complete()):
                    return
                begun = _sentence(_begun(self._text))
                if not any(said.startswith(begun) for said in self._said):
                    yield from self._show(begun)

    def _take_complete(self) -> Generator[str | Draft, None, bool]:
        """What is complete by now; False once a sentence comes again."""
        while (found := _first(self._text)) is not None:
            entry, end = found
            self._text = self._text[end:]
            if not isinstance(entry, dict):
                continue
            if (text := _sentence(entry)) in self._said:
                return False
            self._said.add(text)
            yield from self._show(text)
            self._shown = ""
            if draft := self._draft(entry):
                yield draft
        return True

    def _show(self, text: str) -> Iterator[str]:
        if len(text) > len(self._shown) and text.startswith(self._shown):
            gap = " " if self._has_shown and not self._shown else ""
            yield gap + text[len(self._shown) :]
            self._shown, self._has_shown = text, True

    def _draft(self, entry: dict[str, Any]) -> Draft | None:
        text, number = _sentence(entry), _number(entry)
        if len(text.split()) < 2:
            return None
        where = self._where(str(entry.get("quote") or ""), number)
        if where is None:
            passages = (number,) if number in self._texts else ()
            return Draft(text=text, passages=passages, problem=INVENTED, closely=True)
        problem = "" if _is_whole(text) else FRAGMENT
        return Draft(text=text, passages=(where,), problem=problem, closely=True)

    def _where(self, quote: str, number: int) -> int | None:
        """The passage that holds the quote, the one that is named before any other."""
        if len(re.findall(r"\w+", quote)) < _LEAST_WORDS:
            return None
        folded = _fold(quote)
        order = sorted(self._texts, key=lambda other: other != number)
        return next((other for other in order if folded in self._texts[other]), None)


def _first(text: str) -> tuple[Any, int] | None:
    """The first value in the rest of a list, and where it ends; None while it is not complete."""
    start = len(text) - len(text.lstrip(" \t\r\n,"))
    try:
        return json.JSONDecoder().raw_decode(text, start)
    except ValueError:
        return None


def _begun(text: str) -> dict[str, Any]:
    """The object at the beginning of the text as far as it has come."""
    from langchain_core.utils.json import parse_partial_json

    start = text.find("{")
    try:
        found = parse_partial_json(text[start:]) if start >= 0 else None
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _sentence(entry: dict[str, Any]) -> str:
    text = entry.get("sentence")
    return " ".join(text.split()) if isinstance(text, str) else ""


def _is_whole(text: str) -> bool:
    """A quotation mark within a sentence ends it in JSON; a weak model then goes on regardless."""
    return bool(_END.search(text)) and not text.split()[0].islower()


def _number(entry: dict[str, Any]) -> int:
    number = entry.get("passage")
    return number if isinstance(number, int) else 0


def _fold(text: str) -> str:
    return _FOLDED.sub("", text.casefold())
