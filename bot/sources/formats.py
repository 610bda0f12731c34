"""Which format a file or a stream is in, and its articles read by that format."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from pathlib import Path, PurePath
from typing import BinaryIO

from bot.entities import Article, Ingested
from bot.errors import EmptySourceError, SourceTooLargeError, UnsupportedFormatError
from bot.sources import feedfiles, jsonlines, mail, markdown, pages, pdf, plain, word
from bot.sources.cleaning import decode
from bot.sources.reading import Reading, to_article

_TEXTS: dict[str, Callable[[str], Reading]] = {
    **dict.fromkeys((".txt", ".text"), plain.parse),
    **dict.fromkeys((".md", ".markdown"), markdown.parse),
    **dict.fromkeys((".html", ".htm", ".xhtml"), pages.parse),
}
_BYTES: dict[str, Callable[..., Reading]] = {".pdf": pdf.parse, ".docx": word.parse}
_LINES = (".jsonl", ".ndjson")
_MAILBOX = ".mbox"
_KNOWN = (*_TEXTS, *_LINES, ".json", *_BYTES, ".eml", _MAILBOX, *feedfiles.SUFFIXES)
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def is_article_name(name: str) -> bool:
    """Whether a file of this name is in a format that holds articles."""
    return PurePath(name).suffix.lower() in _KNOWN


def is_streamed(name: str) -> bool:
    """Whether a file of this name is read piece by piece, so that its size does not matter."""
    return PurePath(name).suffix.lower() in (*_LINES, _MAILBOX)


def read_stored(
    path: Path, *, article_id: str, source: str, limit: int
) -> Iterator[Article | Ingested]:
    """The articles of a file by its suffix; a file without a suffix is plain text.

    `article_id` is that of the article that the file is; `source` names it to what it contains.
    """
    suffix = path.suffix.lower()
    if suffix and suffix not in _KNOWN:
        raise UnsupportedFormatError(
            f"{path} is in no article format; Newsbot reads {', '.join(_KNOWN)}."
        )
    with path.open("rb") as stream:
        whole = partial(_read_whole, stream.read, address=str(path), limit=limit)
        if suffix == _MAILBOX:
            yield from mail.read_mailbox(stream.readline, address=str(path), limit=limit)
        elif suffix in _LINES:
            lines = BytesIO(_to_utf8(whole())) if _starts_utf16(stream) else stream
            yield from jsonlines.read_lines(
                lines.readline, address=str(path), source=source, limit=limit
            )
        else:
            yield from _read_text(
                whole(), suffix or ".txt", str(path), article_id=article_id, source=source
            )


def read_stream(stream: BinaryIO, *, address: str, limit: int) -> Iterator[Article | Ingested]:
    """The articles of a stream without a name, such as standard input; its first line tells."""
    opening = stream.readline(limit + 1)
    suffix = _sniff(opening)
    if suffix in _LINES:
        waiting = [opening]
        yield from jsonlines.read_lines(
            lambda size: waiting.pop() if waiting else stream.readline(size),
            address=address,
            source=address,
            limit=limit,
        )
        return
    whole = _read_whole(lambda size: opening + stream.read(size), address=address, limit=limit)
    yield from _read_text(whole, suffix, address, article_id=None, source=address)


def declared_encoding(whole: bytes) -> str | None:
    """The encoding that a text in HTML or XML names in its first lines."""
    declared = _CHARSET.search(whole[:2048])
    return declared[1].decode("ascii", "replace") if declared else None


def _read_text(
    whole: bytes, suffix: str, address: str, *, article_id: str | None, source: str
) -> Iterator[Article | Ingested]:
    if suffix == ".eml":
        yield mail.read_message(whole, address=address, article_id=article_id)
        return
    if suffix in _BYTES:
        reading = _BYTES[suffix](whole, name=address)
        yield to_article(reading, address=address, article_id=article_id)
        return
    encoding = declared_encoding(whole) if suffix not in (".txt", ".text") else None
    text, guessed = decode(whole, name=address, declared=encoding)
    if suffix in feedfiles.SUFFIXES or (suffix == ".json" and feedfiles.is_feed(text)):
        yield from feedfiles.read_feed(text, address=address)
    elif suffix == ".json":
        yield from jsonlines.read_json(text, address=address, source=source, article_id=article_id)
    else:
        yield to_article(
            _TEXTS[suffix](text), address=address, article_id=article_id, guessed_text=guessed
        )


def _read_whole(read: Callable[[int], bytes], *, address: str, limit: int) -> bytes:
    whole = read(limit + 1)
    if len(whole) > limit:
        raise SourceTooLargeError(
            f"{address} is larger than the limit of {limit / 1e6:g} MB; "
            "split it, or give it as JSON Lines."
        )
    if not whole.strip():
        raise EmptySourceError(f"{address} is empty; nothing was read.")
    return whole


def _sniff(opening: bytes) -> str:
    """The suffix of the format that a text's first line tells."""
    if opening.startswith(pdf.MAGIC):
        return ".pdf"
    if opening.startswith(word.MAGIC):
        return ".docx"
    line = opening.removeprefix(b"\xef\xbb\xbf").strip().lower()
    if re.match(rb"<!doctype html|<html|<\?xml", line):
        return ".html"
    if re.fullmatch(rb'\{\s*".*\}', line, re.DOTALL):
        return ".jsonl"
    if re.match(rb'\{\s*("|$)|\[\s*(\{|$)', line):
        return ".json"
    return ".md" if line == b"---" else ".txt"


def _starts_utf16(stream: BinaryIO) -> bool:
    mark = stream.read(2)
    stream.seek(0)
    return mark in _UTF16


def _to_utf8(whole: bytes) -> bytes:
    return whole.decode("utf-16", "replace").encode("utf-8", "replace")
