"""How many outlets tell something on their own: names of outlets, and who publishes whom.

A name is taken apart as far as names tell ("BBC Sport" is the BBC); a short list has well-known
owners whose titles do not show it. An outlet too few is the lesser error: it claims less.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.entities import ArticleDetails

_FAMILIES = (  # well-known titles of one owner whose names do not show it
    "sun times newscorp wallstreetjournal wsj newyorkpost nypost",
    "mirror express star dailyrecord reach",
    "mail metro",
    "cnbc nbc msnbc",
    "cnn warnerbros",
    "abc espn",
    "newyorktimes nytimes nyt athletic",
)
_OWNERS = {name: names for names in _FAMILIES for name in names.split()}
_SECTION = re.compile(
    r"\b(?:the|news|sports?|business|world|online|live|tv|radio|digital|international|politics|"
    r"daily|sunday|on sunday|weekend|fictional)\b",
    re.IGNORECASE,
)


def independent_outlets(
    articles: Sequence[ArticleDetails], alternates: Mapping[str, str] | None = None
) -> int:
    """How many outlets tell a story on their own: a near-duplicate counts with its original.

    `alternates` maps the id of a near-duplicate to its original's. Outlets of one publisher count
    as one (BBC News and BBC Sport, the Times and the Sunday Times), as do articles whose outlet is
    not known: nothing shows that they are several.
    """
    alternates = alternates or {}
    present = {article.id for article in articles}
    originals = [
        one for one in articles if alternates.get(one.id, one.id) not in present - {one.id}
    ]
    return len({publisher(article.outlet) for article in originals})


def publisher(outlet: str | None) -> str:
    """One key for all outlets of a publisher, as far as their names or common knowledge tell."""
    whole = _outlet_key(outlet)
    bare = _outlet_key(_SECTION.sub(" ", outlet)) if outlet and "." not in outlet else whole
    name = bare if len(bare) > 1 else whole
    return _OWNERS.get(whole) or _OWNERS.get(name) or name


def _outlet_key(outlet: str | None) -> str:
    """One key for the ways that an outlet is written: "The Guardian", "www.theguardian.com"."""
    name = (outlet or "").casefold().strip()
    if re.fullmatch(r"[\w-]+(\.[\w-]+)+", name):
        parts = name.split(".")
        suffix = (
            2 if len(parts) > 2 and parts[-2] in ("co", "com", "org", "ac", "gov", "net") else 1
        )
        name = parts[-suffix - 1]
    return re.sub(r"[\W_]", "", name).removeprefix("the")
