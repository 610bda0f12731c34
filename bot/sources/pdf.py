"""A PDF -> the parts of an article: its text, in paragraphs as far as its lines show them.

A PDF knows places on pages, no paragraphs; these are guessed from the lengths of lines. Lines that
return on every page, such as running titles, are left out. Pictures of text stay pictures.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from bot.errors import EmptySourceError, SourceError, UnreadableSourceError
from bot.sources import plain
from bot.sources.dates import parse_date
from bot.sources.reading import Reading

if TYPE_CHECKING:
    from pypdf import PdfReader

MAGIC = b"%PDF-"
_MOST_PAGES = 1_000
_SHORT = 0.75  # of the usual length: a line that ends a paragraph
_PAGE_NUMBER = re.compile(r"(?:page )?\W?\d{1,4}\W?(?:(?: of |/)\d{1,4})?", re.IGNORECASE)
_FILE_NAME = re.compile(r"\.\w{2,5}$|^microsoft word|^untitled|^\W*$", re.IGNORECASE)


def parse(source: bytes, *, name: str) -> Reading:
    """The parts of the PDF; raises a `SourceError` for one that is locked, broken or of images."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns of each fault that it mends
    try:
        reader = pypdf.PdfReader(BytesIO(source))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableSourceError(f"{name} is encrypted; save it without a password.")
        pages = [page.extract_text() for page in reader.pages[:_MOST_PAGES]]
        metadata = _metadata(reader)
    except SourceError:
        raise
    except Exception as error:  # a damaged file can make the reader raise anything
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise UnreadableSourceError(f"{name} is no PDF that can be read: {reason}.") from error
    text = _text(pages)
    if not text.strip():
        raise EmptySourceError(
            f"{name} holds no text, only images of pages; give it as text, after recognition."
        )
    return _complete(plain.parse(text), metadata)


def _complete(reading: Reading, metadata: dict[str, str]) -> Reading:
    """What the text states, completed by what the file says of itself."""
    title = metadata.get("/Title", "")
    created = parse_date(re.sub(r"^D:(\d{8}).*", r"\1", metadata.get("/CreationDate", "")))
    published = reading.published or (replace(created, guessed=True) if created else None)
    if _FILE_NAME.search(title):
        title = ""
    text = reading.text
    if title and reading.title and title.lower() != reading.title.lower():
        text = f"{reading.title}\n\n{text}"
    return replace(
        reading,
        text=text,
        title=title or reading.title,
        author=reading.author or metadata.get("/Author") or None,
        published=published,
        guessed=() if title else reading.guessed,
    )


def _metadata(reader: PdfReader) -> dict[str, str]:
    found: Mapping[str, object] = reader.metadata or {}
    return {str(key): str(value).strip() for key, value in found.items() if value}


def _text(pages: Sequence[str]) -> str:
    """The text of all pages in paragraphs."""
    lined = [[" ".join(line.split()) for line in page.strip().splitlines()] for page in pages]
    running = _running_lines(lined)
    lines = [
        line
        for page in lined
        for place, line in enumerate(page)
        if not (_is_margin(place, page) and (line in running or _PAGE_NUMBER.fullmatch(line)))
    ]
    lengths = sorted(len(line) for line in lines if line)
    usual = lengths[len(lengths) * 3 // 4] if lengths else 0
    return "\n\n".join(map(_joined, _paragraphs(lines, usual)))


def _running_lines(pages: Sequence[list[str]]) -> set[str]:
    """The lines at the head or foot of most pages."""
    margins = Counter(
        line
        for page in pages
        for line in {line for place, line in enumerate(page) if _is_margin(place, page)}
    )
    return {line for line, count in margins.items() if count >= max(3, len(pages) / 2)}


def _is_margin(place: int, page: list[str]) -> bool:
    return place < 2 or place >= len(page) - 2


def _paragraphs(lines: Sequence[str], usual: int) -> list[list[str]]:
    """The lines of each paragraph; `usual` is the length of a line that is full."""
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        before = paragraphs[-1][-1] if paragraphs[-1] else ""
        if not line or (before and len(before) < _SHORT * usual and not _goes_on(before, line)):
            paragraphs.append([])
        if line:
            paragraphs[-1].append(line)
    return [paragraph for paragraph in paragraphs if paragraph]


def _goes_on(before: str, line: str) -> bool:
    """Whether a paragraph goes on after a short line: in the middle of a word or of a sentence."""
    return before.endswith(("-", ",")) or line[:1].islower()


def _joined(lines: list[str]) -> str:
    """One paragraph; a word that is divided at the end of a line is one again."""
    return re.sub(r"(?<=[a-zß-ÿ]{2})-\n(?=[a-zß-ÿ])", "", "\n".join(lines)).replace("\n", " ")
