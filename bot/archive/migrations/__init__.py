"""Ordered changes of the database's schema (Alembic), from the first version to the newest."""

HEAD = "0008"  # the newest version; a database that has it need not load Alembic
