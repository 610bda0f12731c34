"""Which article a text is: the same id for each revision of it, wherever it is read from.

An id is the first 16 hexadecimal digits of a SHA-256, of the canonical web address, of a file's
place, of an identifier that the source gives, or of the text. Knows no format and reads no file.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|yclid|twclid|igshid|mc_[ce]id|_ga|_gl|ocid|cmpid|cmp|"
    r"ncid|sr_share|smid|smtyp|at_\w+|ito|s?ref|ref_src|ref_url|referrer|feature|share\w*|"
    r"wt\.\w+|spm|guccounter|guce_\w+|ns_\w+|xtor|partner|taid|cid|src|mod|rss|"
    r"amp|outputtype|print|printable",
    re.IGNORECASE,
)
_LONGEST = 2000  # characters of an address
_SIGN_IN = re.compile(r"(?<=:)//[^/?#]*@")
_UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_SUFFIX = re.compile(
    r"/(amp|amp\.html|print|index\.(html?|php))$|\.amp(?=\.html?$)|\.amp$", re.IGNORECASE
)


def identity(kind: str, key: str) -> str:
    """The id of the article that `key` names; `kind` keeps keys of different kinds apart."""
    return hashlib.sha256(f"{kind}:{key}".encode("utf-8", "replace")).hexdigest()[:16]


def canonical_url(url: str) -> str | None:
    """`url` in the one form that its variants share; None when it is no http(s) address.

    Left out: scheme, "www.", default port, fragment, tracking parameters, AMP and print endings;
    the remaining parameters are sorted. The form is a key, not an address to visit.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme.lower() not in ("http", "https") or not host:
        return None
    host = host.removeprefix("www.") + (f":{port}" if port not in (None, 80, 443) else "")
    path = _SUFFIX.sub("", quote(unquote(parts.path), safe="/%:@!$&'()*+,;=~")).rstrip("/")
    kept = [pair for pair in parse_qsl(parts.query) if not _TRACKING.fullmatch(pair[0])]
    return f"//{host}{path}" + (f"?{urlencode(sorted(kept))}" if kept else "")


def web_address(url: object) -> str | None:
    """`url` when it is an address that a page may link to (http or https), else None.

    A user name and password in it are left out; blanks and control characters are percent-encoded.
    """
    if not isinstance(url, str) or len(url) > _LONGEST or canonical_url(url) is None:
        return None
    return _SIGN_IN.sub("//", _UNPRINTABLE.sub(lambda one: quote(one[0]), url.strip()))


def outlet_of(url: str) -> str | None:
    """The host of a web address without "www.", as a name for its outlet."""
    return (urlsplit(url).hostname or "").removeprefix("www.") or None
