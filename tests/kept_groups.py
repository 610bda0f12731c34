"""The near-duplicates among articles, as an archive that keeps them finds out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.archive import Archive
from bot.entities import Article

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def find_alternates(articles: Iterable[Article]) -> dict[str, str]:
    """The id of each near-duplicate -> the id of the article that stands for it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "newsbot.db"
        path.write_bytes(_empty())
        archive = Archive(path, lambda text: [], lambda: NOW)
        for article in articles:
            archive.put(article)
        found = archive.alternates()
        archive.close()
    return found


@cache
def _empty() -> bytes:
    """An archive without articles, which takes a while to make."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "newsbot.db"
        Archive(path, lambda text: [], lambda: NOW).close()
        return path.read_bytes()
