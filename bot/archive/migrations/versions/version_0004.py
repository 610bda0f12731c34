"""Adds users, conversations and opinions."""

from __future__ import annotations

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Makes the tables of this version."""
