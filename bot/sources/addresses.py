"""What an address names -> its articles: a file, a folder, the web, or "-" for standard input."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bot.entities import Article, Ingested, Outcome
from bot.errors import SourceError, SourceNotFoundError, UnsupportedFormatError
from bot.sources import files, formats, subscriptions

if TYPE_CHECKING:
    from bot.sources.web import Web

STANDARD_INPUT = "-"
LIMIT = 10_000_000  # bytes of a file, or of one line of JSON Lines
_LIST = ".opml"  # of subscriptions to feeds
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+://")


def read(
    address: str | Path,
    *,
    stdin: BinaryIO | None = None,
    source: str | None = None,
    limit: int = LIMIT,
    web: Web | None = None,
) -> Iterator[Article | Ingested]:
    """Yield the articles at `address`, and an `Ingested` for each part that was skipped or failed.

        for found in read("seeds/"):
            ...

    A folder is read with its folders, in order; an OPML file names feeds, which are fetched.
    `source` names the collection that files belong to: with it an article keeps its identity when
    the folder moves. `limit` is in bytes. What `address` names directly and gives no article raises
    a `SourceError` at the first step, but for web addresses, which come with an `Ingested`. `web`
    fetches these; without it they are fetched as the settings of the environment permit.
    """
    if not str(address).strip():  # such as a variable of the shell that is not set
        raise SourceNotFoundError("An address is empty; give a file, a folder or a web address.")
    if address == STANDARD_INPUT:
        import sys

        yield from formats.read_stream(
            stdin or sys.stdin.buffer, address=STANDARD_INPUT, limit=limit
        )
        return
    if isinstance(address, str) and _SCHEME.match(address):
        if not is_web(address):
            raise UnsupportedFormatError(
                f"{address} is no address that Newsbot fetches; give one of http or https."
            )
        yield from read_web([address], web)
        return
    path = Path(os.path.expanduser(address))
    if _is_list(path):
        yield from read_web(_feeds_of(path, limit), web)
        return
    read_path = files.read_folder if path.is_dir() else files.read_file
    yield from read_path(path, source=source, limit=limit)


def read_each(
    addresses: Sequence[str | Path], open_web: Callable[[], Web]
) -> Iterator[Article | Ingested]:
    """The articles at several addresses, be they strings or paths; failures come as `Ingested`.

    Files and folders first, then what is on the web, side by side, and standard input, which may
    wait for somebody, at the end. `open_web` is asked only when there is something to fetch.
    """
    web: list[str] = []
    for address in addresses:
        if isinstance(address, str) and is_web(address):
            web.append(address)
        elif str(address) != STANDARD_INPUT:
            yield from _told(address, web)
    if web:
        yield from open_web().read(*web)
    if STANDARD_INPUT in addresses:
        yield from _told(STANDARD_INPUT, [])


def is_web(address: str) -> bool:
    """Whether an address is one of the web, rather than a file's."""
    return address.lower().startswith(("http://", "https://"))


def read_web(addresses: Sequence[str], web: Web | None = None) -> Iterator[Article | Ingested]:
    """The articles at several web addresses, fetched side by side, in the order they arrive."""
    if web is not None:
        yield from web.read(*addresses)
        return
    from bot.sources.web import open_web

    with open_web() as own:
        yield from own.read(*addresses)


def _told(address: str | Path, web: list[str]) -> Iterator[Article | Ingested]:
    """What is at an address; a list of feeds leaves them in `web`."""
    try:
        path = Path(os.path.expanduser(address))
        if _is_list(path):
            web += _feeds_of(path, LIMIT)
        else:
            yield from read(address)
    except SourceError as error:
        yield Ingested(str(address), Outcome.FAILED, message=str(error))


def _is_list(path: Path) -> bool:
    return path.suffix.lower() == _LIST and not path.is_dir()


def _feeds_of(path: Path, limit: int) -> tuple[str, ...]:
    return subscriptions.parse_list(files.read_text(path, limit=limit), address=str(path))
