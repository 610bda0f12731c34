"""The body of a response, decompressed, and never more of it in memory than the limit.

Knows gzip and deflate, which the fetcher asks for; each step of decompression is bounded, so that a
few kilobytes cannot become gigabytes. It does not know what the bytes mean.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from bot.errors import SourceTooLargeError, UnreadableSourceError

ENCODINGS = "gzip, deflate"
_GZIP, _ZLIB, _RAW = zlib.MAX_WBITS | 16, zlib.MAX_WBITS, -zlib.MAX_WBITS


def read_body(
    parts: Iterable[bytes], *, encoding: str, address: str, limit: int, cut: bool = False
) -> bytes:
    """The decompressed body, at most `limit` bytes of it on the wire and in memory.

    What is larger raises `SourceTooLargeError`, or is cut there with `cut`. Bytes that are not in
    the encoding they are declared to be in raise `UnreadableSourceError`.
    """
    body, gathered = bytearray(), _gathered(parts, encoding, address, limit)
    for part in gathered:
        body += part
        if len(body) > limit:
            if cut:
                break
            raise too_large(address, limit)
    return bytes(body[:limit])


def too_large(address: str, limit: int) -> SourceTooLargeError:
    """The error for a body beyond the limit, on the wire or decompressed."""
    return SourceTooLargeError(
        f"{address} is larger than the limit of {limit / 1e6:g} MB; it was not read."
    )


def _gathered(parts: Iterable[bytes], encoding: str, address: str, limit: int) -> Iterator[bytes]:
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        yield from parts
    elif encoding in ("gzip", "x-gzip", "deflate"):
        try:
            yield from _decompressed(_limited(parts, address, limit), encoding, limit)
        except zlib.error as error:
            raise UnreadableSourceError(
                f"{address} is not the {encoding} that its server declares ({error})."
            ) from error
    else:
        raise UnreadableSourceError(
            f"{address} came compressed as {encoding!r}, which was not asked for."
        )


def _limited(parts: Iterable[bytes], address: str, limit: int) -> Iterator[bytes]:
    size = 0
    for part in parts:
        size += len(part)
        if size > limit:
            raise too_large(address, limit)
        yield part


def _decompressed(parts: Iterable[bytes], encoding: str, limit: int) -> Iterator[bytes]:
    decompressor = None
    for part in parts:
        if not part:
            continue
        if decompressor is None:
            decompressor = zlib.decompressobj(_window(part, encoding))
        while part and not decompressor.eof:
            yield decompressor.decompress(part, limit + 1)
            part = decompressor.unconsumed_tail


def _window(opening: bytes, encoding: str) -> int:
    """ "deflate" means zlib by the standard, and raw deflate by some servers."""
    if encoding != "deflate":
        return _GZIP
    return _ZLIB if opening[0] & 0x0F == 8 else _RAW
