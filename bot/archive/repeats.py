"""Whether a text is news of its article: another revision, or one that has come again."""

from __future__ import annotations

from sqlalchemy import Connection, select

from bot.archive.rows import Row
from bot.archive.schema import revisions


def differs(current: Row, row: Row) -> bool:
    """Whether text or title changed, or a source now states what was missing or guessed."""
    if any(current[name] != row[name] for name in ("text_hash", "title")):
        return True
    return any(_is_news(name, current, row) for name in ("published", "outlet", "author"))


def is_superseded(connection: Connection, current: Row, row: Row) -> bool:
    """Whether this is an earlier revision come again, as from a file that holds both.

    Its own date tells it from a source that went back to an earlier text, which is news.
    """
    if None in (row["published_from"], current["published_from"]):
        return False
    if row["published_from"] >= current["published_from"]:
        return False
    same = (
        revisions.c.article == current["article"],
        *(revisions.c[name] == row[name] for name in ("text_hash", "title")),
    )
    return connection.execute(select(revisions.c.revision).where(*same)).first() is not None


def _is_news(name: str, current: Row, row: Row) -> bool:
    if row[name] is None or name in row["guessed"].split() or row[name] == current[name]:
        return False
    return current[name] is None or name in current["guessed"].split()
