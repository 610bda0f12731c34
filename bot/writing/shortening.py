"""A sentence of an article, shortened by a weak model.

Such a model leaves words out well, and with them who says so, and that it only may be so. These
words are told to it beforehand, and looked for afterwards; other words than the sentence has are
for whoever checks it.

    kept("The ferry may sail today, the harbour authority said.")   # ("may", "said")
    read('{"sentence": "The ferry may sail, the harbour authority said."}')
"""

from __future__ import annotations

import json
import re
from typing import Any

from bot.grounding.liberties import HEDGES
from bot.grounding.sentences import words
from bot.writing.stream import without_thoughts

LEAST_WORDS = 4  # fewer are no sentence
LONGEST = 400  # characters
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"sentence": {"type": "string", "maxLength": LONGEST}},
    "required": ["sentence"],
    "additionalProperties": False,
}

_KEPT = re.compile(
    r"\b(?:(?:close|up|according) to|(?:more|less|fewer|other|rather) than|at (?:least|most)|"
    r"\w+n['’]t|not?|never|without|nobody|none|nothing|neither|nor|cannot|if|unless|except|only|"
    r"nearly|almost|some|most|half|"
    r"(?:said|says?|tells?|told)|(?:accus|add|alleg|announc|argu|claim|den|insist|report|warn|"
    r"suggest)(?:e?[sd]|i?e[sd])?|(?-i:may)|" + "|".join(sorted(HEDGES - {"may"})) + r")\b",
    re.IGNORECASE,
)


def kept(sentence: str) -> tuple[str, ...]:
    """The words without which the sentence would say another thing, or say it for certain."""
    return tuple(dict.fromkeys(found.group().lower() for found in _KEPT.finditer(sentence)))


def read(reply: str) -> str:
    """The sentence of a reply; "" where there is none."""
    try:
        found = json.loads("".join(without_thoughts([reply])))
    except ValueError:
        return ""
    text = found.get("sentence") if isinstance(found, dict) else None
    if not isinstance(text, str) or len(text.split()) < LEAST_WORDS:
        return ""
    return " ".join(text.split())


def is_shortened(short: str, sentence: str) -> bool:
    """Whether it is shorter than the sentence, and has the words that it must keep."""
    return len(words(short)) < len(words(sentence)) and set(kept(sentence)) <= set(kept(short))
