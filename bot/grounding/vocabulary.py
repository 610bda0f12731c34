"""The words of a text that carry its content: function words left out, endings cut off.

A coarse view for counting and comparing; `bot.grounding.language` has the fine one, of a parser.
This module knows nothing about sentences or meaning.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from bot.grounding.language import stem

Words = tuple[str, ...]
Pairs = tuple[tuple[str, str], ...]

_WORD = re.compile(r"[^\W_]+")
_FUNCTION_WORDS = frozenset(
    "about above across after again against all almost alone along already also although always am"
    " among an and another any anyone anything are around as at back be became because become been"
    " before behind being below beside between beyond both but by call can cannot could did do does"
    " done down during each either else elsewhere enough etc even ever every everyone everything"
    " except few for from further get give go had has have he hence her here hers herself him"
    " himself his how however if in indeed into is it its itself keep last latter least less made"
    " many may me meanwhile might mine more moreover most mostly move much must my myself neither"
    " never nevertheless no nobody none nor not nothing now of off often on once only onto or other"
    " others otherwise our ours out over own part per perhaps please put quite rather re said same"
    " say says see seem seemed several she should show side since so some someone something"
    " sometimes somewhere still such take than that the their them themselves then there thereby"
    " therefore these they this those though through throughout thus to together too toward towards"
    " under until up upon us very via was we well were what whatever when whenever where whereas"
    " wherever whether which while who whoever whole whom whose why will with within without would"
    " yet you your yours yourself".split()
)


def content_words(text: str) -> Words:
    """The content words of a sentence, in order, without their endings."""
    return tuple(word for word, has_content in _words(text) if has_content)


def content_pairs(text: str) -> Pairs:
    """Neighbouring words of which one at least is a content word."""
    return tuple(
        (first, second) for (first, one), (second, other) in pairwise(_words(text)) if one or other
    )


def _root(word: str) -> str:
    """The stem without a last e, so that "arrive" meets "arrived"."""
    root = stem(word)
    return root[:-1] if len(root) > 3 and root.endswith("e") else root


@lru_cache(maxsize=8_192)
def _words(text: str) -> tuple[tuple[str, bool], ...]:
    """The words in lower case, without their endings, and whether each has content."""
    words = _WORD.findall(text.lower())
    return tuple((_root(word), len(word) > 1 and word not in _FUNCTION_WORDS) for word in words)
