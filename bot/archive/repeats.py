"""Whether a text is news to the archive: another revision, one come again, or another's repeat."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from bot.archive.queries import find_article, find_revision, live
from bot.archive.rows import Row
from bot.archive.schema import articles, revisions

_NOTICE = 250  # words up to which a text may be a site's notice in place of the article


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


def find_original(connection: Connection, row: dict[str, Any]) -> str | None:
    """The live article, other than this one, that has the text already; no text repeats none."""
    if not row["text"].strip():
        return None
    wanted = live(articles.c.id, articles.c.alternate_of, revisions.c.title).where(
        revisions.c.text_hash == row["text_hash"], articles.c.id != row["article"]
    )
    same = connection.execute(wanted.order_by(articles.c.added_at, articles.c.id)).all()
    if _is_notice(row, [one.title for one in same]):
        return None
    return next((one.id for one in same if one.alternate_of is None), None)


def precedes(connection: Connection, row: dict[str, Any], other: str) -> bool:
    """Whether a text was published before the live article that has it already.

    A day without a time ends when its day does, so that every time of that day comes before it.
    """
    stored = find_article(connection, other)
    known = find_revision(connection, other, stored["revision"]) if stored else None
    if known is None or row["published_until"] is None:
        return False
    until = known["published_until"]
    return until is None or bool(row["published_until"] < until)


def _is_notice(row: dict[str, Any], headlines: Sequence[str]) -> bool:
    """Whether a text is a site's notice that stands in place of the article under its headline.

    Such as one about cookies: short, and seen twice already under headlines that share no word
    with this one, which alone then says what the article was about.
    """
    if "title" in row["guessed"].split() or len(row["text"].split()) > _NOTICE:
        return False
    words = _title_words(row["title"])
    unlike = [one for one in headlines if not words & _title_words(one)]
    return bool(words) and len(unlike) == len(headlines) >= 2


def _title_words(title: str) -> set[str]:
    return {word for word in re.findall(r"\w+", title.casefold()) if len(word) > 3}
