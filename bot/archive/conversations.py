"""Conversations, each one user's own: what was asked, and the whole result with its citations.

    conversations = Conversations(database, clock)
    talk = conversations.begin("ada", "Who met at the space centre?")
    asked = conversations.ask("ada", talk.id, "Who met at the space centre?")
    conversations.answer("ada", asked.id, Ending(kind="answer", result=answer.to_json()))

A user is a name, "" the one who uses Newsbot without a login. Whoever names another's conversation
is told that there is none.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    Select,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from bot.archive.database import Database
from bot.archive.exchanges import Ending, KeptExchange, exchanges, to_exchange
from bot.archive.opinions import opinions
from bot.archive.rows import Row, to_utc
from bot.archive.schema import metadata
from bot.errors import ConversationNotFoundError

LONGEST_TITLE = 120  # characters
KEPT_DELETED = timedelta(days=1)  # how long a deletion can be undone
_OPENING = 60  # characters of the first message that make a title

conversations = Table(
    "conversations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("user", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("begun_at", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("deleted_at", Text),
    Index("conversations_user", "user", "changed_at"),
)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation in the list; `changed` is when something was last asked or answered in it."""

    id: str
    title: str
    begun: datetime
    changed: datetime


class Conversations:
    """The conversations in one database. Any thread may use it.

    Every method raises ConversationNotFoundError for what is not the user's, and may raise an
    `ArchiveError`.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def list(self, user: str) -> Sequence[Conversation]:
        """The user's conversations, the last changed first."""
        wanted = _live(user).order_by(conversations.c.changed_at.desc(), conversations.c.id)
        with self._database.read() as connection:
            return [_conversation(row) for row in connection.execute(wanted).mappings()]

    def begin(self, user: str, message: str) -> Conversation:
        """A new conversation, named after its first message."""
        now = self._now()
        row = {
            "id": uuid.uuid4().hex,
            "user": user,
            "title": _title(message),
            "begun_at": now,
            "changed_at": now,
        }
        with self._database.write() as connection:
            connection.execute(insert(conversations).values(**row))
        return _conversation(row)

    def find(self, user: str, identity: str) -> Conversation:
        """One of the user's conversations."""
        with self._database.read() as connection:
            return _conversation(_own(connection, user, identity))

    def rename(self, user: str, identity: str, title: str) -> None:
        """Give a conversation another title; an empty one changes nothing."""
        with self._database.write() as connection:
            _own(connection, user, identity)
            if shown := " ".join(title.split())[:LONGEST_TITLE]:
                _set(connection, identity, title=shown)

    def delete(self, user: str, identity: str) -> None:
        """Put a conversation away; for a day it can be restored, then it is gone for good."""
        now = datetime.fromisoformat(self._now())
        with self._database.write() as connection:
            _own(connection, user, identity)
            _set(connection, identity, deleted_at=now.isoformat())
            _erase(connection, conversations.c.deleted_at < (now - KEPT_DELETED).isoformat())

    def restore(self, user: str, identity: str) -> None:
        """Bring back a conversation that was deleted a moment ago."""
        with self._database.write() as connection:
            _own(connection, user, identity, deleted=True)
            _set(connection, identity, deleted_at=None)

    def erase(self, user: str) -> None:
        """Delete everything of a user for good, opinions too."""
        with self._database.write() as connection:
            _erase(connection, conversations.c.user == user)
            connection.execute(delete(opinions).where(opinions.c.user == user))

    def adopt(self, user: str) -> int:
        """Give the user what was asked without a login; returns how many conversations."""
        with self._database.write() as connection:
            for table in (conversations, opinions):
                taken = update(table).where(table.c.user == "").values(user=user)
                connection.execute(taken)
            own = select(func.count()).where(conversations.c.user == user)
            return connection.execute(own).scalar_one()

    # Exchanges

    def exchanges(self, user: str, identity: str) -> tuple[KeptExchange, ...]:
        """What was said in a conversation, in order."""
        wanted = (
            select(exchanges, opinions.c.good, opinions.c.comment)
            .join_from(exchanges, opinions, opinions.c.exchange == exchanges.c.id, isouter=True)
            .where(exchanges.c.conversation == identity)
            .order_by(exchanges.c.n)
        )
        with self._database.read() as connection:
            _own(connection, user, identity)
            return tuple(map(to_exchange, connection.execute(wanted).mappings()))

    def ask(self, user: str, identity: str, message: str) -> KeptExchange:
        """Add a message that is about to be answered."""
        exchange, now = uuid.uuid4().hex, self._now()
        with self._database.write() as connection:
            _own(connection, user, identity)
            last = select(func.max(exchanges.c.n)).where(exchanges.c.conversation == identity)
            row = {
                "id": exchange,
                "conversation": identity,
                "n": (connection.execute(last).scalar() or 0) + 1,
                "message": message,
                "kind": "",
                "given": "[]",
                "note": "",
                "asked_at": now,
            }
            connection.execute(insert(exchanges).values(**row))
            _set(connection, identity, changed_at=now)
        return KeptExchange(id=exchange, message=message)

    def answer(self, user: str, exchange: str, ending: Ending) -> None:
        """Keep how an exchange ended. Its first end stays; a late second one changes nothing."""
        now = self._now()
        with self._database.write() as connection:
            row = _own_exchange(connection, user, exchange)
            if row["ended_at"] is not None:
                return
            connection.execute(
                update(exchanges)
                .where(exchanges.c.id == exchange)
                .values(
                    kind=ending.kind,
                    result=ending.result,
                    given=ending.given,
                    note=ending.note,
                    ended_at=now,
                )
            )
            _set(connection, row["conversation"], changed_at=now)

    def conversation_of(self, user: str, exchange: str) -> str:
        """The id of the conversation that an exchange belongs to."""
        with self._database.read() as connection:
            identity: str = _own_exchange(connection, user, exchange)["conversation"]
            return identity

    def take_back(self, user: str, exchange: str) -> KeptExchange:
        """Remove an exchange and all that followed it, so that it can be asked anew."""
        with self._database.write() as connection:
            row = _own_exchange(connection, user, exchange)
            connection.execute(
                delete(exchanges).where(
                    exchanges.c.conversation == row["conversation"], exchanges.c.n >= row["n"]
                )
            )
        return KeptExchange(id=exchange, message=row["message"])

    def judge(self, user: str, exchange: str, good: bool, comment: str | None = None) -> None:
        """Keep the user's opinion of a result together with the result; a later one replaces it.

        Without a comment the one that was given before stays.
        """
        now = self._now()
        with self._database.write() as connection:
            row = _own_exchange(connection, user, exchange)
            if comment is None:
                said = select(opinions.c.comment).where(opinions.c.exchange == exchange)
                comment = connection.scalars(said).first() or ""
            connection.execute(delete(opinions).where(opinions.c.exchange == exchange))
            connection.execute(
                insert(opinions).values(
                    exchange=exchange,
                    user=user,
                    good=good,
                    comment=comment.strip(),
                    message=row["message"],
                    result=row["result"] or "",
                    given_at=now,
                )
            )

    def _now(self) -> str:
        return to_utc(self._clock())


def _live(user: str, *, deleted: bool = False) -> Select[Any]:
    gone = conversations.c.deleted_at
    return select(conversations).where(
        conversations.c.user == user, gone.is_not(None) if deleted else gone.is_(None)
    )


def _own(connection: Connection, user: str, identity: str, *, deleted: bool = False) -> Row:
    wanted = _live(user, deleted=deleted).where(conversations.c.id == identity)
    row = connection.execute(wanted).mappings().first()
    if row is None:
        raise ConversationNotFoundError("There is no such conversation; choose one of the list.")
    return row


def _own_exchange(connection: Connection, user: str, exchange: str) -> Row:
    wanted = select(exchanges).where(exchanges.c.id == exchange)
    row = connection.execute(wanted).mappings().first()
    if row is None:
        raise ConversationNotFoundError("There is no such question any more; ask it anew.")
    _own(connection, user, row["conversation"])
    return row


def _set(connection: Connection, identity: str, **values: str | None) -> None:
    changed = update(conversations).where(conversations.c.id == identity).values(**values)
    connection.execute(changed)


def _erase(connection: Connection, which: ColumnElement[bool]) -> None:
    """Conversations for good, with their exchanges and what was thought of these."""
    ids = select(exchanges.c.id).join(conversations).where(which)
    connection.execute(delete(opinions).where(opinions.c.exchange.in_(ids)))
    connection.execute(delete(conversations).where(which))


def _title(message: str) -> str:
    words = " ".join(message.split())
    if len(words) <= _OPENING:
        return words or "Conversation"
    return words[:_OPENING].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"


def _conversation(row: Row) -> Conversation:
    times = (datetime.fromisoformat(row[name]) for name in ("begun_at", "changed_at"))
    return Conversation(row["id"], row["title"], *times)
