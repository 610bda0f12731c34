"""What a Python caller gives -> articles: `str` is always text, `Path` a file, `Article` itself."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from pathlib import Path

from bot.entities import Article
from bot.errors import EmptySourceError, SourceError
from bot.sources import files, plain
from bot.sources.addresses import LIMIT, STANDARD_INPUT, is_web, read
from bot.sources.cleaning import decode
from bot.sources.reading import to_article

Given = str | Path | Article
_LONGEST_NAME = 1024
_log = logging.getLogger(__name__)


def article_from_text(text: str, *, address: str = "") -> Article:
    """The article that `text` is, in the seeds' convention: date line, headline, paragraphs.

    Raises `EmptySourceError` when the text is empty.
    """
    return to_article(plain.parse(text), address=address)


def article_from(given: Given) -> Article:
    """The one article that was given. Raises a `SourceError` when there is none, or several."""
    articles = articles_from(given)
    if len(articles) != 1:
        raise SourceError(
            f"{given} holds {len(articles)} articles, and one is wanted; give one of them."
        )
    return articles[0]


def articles_from(given: Given | Iterable[Given]) -> tuple[Article, ...]:
    """The articles that were given: text, a file or folder by its `Path`, an `Article`, or several.

    Raises a `SourceError` when nothing was given, or something else, and for a one-line `str` that
    names a file.
    """
    if isinstance(given, Article):
        return (given,)
    if isinstance(given, str):
        _refuse_file_name(given)
        return (article_from_text(given),)
    if isinstance(given, Path):
        return _read_path(given)
    if not isinstance(given, Iterable):
        raise SourceError(f"{given!r} is no article; give text, a Path, an Article, or several.")
    articles = tuple(article for one in given for article in articles_from(one))
    if not articles:
        raise EmptySourceError("No article was given; give text, a Path or an Article.")
    return articles


def text_from(address: str, *, limit: int = LIMIT) -> str:
    """The text of a file, or of standard input for "-", as it stands; raises a `SourceError`."""
    if address != STANDARD_INPUT:
        return files.read_text(Path(address).expanduser(), limit=limit)
    import sys

    return decode(sys.stdin.buffer.read(limit), name=STANDARD_INPUT)[0]


def _read_path(path: Path) -> tuple[Article, ...]:
    articles, problems = [], []
    for found in read(path):
        if isinstance(found, Article):
            articles.append(found)
        else:
            problems.append(found.message)
            _log.warning("%s", found.message)
    if not articles:
        raise EmptySourceError(problems[0] if problems else f"{path} holds no article.")
    return tuple(articles)


def _refuse_file_name(text: str) -> None:
    name = text.strip()
    if is_web(name) and not re.search(r"\s", name):
        raise SourceError(
            f"{name[:200]} is a web address, and a str is always text; use read({name[:200]!r})."
        )
    if not name or "\n" in name or len(name) > _LONGEST_NAME:
        return
    try:
        is_file = Path(name).expanduser().exists()
    except (OSError, ValueError, RuntimeError):
        return
    if is_file:
        raise SourceError(
            f"{name!r} is the name of a file, and a str is always text; "
            f"use Path({name!r}) to read the file."
        )
