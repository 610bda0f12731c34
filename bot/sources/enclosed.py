"""A file that a web server gives in place of a page: PDF, Word, mail; its first bytes tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

from bot.entities import Article, Ingested
from bot.sources import mail, pdf, word
from bot.sources.reading import Reading

_MAILBOX = re.compile(rb"From \S+[^\n]*\d{4}\r?\n(?:[\w-]+: [^\n]*\n)", re.IGNORECASE)
_DOCUMENTS = ((pdf.MAGIC, pdf.parse), (word.MAGIC, word.parse))


def read_document(body: bytes, address: str) -> Reading | None:
    """The parts of the article that a PDF or a Word file is; None for what is neither.

    Raises a `SourceError` when it holds no article.
    """
    for magic, parse in _DOCUMENTS:
        if body.startswith(magic):
            return replace(parse(body, name=address), url=address)
    return None


def read_letters(body: bytes, address: str) -> Iterator[Article | Ingested] | None:
    """The articles of a mailbox; None for what is none."""
    if not _MAILBOX.match(body[:4096]):
        return None
    return mail.read_mailbox(BytesIO(body).readline, address=address, limit=len(body))
