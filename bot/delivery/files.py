"""Editions as files, each written as a whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path

from bot.delivery.destinations import Folder
from bot.delivery.letters import write_letter
from bot.delivery.parcels import Parcel
from bot.errors import DeliveryError, DeliveryFailedError, DeliveryRefusedError

_WRITERS: dict[str, tuple[str, Callable[[Parcel], str]]] = {
    "markdown": ("md", lambda parcel: parcel.markdown),
    "html": ("html", write_letter),
    "json": ("json", lambda parcel: parcel.json),
}
_PASSING = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBUSY, errno.ETIMEDOUT)
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def write_files(parcel: Parcel, folder: Folder) -> str:
    """Writes the edition in each of the folder's formats; says where.

    Raises a DeliveryError that names the file.
    """
    name = name_of(parcel)
    for notation in folder.formats:
        extension, write = _WRITERS[notation]
        write_whole(folder.folder / f"{name}.{extension}", write(parcel))
    return f"{folder.folder / name}.{'|'.join(_WRITERS[one][0] for one in folder.formats)}"


def name_of(parcel: Parcel) -> str:
    """The files' name, without extension: morning-2026-11-24T0700+0100."""
    seconds = "%S" if parcel.slot.second else ""
    return safe_name(f"{parcel.name}-{parcel.slot:%Y-%m-%dT%H%M{seconds}%z}")


def safe_name(name: str) -> str:
    """A name that every file system takes, and that no other name becomes."""
    plain = re.sub(r"[^\w.+-]+", "-", name, flags=re.ASCII).strip(".-")[:100]
    is_lower = not re.search(r"(?<!\d)[A-Z]|[A-SU-Z]", plain)  # but for the T of a time
    if plain and plain == name and is_lower and not _RESERVED.match(plain):
        return plain
    return f"{plain or 'edition'}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def write_whole(path: Path, text: str) -> None:
    """Writes beside the file, then puts it in its place: nobody ever reads half of it."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)  # of somebody who was killed
        try:
            with open(temporary, "xb") as file:
                file.write(text.encode("utf-8", "replace"))
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
        _sync(path.parent)
    except OSError as error:
        raise failure(path, error) from error


def failure(path: Path, error: OSError) -> DeliveryError:
    """What a failure of the file system means for a delivery."""
    if error.errno in _FULL:
        return DeliveryFailedError(f"The disk is full: {path} was not written. Make room.")
    said = f"{path} cannot be written: {error.strerror}"
    if error.errno in _PASSING:
        return DeliveryFailedError(f"{said}.")
    return DeliveryRefusedError(f"{said}; choose another place, or change its permissions.")


def _sync(folder: Path) -> None:
    """Makes the new name last, where the system lets a folder be opened."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
