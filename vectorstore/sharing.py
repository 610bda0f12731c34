"""A Chroma client that any number of processes and threads may use on one directory at once.

Chroma's embedded client has no protection against a second process: measured with 1.5.9, vectors
are lost without an error, and a reader never sees what another process wrote. Here every operation
runs under one lock between processes, on a client that is opened again when another process has
written since (50 ms with 20,000 vectors, 140 ms with 60,000). A killed process frees the lock.

Two files stand beside the directory: `NAME.lock`, and `NAME.stamp`, which each write changes before
it begins, so that a write which was killed midway is noticed too. One client a directory is open in
a process, since Chroma shares whatever is open on one path.

This module does not know what the vectors stand for.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, RLock
from typing import Any, TypeVar
from urllib.parse import urlsplit

from vectorstore.errors import ChunkIndexDamagedError, ChunkIndexError

Answered = TypeVar("Answered")

PATIENCE = (
    120.0  # seconds that an operation waits for other processes; writes hold on for under one
)
_POLL = 0.003  # seconds between two attempts to take the lock; a search takes about as long


class SharedClient:
    """The client of one directory, or of the server at `url`, with the lock around each use."""

    def __init__(self, directory: Path, url: str | None = None) -> None:
        from filelock import FileLock

        self.directory = directory
        self.url = url
        self.opening = 0  # counts how often the client was opened: what was got from it is then old
        self._threads = RLock()
        self._processes = FileLock(
            directory.with_name(directory.name + ".lock"),
            timeout=PATIENCE,
            poll_interval=_POLL,
            thread_local=False,
        )
        self._stamp_file = directory.with_name(directory.name + ".stamp")
        self._seen: tuple[bytes, int] = (b"", 0)
        self._client: Any = None

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Keeps all other threads and processes out; may be nested."""
        import filelock

        with self._threads:
            try:
                self.directory.parent.mkdir(parents=True, exist_ok=True)
                self._processes.acquire()
            except filelock.Timeout as error:
                raise ChunkIndexError(
                    f"Another process has held {self.directory} for {PATIENCE:.0f} seconds; "
                    "end it or try again."
                ) from error
            except OSError as error:
                raise ChunkIndexError(
                    f"{self._processes.lock_file} cannot be locked: {error.strerror or error}."
                ) from error
            try:
                yield
            finally:
                self._processes.release()

    def run(self, operation: Callable[[Any], Answered], *, writes: bool) -> Answered:
        """`operation(client)` under the lock, on a client that sees every other process's writes.

        Chroma's failures, and panics of its native part, come as `ChunkIndexError`; the client is
        then opened afresh by the next operation.
        """
        with self.exclusive():
            try:
                client = self._current()
                if writes:
                    self._change_stamp()
                return operation(client)
            except ChunkIndexError:
                raise
            except BaseException as error:
                self._close()
                if not _is_failure(error):
                    raise
                raise self._explained(error) from error

    def erase(self) -> None:
        """Deletes the directory with all that it holds; a damaged one too."""
        with self.exclusive():
            self._close()
            self._change_stamp()
            shutil.rmtree(self.directory, ignore_errors=True)

    def close(self) -> None:
        """Lets go of the files; the next operation opens them again."""
        with self._threads:
            self._close()

    def _current(self) -> Any:
        if self._client is not None and not self.url and self._state() != self._seen:
            self._close()
        if self._client is None:
            self._client = _open_server(self.url) if self.url else _open_directory(self.directory)
            self._seen = self._state()
            self.opening += 1
        return self._client

    def _close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _state(self) -> tuple[bytes, int]:
        """The last write's stamp, and which file the index is: it may have been deleted."""
        try:
            stamp = self._stamp_file.read_bytes()
        except FileNotFoundError:
            stamp = b""
        database = self.directory / "chroma.sqlite3"
        return stamp, database.stat().st_ino if database.exists() else 0

    def _change_stamp(self) -> None:
        """Written over in one call, so that no kill leaves it empty: an empty one may be known."""
        stamp = os.open(self._stamp_file, os.O_WRONLY | os.O_CREAT, 0o666)
        try:
            os.write(stamp, os.urandom(16))
        finally:
            os.close(stamp)
        self._seen = self._state()

    def _explained(self, error: BaseException) -> ChunkIndexError:
        reason = " ".join(str(error).split())
        if self.url:
            return ChunkIndexError(f"The Chroma server at {self.url} failed: {reason[:200]}")
        if any(words in reason for words in _FULL) or getattr(error, "errno", None) == 28:
            return ChunkIndexError(
                f"The disk is full: {self.directory} cannot grow. Make room, then go on."
            )
        if any(words in reason for words in _FORBIDDEN) or isinstance(error, PermissionError):
            return ChunkIndexError(
                f"{self.directory} cannot be written to ({reason[:200]}); allow it, or choose "
                "another data directory."
            )
        return ChunkIndexDamagedError(
            f"The index in {self.directory} is damaged ({reason[-200:]})."
        )


_FULL = ("database or disk is full", "No space left")
_FORBIDDEN = ("readonly database", "Permission denied")
_clients: dict[tuple[Path, str | None], SharedClient] = {}
_clients_lock = Lock()


def shared_client(directory: Path, url: str | None = None) -> SharedClient:
    """The one client of this process for a directory (or server)."""
    key = (directory.expanduser().resolve(), url)
    with _clients_lock:
        client = _clients.get(key)
        if client is None:
            client = _clients[key] = SharedClient(*key)
        return client


def _is_failure(error: BaseException) -> bool:
    """Whether it is Chroma's own failure: an exception, or a panic of its native part."""
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"


def _open_directory(directory: Path) -> Any:
    import chromadb

    directory.mkdir(parents=True, exist_ok=True)
    _inspect(directory)
    try:
        return chromadb.PersistentClient(str(directory), settings=_settings())
    except BaseException:
        _forget(str(directory))
        raise


def _forget(directory: str) -> None:
    """Chroma keeps what it could not start, and would give it to whoever opens the path next."""
    from chromadb.api.shared_system_client import SharedSystemClient

    SharedSystemClient._identifier_to_system.pop(directory, None)


def _open_server(url: str) -> Any:
    import chromadb

    parts = urlsplit(url)
    ssl = parts.scheme == "https"
    try:
        return chromadb.HttpClient(
            host=parts.hostname or "",
            port=parts.port or (443 if ssl else 8000),
            ssl=ssl,
            settings=_settings(chroma_server_host=None, chroma_server_http_port=None),
        )
    except Exception as error:  # Chroma raises ValueError, httpx's errors or its own
        raise ChunkIndexError(
            f"No Chroma server answers at {url}; start it (chroma run) or unset its address."
        ) from error


def _settings(**given: Any) -> Any:
    """Chroma's settings with telemetry and tracing off, whatever the environment or .env says."""
    from chromadb.config import Settings

    return Settings(
        _env_file=None,
        anonymized_telemetry=False,
        chroma_otel_granularity="none",
        chroma_otel_collection_endpoint="",
        chroma_api_impl="chromadb.api.rust.RustBindingsAPI",
        allow_reset=False,
        migrations="apply",
        **given,
    )


_HEADER = 100  # bytes of hnswlib's header; Chroma reads past the end of a shorter one and crashes


def _inspect(directory: Path) -> None:
    """Raises for damage that Chroma would not tell, but end the process for.

    An index that was never written out has a header of any length, which Chroma does not read.
    """
    for written in directory.glob("*/index_metadata.pickle"):
        header = written.with_name("header.bin")
        if header.exists() and header.stat().st_size < _HEADER:
            raise ChunkIndexDamagedError(
                f"The index in {directory} is damaged: {header.name} is short."
            )
