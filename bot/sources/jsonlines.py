"""JSON Lines of articles, one object a line, and JSON files of one article or a list of them.

JSON Lines are streamed: a file of any size is read one line at a time. A line that cannot be read
is told with its number, and the others are kept.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from bot.entities import Article, Ingested, Outcome
from bot.errors import EmptySourceError, SourceError, UnreadableSourceError, UnsupportedFormatError
from bot.sources import fields
from bot.sources.cleaning import clean_line, decode
from bot.sources.identity import canonical_url, identity
from bot.sources.reading import Reading, to_article

_ROW_NUMBER = re.compile(r"\d{1,6}")
_PIECE = 1 << 20


def read_lines(
    readline: Callable[[int], bytes], *, address: str, source: str, limit: int
) -> Iterator[Article | Ingested]:
    """The articles of JSON Lines, and an `Ingested` for each line that holds none.

    `readline` gives the next line, at most as many bytes as it is asked for; `limit` is the most
    bytes of one line; `source` names the file for ids that are row numbers.
    """
    number, is_empty = 0, True
    while line := readline(limit + 1):
        number += 1
        place = f"{address}:{number}"
        try:
            if len(line) > limit:
                _skip_line(readline, line)
                raise UnreadableSourceError(f"{place} is longer than {limit:,} bytes.")
            line = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
            if line.strip():
                is_empty = False
                yield _read_line(line, place, source)
        except SourceError as error:
            is_empty = False
            yield Ingested(place, Outcome.FAILED, message=str(error))
    if is_empty:
        raise EmptySourceError(f"{address} holds no lines; nothing was read.")


def read_json(
    text: str, *, address: str, source: str, article_id: str | None
) -> Iterator[Article | Ingested]:
    """The article of a JSON text (its id is `article_id`), or the articles of its list."""
    value = _parse(text, address)
    if isinstance(value, dict) and isinstance(value.get("articles"), list):
        value = value["articles"]
    if isinstance(value, dict):
        yield _to_article(value, address, source, article_id)
        return
    if not isinstance(value, list):
        raise UnsupportedFormatError(f"{address} holds no JSON object or list of articles.")
    if not value:
        raise EmptySourceError(f"{address} holds an empty list; nothing was read.")
    for number, part in enumerate(value, start=1):
        place = f"{address}#{number}"
        try:
            yield _to_article(part, place, source)
        except SourceError as error:
            yield Ingested(place, Outcome.FAILED, message=str(error))


def _read_line(line: bytes, place: str, source: str) -> Article:
    text, guessed = decode(line, name=place)
    return _to_article(_parse(text, place), place, source, guessed_text=guessed)


def _parse(text: str, place: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        where = f"at line {error.lineno}" if "\n" in text.strip() else f"at character {error.pos}"
        raise UnreadableSourceError(
            f"{place} is no JSON {where}: {error.msg}; mend it and ingest again."
        ) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableSourceError(f"{place} is no JSON that can be read: {error}.") from error


def _to_article(
    value: Any,
    place: str,
    source: str,
    article_id: str | None = None,
    *,
    guessed_text: bool = False,
) -> Article:
    reading = fields.parse(value) if isinstance(value, dict) else None
    if reading is None and isinstance(value, dict) and fields.has_text_field(value):
        reading = _headline_alone(value, source)
        if reading is None:
            raise EmptySourceError(f"{place} holds an empty text; nothing was read.")
    if reading is None:
        raise UnsupportedFormatError(
            f"{place} is no article: it has no text, content, body or article field."
        )
    article_id = _identity(reading, source) or article_id
    return to_article(
        reading,
        address=place,
        article_id=article_id,
        guessed_text=guessed_text,
        headline_alone=not reading.text,
    )


def _headline_alone(value: dict[str, Any], source: str) -> Reading | None:
    """What is said of an article whose text is not there, if it has a headline and an identity."""
    reading = fields.parse(value, text="")
    return reading if reading and reading.title and _identity(reading, source) else None


def _identity(reading: Reading, source: str) -> str | None:
    """The id by the article's own `id`, else by its address.

    An id that is a short number is taken for a row number, which means something only within its
    own file: otherwise row 7 of one file would become a revision of row 7 of another.
    """
    if reading.key is not None:
        if (canonical := canonical_url(reading.key)) is not None:
            return identity("url", canonical)
        key = clean_line(reading.key)
        return identity("id", f"{source}#{key}" if _ROW_NUMBER.fullmatch(key) else key)
    canonical = canonical_url(reading.url) if reading.url else None
    return identity("url", canonical) if canonical else None


def _skip_line(readline: Callable[[int], bytes], line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = readline(_PIECE)
