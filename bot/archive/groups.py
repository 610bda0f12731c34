"""Which live articles repeat another's text, kept as each comes, changes or goes.

The one that stands for a group was published first, and is the longest of those published at that
time; the others are its alternates. Sketches of the texts (`likeness`) find in SQL what may be a
copy. Everything here runs in its caller's transaction, so that processes which keep articles at
once see each other's groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.archive.likeness import are_copies, have_unlike, may_be_notice, read_wording
from bot.archive.queries import live
from bot.archive.rows import Row
from bot.archive.schema import articles, revisions, sketches


def regroup(connection: Connection, identity: str) -> set[str]:
    """Finds anew whom a live article repeats, and who repeats it or did so far.

    Returns the hashes of the texts whose place in a group may have changed.
    """
    row = find_live(connection, identity)
    if row is None:
        return set()
    _sketch(connection, row)
    touched = _join(connection, row)
    placed = find_live(connection, identity)
    heirs = [placed] if placed and placed["alternate_of"] is None else []
    return touched | release(connection, identity, heirs)


def release(connection: Connection, identity: str, heirs: Sequence[Row] = ()) -> set[str]:
    """Finds anew whom the alternates of an article repeat, as when it was revised or removed.

    They mostly stay together: each is compared with the heirs, who take its place, before others.
    """
    heirs = list(heirs)
    touched: set[str] = set()
    for row in _followers(connection, identity):
        heir = next((one for one in heirs if _is_copy(one, row)), None)
        if heir and _precedence(heir) < _precedence(row):
            _set(connection, row["article"], alternate_of=heir["article"])
            continue
        touched |= _join(connection, row)
        placed = find_live(connection, row["article"])
        heirs += [placed] if placed and placed["alternate_of"] is None else []
    return touched


def forget(connection: Connection, identity: str) -> None:
    """Deletes the sketch of an article."""
    connection.execute(delete(sketches).where(sketches.c.article == identity))


def find_live(connection: Connection, identity: str) -> Row | None:
    """The current revision of a live article, and whose alternate it is."""
    return connection.execute(_CURRENT.where(articles.c.id == identity)).mappings().first()


def find_uncompared(connection: Connection, most: int | None = None) -> Sequence[str]:
    """Live articles that an earlier Newsbot kept, without a sketch."""
    wanted = _UNCOMPARED.order_by(*_EARLIEST).limit(most)
    return connection.scalars(wanted).all()


_CURRENT = live(revisions, articles.c.alternate_of, articles.c.added_at.label("came_at"))
_UNCOMPARED = live(articles.c.id).where(articles.c.compared.is_distinct_from(articles.c.revision))
_EARLIEST = (
    revisions.c.published_until.nulls_last(),
    func.length(revisions.c.text).desc(),
    articles.c.added_at,
    articles.c.id,
)


def _precedence(row: Row) -> tuple[Any, ...]:
    """As `_EARLIEST`: a day without a time ends when its day does, after every time of it."""
    until = row["published_until"]
    return (until is None, until or 0, -len(row["text"]), row["came_at"], row["article"])


def _sketch(connection: Connection, row: Row) -> None:
    forget(connection, row["article"])
    if row["text"].strip():
        hashes = read_wording(row["text"]).sketch
        rows = [{"hash": one, "article": row["article"]} for one in hashes]
        connection.execute(insert(sketches), rows)
    _set(connection, row["article"], compared=row["revision"])


def _join(connection: Connection, row: Row) -> set[str]:
    """Puts an article under the first that it repeats; else those that repeat it under it."""
    if not row["text"].strip():  # no text repeats none
        _set(connection, row["article"], alternate_of=None)
        return set()
    originals = sorted(_copies(connection, row), key=_precedence)
    earlier = originals[0] if originals and _precedence(originals[0]) < _precedence(row) else None
    _set(connection, row["article"], alternate_of=earlier and earlier["article"])
    touched = {row["text_hash"]}
    for later in originals if earlier is None else []:
        _set(connection, later["article"], alternate_of=row["article"])
        touched |= {later["text_hash"]} | release(connection, later["article"], [row])
    return touched


def _is_copy(first: Row, second: Row) -> bool:
    return first["text_hash"] == second["text_hash"] or are_copies(first, second)


def _copies(connection: Connection, row: Row) -> list[Row]:
    """The live articles that are nobody's alternates and hold the same text, or nearly."""
    wording = read_wording(row["text"])
    alike = (
        select(sketches.c.article)
        .where(sketches.c.hash.in_(wording.sketch), sketches.c.article != row["article"])
        .group_by(sketches.c.article)
        .having(func.count() >= wording.least_shared)
    )
    wanted = _CURRENT.where(articles.c.id.in_(alike), articles.c.alternate_of.is_(None))
    found = connection.execute(wanted).mappings().all()
    is_notice = _is_notice(connection, row)
    return [
        one
        for one in found
        if (not is_notice if one["text_hash"] == row["text_hash"] else are_copies(one, row))
    ]


def _is_notice(connection: Connection, row: Row) -> bool:
    """Whether a text is a site's notice that stands in place of the article under its headline.

    Seen twice already under headlines that share no word with this one, which alone then says
    what the article was about.
    """
    if not may_be_notice(row):
        return False
    same = live(revisions.c.title).where(
        revisions.c.text_hash == row["text_hash"], articles.c.id != row["article"]
    )
    others = connection.execute(same).mappings().all()
    return len(others) >= 2 and all(have_unlike(row, one) for one in others)


def _followers(connection: Connection, identity: str) -> Sequence[Row]:
    wanted = _CURRENT.where(articles.c.alternate_of == identity).order_by(*_EARLIEST)
    return connection.execute(wanted).mappings().all()


def _set(connection: Connection, identity: str, **values: Any) -> None:
    connection.execute(update(articles).where(articles.c.id == identity).values(**values))
