"""Tells whether a sentence can stand alone: outside its article, a reader knows what it speaks of.

A sentence that begins with "He", "This" or "But" leans on the one before it; a piece of a quotation
does not say who speaks; a caption, a credit or an invitation to subscribe is no news. These are
rules over the wording of English, case-insensitive so that lower-cased text works too. They know
nothing about grammar beyond it: what they miss is "the man", said of a man named before.
"""

from __future__ import annotations

import re
from functools import lru_cache

SHORTEST, LONGEST = 5, 70  # words; fewer say nothing, and more are lists or badly split


def _any(phrases: str) -> str:
    """A pattern for one of the phrases, which stand between bars."""
    return "(?:" + "|".join(r"\s+".join(phrase.split()) for phrase in phrases.split("|")) + ")"


_PRONOUN = _any("he|she|it|they|him|her|them|his|hers|its|their|theirs")
_DEMONSTRATIVE = (  # "this week" and "that year" count from the article's date, not its sentences
    r"(?:this|that|these|those)\b(?!\s+"
    + _any("year|month|week|weekend|morning|afternoon|evening|summer|autumn|fall|winter|spring")
    + ")"
)
_CONNECTIVE = _any(
    "and|but|or|nor|so|yet|still|then|thus|hence|therefore|also|too|plus|besides|however|instead"
    "|otherwise|moreover|furthermore|additionally|nevertheless|nonetheless|likewise|similarly"
    "|conversely|alternatively|consequently|accordingly|afterwards?|elsewhere|in addition"
    "|in contrast|in turn|in fact|in short|in other words|in response|in return|for example"
    "|for instance|as a result|as such|by contrast|on the other hand|even so|that said|after all"
    "|at the same time|the same|such|another|others?|both|neither|here|there|which|who|because"
    "|not only|only then|if so|even then|by comparison|of course"
    "|the (?:former|latter|other|pair|duo|trio|two|couple)"
)
_SPOKEN = _any("i|we|my|our|ours|you|your|me|us|yes|no|well|ok|okay|oh|sure|please")
_DANGLING = re.compile(
    rf"[\"“‘'«(\[\s]*(?:(?:{_PRONOUN}|{_CONNECTIVE})\b|{_DEMONSTRATIVE})|[‘'(\[\s]*{_SPOKEN}\b",
    re.IGNORECASE,
)
_BEFORE_PRONOUN = _any(
    "after|before|when|while|as|if|although|though|since|for|in|on|at|with|from|to|by|once"
    "|according to|despite|under|during|until|of|asked|like|unlike|besides|among|apart from"
    "|because of|instead of|most of|some of|one of|many of|all of|part of"
)
_LATE_PRONOUN = re.compile(  # "After that, he", "According to her"
    rf"(?:{_BEFORE_PRONOUN})(?:\s+[a-z'’-]+){{0,2}}?\s+(?:{_PRONOUN}\b|{_DEMONSTRATIVE})",
    re.IGNORECASE,
)
_SAID = _any("said|says|added|adds|told|explained|continued|wrote|asked|recalled|tweeted")
_UNKNOWN_SPEAKER = re.compile(
    rf"[\"”'’]\s*(?:{_PRONOUN}\s+(?:\w+\s+)?{_SAID}|{_SAID}\s+{_PRONOUN})\b", re.IGNORECASE
)
_PLEA = _any(
    "sign up (?:here|now|today|(?:for|to) (?:our|get|receive|the newsletter))|your inbox|follow us"
    "|subscribe (?:here|now|today|to (?:our|the newsletter))|our (?:free )?newsletters?|read more"
    "|click here|scroll down|find out more|all rights reserved|copyright (?:[0-9]{4}|by)|see also"
    "|(?:file|stock) (?:photo|picture|image)|getty images|pictured|seen here|story continues"
    "|(?:photo|image|picture|video) (?:credit|by|courtesy)|let us know|have your say|thank you"
    "|contributed to this (?:report|story|article)|share this|terms of (?:use|service)"
    "|privacy policy|cookies? policy|related (?:articles?|stories|content)|replay more|more videos"
    "|(?:watch|listen) (?:now|live|below)|download (?:our|the) app"
    "|is an? (?:staff|senior|freelance|contributing) (?:reporter|writer|editor)"
    "|we use cookies|stay up[- ]to[- ]date (?:on|with)|subscribers (?:get|receive) an email"
    "|a version of this (?:article|story)|for confidential support|was (?:last )?updated"
    "|e-?mail us|reporting by|editing by"
)
_LABEL = _any(
    "above|below|left|right|top|bottom|inset|watch|listen|video|photos?|caption|credit|updated"
    "|published|advertisement|copyright"
)
_BOILERPLATE = re.compile(
    rf"\b{_PLEA}\b|^\W*{_LABEL}\s?:|https?://|www\.|©|®"
    r"|\((?:left|right|above|below|centre|center|pictured|file)\)",
    re.IGNORECASE,
)
_CAPTION = re.compile(r"[A-Z][\w'’-]*(?:\s[\w'’-]+){0,4}\s?:\s")  # "Under fire: Faculty have said"
_PICTURED = re.compile(  # "Woods celebrates on the 18th green after winning": of a photograph
    r"[A-Z][\w.'’-]*(?:,?\s[\w.'’&-]+){0,12}?,?\s(?<!with\s)(?<!and\s)"
    r"(?:(?:celebrates|poses|gestures|waves|reacts|smiles|embraces|cheers|hugs|kisses|grimaces"
    r"|looks\son|shakes\shands)|(?<=s\s)(?:celebrate|pose|gesture|wave|smile|embrace|cheer"
    r"|look\son|shake\shands))(?:\s[\w'’-]+){0,4}?"
    r"\s(?:after|during|as|at|outside|before|while|with|for|next\sto|in\sfront\sof)\b"
    r"(?!.*(?:\b(?:said|says|told|according)\b|[“\"]))"
)
_DATELINE = re.compile(r"^(?:\([A-Z]{2,}\)|[A-Z][A-Z .,]{2,}\((?:\w+\s?)+\))\s*[-–—]*\s*$")
_QUOTATION = re.compile(
    r"[“\"][^”\"]*[”\"]|(?:^|\s)['‘] .*? ['’](?=\s|$)|(?:^|\s)['‘]\S.*?\S['’](?=\s|$)"
)
_ADDRESS = re.compile(r"\b(?:i|we|my|our|ours|us|me|you|your|please)\b(?!\.)", re.IGNORECASE)
_ANAPHOR = re.compile(  # "The move comes after", but not "The move to Paris"
    r"the\s+(?:new\s+|latest\s+|same\s+)?"
    + _any(
        "move|decision|announcement|news|incident|event|plan|proposal|company|firm|agency|group"
        "|organi[sz]ation|team|club|man|woman|boy|girl|victim|suspect|driver|actor|actress|singer"
        "|star|player|author|couple|family|vehicle|machine|device|building|film|show|book|study"
        "|report|article|letter|statement|video|footage|image|picture|findings|results?|figures?"
        "|changes?|measures?|effort|deal|agreement|case|trial|lawsuit|attack|crash|accident|fire"
        "|meeting|visit|talks|[0-9]+-year-old"
    )
    + r"\b(?!\s+(?:of|that|who|which|whose|to|in|on|at|for|from|between|with|behind|near|about|into"
    r"|over|against|by|,|named|called)\b)(?!['’,])",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?…。！？][\"”'’)\]\s]*$")


@lru_cache(maxsize=8_192)
def is_selfcontained(text: str) -> bool:
    """Whether a sentence can be understood without the sentences around it."""
    return not (
        _DANGLING.match(text)
        or _LATE_PRONOUN.match(text)
        or _UNKNOWN_SPEAKER.search(text)
        or _is_piece_of_quotation(text)
    )


@lru_cache(maxsize=8_192)
def is_plain(text: str) -> bool:
    """Whether a sentence tells its news without "the move" of before, and without I, we or you.

    A summary prefers such sentences, and takes others when there are no more.
    """
    return not (_ANAPHOR.match(text) or _ADDRESS.search(_QUOTATION.sub(" ", text)))


@lru_cache(maxsize=8_192)
def is_statement(text: str) -> bool:
    """Whether a text is a whole sentence of news: no heading, caption, credit, question or plea."""
    count = len(text.split())
    return (
        SHORTEST <= count <= LONGEST
        and _END.search(text) is not None
        and not text.rstrip("\"”'’) ").endswith(("?", "...", "…"))
        and not _BOILERPLATE.search(text)
        and not _CAPTION.match(text)
        and not _PICTURED.match(text)
        and not _DATELINE.match(text)
    )


def _is_piece_of_quotation(text: str) -> bool:
    """Whether a quotation begins or ends elsewhere, or is all that there is."""
    straight = text.count('"')
    if straight % 2 or text.count("“") != text.count("”"):
        return True
    return text[0] in '"“' and text[-1] in '"”' and straight <= 2 and text.count("“") <= 1
