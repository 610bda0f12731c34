"""Weights that come as packages: data, found by metadata, never imported, checked by SHA-256."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

from vectorstore.errors import WeightsAlteredError, WeightsMissingError


@dataclass(frozen=True, slots=True)
class Package:
    """A requirement such as "name==1.0", the file of it that matters, and how to mend its loss."""

    requirement: str
    file: str
    sha256: str
    mend: str

    @property
    def name(self) -> str:
        """The package's name."""
        return self.requirement.partition("==")[0]


def checked(package: Package) -> Path:
    """The package's file, when it is what it should be.

    Raises `WeightsMissingError` or `WeightsAlteredError`.
    """
    path = find(package)
    if digest(path) != package.sha256:
        raise WeightsAlteredError(
            f"{path} is not the file that {package.requirement} ships. {package.mend}"
        )
    return path


def find(package: Package) -> Path:
    """The package's file. Raises `WeightsMissingError`."""
    try:
        files = metadata.files(package.name) or []
    except metadata.PackageNotFoundError as error:
        raise WeightsMissingError(
            f"The package {package.name} is not installed. {package.mend}"
        ) from error
    for file in files:
        if file.name == package.file and (path := Path(str(file.locate()))).is_file():
            return path
    raise WeightsMissingError(
        f"The package {package.name} has lost its {package.file}. {package.mend}"
    )


@cache
def digest(file: Path) -> str:
    """SHA-256 of a file; once a process, since it takes 20 ms and more."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
