"""Plain text in the seeds' convention: a date line, a headline, paragraphs; each may be missing.

    Sat. Sep 30th, 2023
    North Korean Leader Holds Talks with Russian President

    North Korean leader Kim Jong Un has met with ...

Below the headline a byline may stand, and the date instead of above.
"""

from __future__ import annotations

import re

from bot.sources.cleaning import clean
from bot.sources.dates import Published, parse_date_line
from bot.sources.reading import LONGEST_HEADLINE, Reading

_SENTENCE_END = re.compile(r"[.!?;:,…—–-][\"'”’)\]]*$")
_BYLINE = re.compile(r"By:? ((?:[^\W\d_][\w.'’-]*,?(?: |$)){1,8})")
_ABBREVIATION_END = re.compile(r"(?:\b[A-Z]\.|\b(?:Inc|Corp|Co|Ltd|Jr|Sr|Bros|a\.m|p\.m)\.)$")


def parse(text: str) -> Reading:
    """The parts of a plain-text article. A headline without a date line above it is a guess."""
    published, rest = _take_date(clean(text))
    title, rest = _take_headline(rest)
    is_guess = bool(title) and published is None
    author, rest = _take_byline(rest) if title else (None, rest)
    if title and published is None:
        published, rest = _take_date(rest)
    return Reading(
        title=title,
        text=rest,
        author=author,
        published=published,
        guessed=("title",) if is_guess and published is None else (),
    )


def _take_date(text: str) -> tuple[Published | None, str]:
    line, _, rest = text.partition("\n")
    published = parse_date_line(line)
    return (published, rest.lstrip("\n")) if published else (None, text)


def _take_byline(text: str) -> tuple[str | None, str]:
    line, _, rest = text.partition("\n")
    byline = _BYLINE.fullmatch(line)
    return (byline[1], rest.lstrip("\n")) if byline and rest.strip() else (None, text)


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
    is_credit = _BYLINE.fullmatch(next_line) or parse_date_line(next_line)
    if not stands_alone and not is_credit and len(next_line) <= len(line) + 20:
        return "", text  # hard-wrapped lines of one paragraph
    return line, rest.lstrip("\n")
