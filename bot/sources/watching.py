"""Folders watched: which files in them were written and may be read now.

    with watch([Path("articles")], stopped) as settled:
        for paths in settled: ...

A file counts once nothing has happened to it for a while, so that one which somebody is still
writing is not read half. What reading a folder leaves out (hidden files, links, other formats)
is left out here too. A deleted file is nothing to read: what was kept of it stays, since citations
lead there. Nothing here reads a file.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from bot.errors import SourceError, SourceNotFoundError
from bot.sources.files import is_read_within

if TYPE_CHECKING:
    from watchfiles.main import FileChange

_SETTLED = 1.0  # seconds without a change after which a file is taken to be whole
_TICK = 250  # milliseconds between two looks at files that are being written

_Stamp = tuple[int, int]


@contextmanager
def watch(folders: Sequence[Path], stopped: Event | None = None) -> Iterator[Iterator[list[Path]]]:
    """Watch folders, with those inside them, from now on; gives files as they settle.

    Paths of `folders` are absolute, without links.
    It goes on until `stopped` is set or Ctrl-C is pressed, which raises KeyboardInterrupt. Raises a
    `SourceError` for what is no folder, or when the system watches no more of them.
    """
    import watchfiles

    for folder in folders:
        if not folder.is_dir():
            raise SourceNotFoundError(f"{folder} is no folder; give a folder to watch.")
    changes = watchfiles.watch(
        *folders,
        watch_filter=None,
        debounce=_TICK,
        rust_timeout=_TICK,
        yield_on_timeout=True,
        stop_event=stopped or Event(),
        raise_interrupt=True,
    )
    try:
        next(changes, None)  # from here on nothing is missed
        yield _settled(changes, folders)
    except OSError as error:
        raise SourceError(f"The folders cannot be watched: {error}.") from error
    finally:
        changes.close()


def _settled(changes: Iterator[set[FileChange]], roots: Sequence[Path]) -> Iterator[list[Path]]:
    """The files that have not changed for a while, some at a time."""
    writing: dict[Path, tuple[float, _Stamp | None]] = {}
    for some in changes:
        now = time.monotonic()
        writing |= {path: (now, _stamp(path)) for path in _files(some, roots)}
        ready = []
        for path, (since, known) in [*writing.items()]:
            stamp = _stamp(path)
            if stamp != known:
                writing[path] = (now, stamp)
            elif now - since >= _SETTLED:
                del writing[path]
                ready += [path] if stamp else []
        if ready:
            yield sorted(ready)


def _files(changes: Iterable[FileChange], roots: Sequence[Path]) -> Iterator[Path]:
    """The files that changed and may be read; those of a folder that was moved in are new."""
    from watchfiles import Change

    for change, name in changes:
        if change is Change.deleted:
            continue
        path = Path(name)
        found = path.rglob("*") if change is Change.added and path.is_dir() else [path]
        yield from (one for one in found if any(is_read_within(root, one) for root in roots))


def _stamp(path: Path) -> _Stamp | None:
    """What tells that a file changed; None when it is not there or is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_size) if path.is_file() else None
