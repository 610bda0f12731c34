"""A response of HTTP -> what was fetched, where it redirects to, or the error that it means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from bot.errors import (
    FetchError,
    HostUnreachableError,
    RedirectError,
    ResponseError,
    ServerFailedError,
    SourceNotFoundError,
    UnsupportedFormatError,
)
from bot.sources.bodies import read_body, too_large
from bot.sources.retries import PASSING, PassingFailure, retry_after

if TYPE_CHECKING:
    import httpx

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_REFUSALS = frozenset({401, 402, 403, 407, 451})
_NOT_TEXT = ("image/", "audio/", "video/", "font/", "application/zip")


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server said of a version, for asking later whether it has another."""

    etag: str | None = None
    modified: str | None = None  # its Last-Modified header, as it stands


NONE = Validators()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came back: `url` is the address after redirects; `unchanged` means no new version.

    `media_type` is in lower case, without parameters; `charset` the one the server declares.
    """

    url: str
    body: bytes = b""
    media_type: str = ""
    charset: str | None = None
    validators: Validators = NONE
    unchanged: bool = False


def conditions(validators: Validators) -> dict[str, str]:
    """The headers that ask for a new version only."""
    headers = {"If-None-Match": validators.etag, "If-Modified-Since": validators.modified}
    return {name: value for name, value in headers.items() if value}


def read_response(
    response: httpx.Response, url: str, validators: Validators, limit: int, *, cut: bool = False
) -> Fetched | str:
    """What was fetched, its body of at most `limit` bytes, or the address it redirects to.

    With `cut` a longer body is cut there. Raises a `SourceError`, or a `PassingFailure` around one.
    """
    if response.status_code in _REDIRECTS:
        location: str = response.headers.get("location", "")
        if not location:
            raise RedirectError(f"{url} redirects without saying where to.")
        return urljoin(url, location)
    if response.status_code == 304 and conditions(validators):
        return Fetched(url=url, validators=validators, unchanged=True)
    if not 200 <= response.status_code < 300:
        raise _refusal(response, url)
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type.startswith(_NOT_TEXT):
        raise UnsupportedFormatError(f"{url} is {media_type}, not a page or a feed.")
    return Fetched(
        url=url,
        body=_body(response, url, limit, cut=cut),
        media_type=media_type,
        charset=response.charset_encoding,
        validators=Validators(response.headers.get("etag"), response.headers.get("last-modified")),
    )


def lost(url: str, error: Exception) -> Exception:
    """The error for a connection that failed; one that broke may hold the next time."""
    import httpx

    broke = re.search("disconnected|peer closed", str(error))
    if isinstance(error, httpx.RemoteProtocolError) and not broke:
        return ResponseError(f"{host_of(url)} does not answer in proper HTTP ({error}).")
    reason = str(error).rstrip(".") or type(error).__name__
    told = f"No connection to {host_of(url)}: {reason}; check the address and the network."
    if broke:
        told = f"{host_of(url)} broke off before all of {url} had come; try again later."
    cause: FetchError = HostUnreachableError(told)
    if "CERTIFICATE" in str(error).upper() or isinstance(error, httpx.LocalProtocolError):
        return cause
    return PassingFailure(cause)


def host_of(url: str) -> str:
    """The host of an address, with its port, as it is told to people."""
    return urlsplit(url).netloc


def _refusal(response: httpx.Response, url: str) -> Exception:
    status = response.status_code
    if status in (404, 410):
        return SourceNotFoundError(f"{url} does not exist (HTTP {status}); check the address.")
    if status in _REFUSALS:
        return ResponseError(
            f"{url} is not given to Newsbot (HTTP {status}); "
            "save it in a browser and give the file."
        )
    kind = ServerFailedError if status >= 500 else ResponseError
    cause = kind(f"{host_of(url)} answered HTTP {status} for {url}; try again later.")
    if status in PASSING:
        return PassingFailure(cause, retry_after(response.headers.get("retry-after")))
    return cause


def _body(response: httpx.Response, url: str, limit: int, *, cut: bool) -> bytes:
    declared = response.headers.get("content-length", "")
    if not cut and declared.isascii() and declared.isdigit() and int(declared[:18]) > limit:
        raise too_large(url, limit)
    encoding = response.headers.get("content-encoding", "")
    return read_body(response.iter_raw(), encoding=encoding, address=url, limit=limit, cut=cut)
