"""What an address names -> its articles: a file, a folder, or "-" for standard input."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from bot.entities import Article, Ingested
from bot.errors import UnsupportedFormatError
from bot.sources import files, formats

STANDARD_INPUT = "-"
LIMIT = 10_000_000  # bytes of a file, or of one line of JSON Lines
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+://")


def read(
    address: str | Path,
    *,
    stdin: BinaryIO | None = None,
    source: str | None = None,
    limit: int = LIMIT,
) -> Iterator[Article | Ingested]:
    """Yield the articles at `address`, and an `Ingested` for each part that was skipped or failed.

        for found in read("seeds/"):
            ...

    A folder is read with its folders, in order. `source` names the collection that files belong to:
    with it an article keeps its identity when the folder moves. `limit` is in bytes. What
    `address` names directly and gives no article raises a `SourceError` at the first step.
    """
    if address == STANDARD_INPUT:
        import sys

        yield from formats.read_stream(
            stdin or sys.stdin.buffer, address=STANDARD_INPUT, limit=limit
        )
        return
    if isinstance(address, str) and _SCHEME.match(address):
        raise UnsupportedFormatError(
            f"{address} is a web address, which Newsbot does not fetch yet; save it as a file."
        )
    path = Path(os.path.expanduser(address))
    read_path = files.read_folder if path.is_dir() else files.read_file
    yield from read_path(path, source=source, limit=limit)
