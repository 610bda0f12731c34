"""The SQLite file: opened, brought to the newest schema, read and written in transactions.

Write-ahead logging lets any number of processes read while one writes. A writer takes its lock at
once (BEGIN IMMEDIATE), so that what it read within its transaction stays true. Deleted bytes are
overwritten. SQLite's failures are told as `ArchiveError`s, here and nowhere else.

This module knows no table.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError

from bot.archive.migrations import HEAD
from bot.archive.turns import Turns
from bot.errors import (
    ArchiveDamagedError,
    ArchiveError,
    ArchiveFullError,
    ArchiveLockedError,
    ArchiveVersionError,
)

PATIENCE = 30.0  # seconds that a transaction waits for another process's
_MIGRATIONS = Path(__file__).with_name("migrations")
_ERASING = 10.0  # seconds that erasing waits for others to finish reading


class Database:
    """One database file. Threads may share it; each transaction has its own connection."""

    def __init__(self, path: Path, patience: float = PATIENCE) -> None:
        """Opens the file, or makes it. Raises the `ArchiveError` that says what is wrong."""
        self.path = path
        self._engine = _engine(path, patience)
        self._turns = Turns()
        with self._told():
            path.parent.mkdir(parents=True, exist_ok=True)
            _log_ahead(self._engine, patience)
        self._migrate()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database."""
        with self._told(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is kept as a whole, or not at all when its block raises.

        The threads of this process take turns, since SQLite keeps no order among those that wait.
        """
        with self._told(), self._turns.turn(), self._engine.connect() as connection:
            writing = connection.execution_options(immediate=True)
            with writing.begin():
                yield writing

    def erase_deleted(self) -> None:
        """Empties the write-ahead log, where what was deleted would else stay for a while.

        Raises `ArchiveLockedError` when another process keeps reading for ten seconds.
        """
        deadline = time.monotonic() + _ERASING
        while self._checkpoint():
            if time.monotonic() > deadline:
                raise ArchiveLockedError(
                    f"{self.path} is being read without a pause; what was removed is erased from "
                    "its log when the last other newsbot process ends."
                )
            time.sleep(0.05)

    def close(self) -> None:
        """Closes every connection."""
        self._engine.dispose()

    def _checkpoint(self) -> bool:
        with self._told(), self._engine.connect() as connection:
            driver: Any = connection.connection
            busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        return bool(busy)

    def _migrate(self) -> None:
        with self.read() as connection:
            if _version(connection) == HEAD:
                return
        with self.write() as connection:
            _upgrade(connection, self.path)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DatabaseError as error:
            if not isinstance(error.orig, sqlite3.Error):
                raise
            raise _explain(self.path, error.orig) from error
        except sqlite3.Error as error:
            raise _explain(self.path, error) from error
        except OSError as error:
            raise ArchiveError(
                f"{self.path} cannot be opened ({error.strerror}); allow it, or choose another "
                "data directory."
            ) from error


def _engine(path: Path, patience: float) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": patience},
        pool_size=10,
        max_overflow=-1,  # threads never wait for each other's connection
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _log_ahead(engine: Engine, patience: float) -> None:
    """Switches write-ahead logging on, which the file then remembers.

    SQLite does not wait for its lock here, as two processes that make one database find out.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            with engine.connect() as connection:
                driver: Any = connection.connection
                if driver.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                    driver.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _version(connection: Connection) -> str | None:
    found = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE name = 'alembic_version'"
    ).scalar()
    if found is None:
        return None
    version: str | None = connection.exec_driver_sql(
        "SELECT version_num FROM alembic_version"
    ).scalar()
    return version


def _upgrade(connection: Connection, path: Path) -> None:
    """Runs the migrations that are missing; another process may have run them by now."""
    version = _version(connection)
    if version == HEAD:
        return
    if version is not None and not (_MIGRATIONS / f"versions/version_{version}.py").exists():
        raise ArchiveVersionError(
            f"{path} was written by a newer Newsbot (schema {version}; this one knows {HEAD}). "
            "Update Newsbot, or choose another data directory."
        )
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code (https://sqlite.org/rescode.html)."""
    return (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


def _explain(path: Path, error: sqlite3.Error) -> ArchiveError:
    match _code(error):
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return ArchiveLockedError(
                f"{path} is locked by another process; try again, or end that process."
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return ArchiveDamagedError(
                f"{path} is damaged or no database ({error}). Put a good copy in its place, or "
                "move it away and ingest again."
            )
        case sqlite3.SQLITE_FULL:
            return ArchiveFullError(f"The disk is full: {path} cannot grow. Make room, then go on.")
        case _:
            return ArchiveError(f"{path} cannot be used: {error}.")
