"""The same words, whatever their spaces, capitals, commas and quotation marks.

Numbers with their signs and units count: "£4.5m" is neither "$4.5m" nor "£45m".
"""

from __future__ import annotations

import re
from functools import lru_cache

_TOKEN = re.compile(r"[£$€¥%]|(?<!\w)-(?=\d)|\d+(?:[.,]\d+)*|[^\W\d_]+")


def tokens(text: str) -> list[str]:
    """The words, numbers and their signs, in small letters."""
    return _TOKEN.findall(text.casefold())


def stands(sentence: str, text: str) -> bool:
    """Whether a text has the sentence, word for word."""
    return f" {' '.join(tokens(sentence))} " in _joined(text)


@lru_cache(256)  # a text is asked for each sentence of another
def _joined(text: str) -> str:
    return f" {' '.join(tokens(text))} "
