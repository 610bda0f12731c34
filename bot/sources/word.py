"""A Word file (.docx) -> the parts of an article: paragraphs and tables, without hidden text."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

from bot.errors import (
    EmptySourceError,
    SourceError,
    SourceTooLargeError,
    UnreadableSourceError,
)
from bot.sources import plain
from bot.sources.dates import parse_date
from bot.sources.reading import Reading

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

MAGIC = b"PK\x03\x04"
_OLD = b"\xd0\xcf\x11\xe0"  # an old Word file, or a new one that is encrypted
_LARGEST = 100_000_000  # bytes that the file may hold when decompressed
_TITLES = ("Title", "Heading 1")


def parse(source: bytes, *, name: str) -> Reading:
    """The parts of the file; raises a `SourceError` for one that is encrypted, broken or empty."""
    if source.startswith(_OLD):
        raise UnreadableSourceError(
            f"{name} is encrypted or of an old version of Word; save it as .docx without password."
        )
    try:
        _check_size(source, name)
        return _read(_open(source), name)
    except SourceError:
        raise
    except Exception as error:  # the reader's own, the archive's, the decompressor's, the parser's
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise UnreadableSourceError(
            f"{name} is no Word file that can be read: {reason}."
        ) from error


def _open(source: bytes) -> Document:
    import docx

    return docx.Document(BytesIO(source))


def _check_size(source: bytes, name: str) -> None:
    with zipfile.ZipFile(BytesIO(source)) as archive:
        size = sum(part.file_size for part in archive.infolist())
    if size > _LARGEST:
        raise SourceTooLargeError(f"{name} holds {size / 1e6:.0f} MB, more than is read.")


def _read(document: Document, name: str) -> Reading:
    blocks = list(_blocks(document))
    title = next((text for style, text in blocks if style in _TITLES), "")
    text = "\n\n".join(text for _, text in blocks)
    if not text.strip():
        raise EmptySourceError(f"{name} holds no text; nothing was read.")
    properties: Any = document.core_properties
    created = parse_date(properties.created)
    reading = plain.parse(text)
    return replace(
        reading,
        title=title or reading.title,
        text=reading.text.removeprefix(title).lstrip("\n"),
        author=reading.author or properties.author or None,
        published=reading.published or (replace(created, guessed=True) if created else None),
        guessed=() if title else reading.guessed,
    )


def _blocks(document: Document) -> Iterator[tuple[str, str]]:
    """The style and the text of each paragraph; a table's row is one."""
    from docx.text.paragraph import Paragraph

    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            text = _visible(block)
            if text:
                yield (block.style.name or "") if block.style else "", text
            continue
        for row in block.rows:
            cells = dict.fromkeys(cell.text.strip() for cell in row.cells)
            yield "", " | ".join(filter(None, cells))


def _visible(paragraph: Paragraph) -> str:
    """The text of a paragraph without what Word hides."""
    from docx.text.run import Run

    text = ""
    for part in paragraph.iter_inner_content():
        runs = [part] if isinstance(part, Run) else part.runs
        text += "".join(run.text for run in runs if not run.font.hidden)
    return text.strip()
