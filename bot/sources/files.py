"""Files and folders -> articles. A folder is walked in order; one bad file never stops the others.

Knows file names, links and sizes; the formats know what is in a file. Nothing is read before its
kind and size are known: a pipe would wait for ever, and a large file would fill the memory.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from bot.entities import Article, Ingested, Outcome
from bot.errors import (
    EmptySourceError,
    SourceError,
    SourceNotFoundError,
    SourceTooLargeError,
    UnreadableSourceError,
    UnsupportedFormatError,
)
from bot.sources import formats
from bot.sources.cleaning import decode
from bot.sources.identity import identity

_NOT_ARTICLES = frozenset(
    "readme license licence copying changelog contributing requirements robots".split()
)


def read_file(
    path: Path, *, source: str | None, limit: int, root: Path | None = None
) -> Iterator[Article | Ingested]:
    """The articles of one file; raises a `SourceError` when the file as a whole gives none.

    With a `source` name the id comes from it and the path below `root`, so that a folder can move;
    without, from the whole path.
    """
    _check(path, limit)
    place = path.resolve()
    base = root.resolve() if root else place.parent
    key = f"{source}/{place.relative_to(base).as_posix()}" if source else place.as_posix()
    try:
        yield from formats.read_stored(
            path, article_id=identity("file", key), source=key, limit=limit
        )
    except OSError as error:
        raise _unreadable(path, error) from error


def read_text(path: Path, *, limit: int) -> str:
    """The text of one file as it stands, no article made of it; raises a `SourceError`."""
    _check(path, limit)
    try:
        return decode(path.read_bytes(), name=str(path))[0]
    except OSError as error:
        raise _unreadable(path, error) from error


def read_folder(folder: Path, *, source: str | None, limit: int) -> Iterator[Article | Ingested]:
    """The articles of a folder and its folders, in the order of their paths.

    Files that are skipped or bad come as `Ingested`, with the reason. Hidden ones are left out.
    """
    root = folder.resolve()
    is_empty = True
    for path, problem in _walk(folder, root):
        is_empty = False
        if problem is not None:
            yield problem
            continue
        try:
            yield from read_file(path, source=source, limit=limit, root=root)
        except UnsupportedFormatError as error:
            yield Ingested(str(path), Outcome.SKIPPED, message=str(error))
        except SourceError as error:
            yield Ingested(str(path), Outcome.FAILED, message=str(error))
    if is_empty:
        raise EmptySourceError(f"The folder {folder} holds no files; nothing was read.")


def is_read_within(root: Path, path: Path) -> bool:
    """Whether reading the folder `root` reads the file `path`; both are absolute."""
    if not path.is_relative_to(root):
        return False
    inside = path.relative_to(root)
    if any(part.startswith(".") for part in inside.parts) or _judge_name(path) is not None:
        return False
    return not any((root / part).is_symlink() for part in (inside, *inside.parents))


def _walk(folder: Path, root: Path) -> Iterator[tuple[Path, Ingested | None]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield folder, Ingested(str(folder), Outcome.FAILED, message=str(_unreadable(folder, error)))
        return
    for entry in entries:
        path = folder / entry.name
        if entry.name.startswith("."):
            continue
        if entry.is_symlink():
            yield path, _judge_link(path, root)
        elif entry.is_dir():
            yield from _walk(path, root)
        else:
            yield path, _judge_name(path)


def _judge_link(path: Path, root: Path) -> Ingested:
    """Why a symbolic link is not followed: what it leads to is elsewhere, or read anyway."""
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        reason = "is a link that leads nowhere; it was skipped."
    else:
        inside = target.is_relative_to(root)
        reason = (
            "is a link to what is read anyway; it was skipped."
            if inside
            else "is a link that leads out of the folder; name its target to read it."
        )
    return Ingested(str(path), Outcome.SKIPPED, message=f"{path} {reason}")


def _judge_name(path: Path) -> Ingested | None:
    if path.stem.lower() not in _NOT_ARTICLES and formats.is_article_name(path.name):
        return None
    return Ingested(
        str(path), Outcome.SKIPPED, message=f"{path} is in no article format; it was skipped."
    )


def _check(path: Path, limit: int) -> None:
    try:
        status = path.stat()
    except FileNotFoundError as error:
        raise SourceNotFoundError(
            f"{path} does not exist; check the path. A web address begins with https://."
        ) from error
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if not stat.S_ISREG(status.st_mode):
        raise UnsupportedFormatError(f"{path} is no regular file; it was not read.")
    if status.st_size == 0:
        raise EmptySourceError(f"{path} is empty; nothing was read.")
    if status.st_size > limit and not formats.is_streamed(path.name):
        raise SourceTooLargeError(
            f"{path} is {status.st_size / 1e6:.1f} MB, more than the limit of {limit / 1e6:g} MB; "
            "split it, or give it as JSON Lines."
        )


def _unreadable(path: Path, error: Exception) -> UnreadableSourceError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return UnreadableSourceError(f"{path} cannot be read: {reason}; check its permissions.")
