"""Which of the addresses that a page claims for itself is believed: those of its own site.

A page may say that it is a variant (AMP, print, mobile) of another address. It must not say so of
another site's: its text would pass for a new revision of that site's article.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from bot.sources.identity import web_address

_AMP_CACHE = re.compile(r"//(?:[\w-]+\.cdn\.ampproject\.org|(?:www\.)?google\.[a-z.]+/amp)/")


def believed(claimed: str | None, address: str) -> str | None:
    """The address that the page at `address` claims for itself, when it may; else None.

    The front page is nobody's variant: many a site names it as the address of every page.
    """
    if not claimed:
        return None
    try:
        url = web_address(urljoin(address, claimed.strip()))
    except ValueError:
        return None
    if url is None or (_is_front(url) and not _is_front(address)):
        return None
    return url if is_same_site(url, address) or _is_cached(url, address) else None


def is_same_site(first: str, second: str) -> bool:
    """Whether two addresses belong to one registered domain, or else to one host.

    Hosts such as a.blogspot.com and b.blogspot.com are two sites (Public Suffix List).
    """
    hosts = [(urlsplit(url).hostname or "").removeprefix("www.") for url in (first, second)]
    if hosts[0] == hosts[1]:
        return True
    from tld import get_fld

    domains = [get_fld(f"http://{host}", fail_silently=True, search_private=True) for host in hosts]
    return domains[0] is not None and domains[0] == domains[1]


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def _is_cached(url: str, address: str) -> bool:
    """Whether `address` is an AMP cache's copy of `url`: the cache's address holds the site's."""
    cache = _AMP_CACHE.search(address)
    return cache is not None and f"/{urlsplit(url).hostname}/" in address[cache.end() - 1 :]
