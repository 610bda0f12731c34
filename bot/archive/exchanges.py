"""What is said in a conversation: a message, and how it was answered, with all its citations.

Results are kept as JSON; what is in them is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from bot.archive.rows import Row
from bot.archive.schema import metadata

exchanges = Table(
    "exchanges",
    metadata,
    Column("id", Text, primary_key=True),
    Column(
        "conversation", Text, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False
    ),
    Column("n", Integer, nullable=False),
    Column("message", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("result", Text),  # JSON
    Column("given", Text, nullable=False),  # JSON: articles that came with the message
    Column("note", Text, nullable=False),
    Column("asked_at", Text, nullable=False),
    Column("ended_at", Text),  # null while it is written, or when nobody came to end it
    Index("exchanges_conversation", "conversation", "n", unique=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How an exchange ended: `kind` says what `result` is, `note` what was said instead of one.

    `given` are articles that came with the message, which the archive does not hold. All in JSON.
    """

    kind: str = ""
    result: str | None = None
    given: str = "[]"
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptExchange:
    """A message and how it was answered; `ending` is None when nothing came to an end.

    `good` is the user's opinion of it, None where there is none.
    """

    id: str
    message: str
    ending: Ending | None = None
    good: bool | None = None
    comment: str = ""


def to_exchange(row: Row) -> KeptExchange:
    """An exchange as its row, with the opinion beside it, tells it."""
    ended = row["ended_at"] is not None
    names = ("kind", "result", "given", "note")
    return KeptExchange(
        id=row["id"],
        message=row["message"],
        ending=Ending(**{name: row[name] for name in names}) if ended else None,
        good=row["good"],
        comment=row["comment"] or "",
    )
