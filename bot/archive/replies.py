"""Cached replies of chat models: an identical call is not paid for twice.

    replies = Replies(database)
    replies.keep(key, text, articles={"kim"}, now=now)
    replies.find(key, now)      # the text, or None

A reply may hold text of the articles that its prompt showed, so that it is kept only while all of
these are in the archive, and goes with the first of them that is removed. It is also forgotten
after a week, and the oldest go first where all together are larger than the limit.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
)

from bot.archive.database import Database
from bot.archive.rows import to_utc
from bot.archive.schema import articles, metadata

LARGEST = 20_000_000  # bytes of text that all replies may have together
OLDEST = timedelta(days=7)

replies = Table(
    "replies",
    metadata,
    Column("key", Text, primary_key=True),  # hash of model, parameters and prompt
    Column("text", Text, nullable=False),
    Column("size", Integer, nullable=False),  # bytes
    Column("at", Text, nullable=False),  # in UTC
    Index("replies_at", "at"),
)

reply_articles = Table(
    "reply_articles",
    metadata,
    Column("key", Text, ForeignKey("replies.key", ondelete="CASCADE"), primary_key=True),
    Column("article", Text, ForeignKey("articles.id"), primary_key=True),
    Index("reply_articles_article", "article"),
)


class Replies:
    """The cached replies of one database. `largest` bytes are kept at most."""

    def __init__(self, database: Database, largest: int = LARGEST) -> None:
        self._database = database
        self._largest = largest

    def find(self, key: str, now: datetime) -> str | None:
        """The reply kept under this key, None when there is none or it is too old."""
        wanted = select(replies.c.text).where(replies.c.key == key, replies.c.at > _oldest(now))
        with self._database.read() as connection:
            return connection.scalars(wanted).first()

    def keep(self, key: str, text: str, shown: Collection[str], now: datetime) -> None:
        """Keeps a reply to a prompt that showed these articles, if all of them are archived."""
        size = len(text.encode())
        with self._database.write() as connection:
            if size > self._largest or not _are_live(connection, shown):
                return
            connection.execute(delete(replies).where(replies.c.key == key))
            row = {"key": key, "text": text, "size": size, "at": to_utc(now)}
            connection.execute(insert(replies).values(**row))
            rows = [{"key": key, "article": article} for article in sorted(set(shown))]
            connection.execute(insert(reply_articles), rows)
            self._shrink(connection, now)

    def _shrink(self, connection: Connection, now: datetime) -> None:
        """Forgets what is too old, and the oldest of what is too much."""
        connection.execute(delete(replies).where(replies.c.at <= _oldest(now)))
        newer = func.sum(replies.c.size).over(order_by=[replies.c.at.desc(), replies.c.key])
        ranked = select(replies.c.key, newer.label("total")).subquery()
        surplus = select(ranked.c.key).where(ranked.c.total > self._largest)
        connection.execute(delete(replies).where(replies.c.key.in_(surplus)))


def forget_replies(connection: Connection, article: str) -> None:
    """Forgets every reply to a prompt that showed the article."""
    showing = select(reply_articles.c.key).where(reply_articles.c.article == article)
    connection.execute(delete(replies).where(replies.c.key.in_(showing)))


def _are_live(connection: Connection, shown: Collection[str]) -> bool:
    if not shown:
        return False
    live = articles.c.removed_at.is_(None)
    wanted = select(func.count()).where(articles.c.id.in_(set(shown)), live)
    return connection.scalars(wanted).one() == len(set(shown))


def _oldest(now: datetime) -> str:
    return to_utc(now - OLDEST)
