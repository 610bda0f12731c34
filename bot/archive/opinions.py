"""What users thought of results: a thumb up or down, and why, each with the result as it stood.

`result` is the JSON of what was judged, with its citations. They are evidence for whoever mends it.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Table, Text

from bot.archive.schema import metadata

opinions = Table(
    "opinions",
    metadata,
    Column("exchange", Text, primary_key=True),  # which may be gone, taken back for another
    Column("user", Text, nullable=False),
    Column("good", Boolean, nullable=False),
    Column("comment", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("result", Text, nullable=False),  # JSON, "" where there was none
    Column("given_at", Text, nullable=False),
    Index("opinions_user", "user"),
)
