"""Plain text in the seeds' convention: a date line, a headline, paragraphs; each may be missing.

Sat. Sep 30th, 2023
North Korean Leader Holds Talks with Russian President

North Korean leader Kim Jong Un has met with ...
"""

from __future__ import annotations

import re

from bot.sources.cleaning import clean
from bot.sources.dates import Published, parse_date_line
from bot.sources.reading import LONGEST_HEADLINE, Reading

_SENTENCE_END = re.compile(r"[.!?;:,…][\"'”’)\]]*$")
_ABBREVIATION_END = re.compile(r"(?:\b[A-Z]\.|\b(?:Inc|Corp|Co|Ltd|Jr|Sr|Bros|a\.m|p\.m)\.)$")


def parse(text: str) -> Reading:
    """The parts of a plain-text article. A headline without a date line above it is a guess."""
    rest = clean(text)
    published, rest = _take_date(rest)
    title, rest_without = _take_headline(rest)
    if title:
        rest = rest_without
    if title and published is None:
        published, rest = _take_date(rest)
    guessed = ("title",) if title and published is None else ()
    return Reading(title=title, text=rest, published=published, guessed=guessed)


def _take_date(text: str) -> tuple[Published | None, str]:
    line, _, rest = text.partition("\n")
    published = parse_date_line(line)
    return (published, rest.lstrip("\n")) if published else (None, text)


def _take_headline(text: str) -> tuple[str, str]:
    """The first line, when it reads as a headline and text follows it."""
    line, _, rest = text.partition("\n")
    if not rest.strip() or len(line) > LONGEST_HEADLINE:
        return "", text
    stands_alone = rest.startswith("\n")
    is_question = line.endswith(("?", "!")) and stands_alone
    ends_as_sentence = _SENTENCE_END.search(line) and not _ABBREVIATION_END.search(line)
    if ends_as_sentence and not is_question:
        return "", text
    next_line = rest.lstrip("\n").partition("\n")[0]
    if not stands_alone and len(next_line) <= len(line) + 20:
        return "", text  # hard-wrapped lines of one paragraph
    return line, rest.lstrip("\n")
