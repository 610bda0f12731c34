"""What a question points at in the briefing on screen: "story 2", "the ferry story", "above".

    pointed = point("Who was hurt in the second story?", briefing)
    pointed.articles    # the articles of that story, which the answer is limited to
    pointed.question    # with the story's headline in place of these words, to search for

This module knows words, not grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.entities import Briefing, Story
from bot.grounding.vocabulary import content_words

_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_WHAT = r"(?:story|stories|item|topic|headline|one|point)"
_NUMBERED = re.compile(
    r"\b(?:story|item|topic|headline|number|no\.)\s*#?(\d{1,2})\b", re.IGNORECASE
)
_ORDERED = re.compile(
    rf"\bthe\s+({'|'.join(_ORDINALS)}|last|\d{{1,2}}(?:st|nd|rd|th))(?:\s+{_WHAT}\b|\W*\Z)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:the|that|this)\s+((?:[\w'’-]+\s+){1,4})(?:story|item|headline)\b", re.IGNORECASE
)
_WHOLE = re.compile(
    r"\b(?:this|your|(?:in|from|of|on|about) the) briefing\b(?! (?:room|paper|note|book)s?\b)"
    r"|\b(?:these|those|the|which|any of the|all)\s+stories\b|\bwhich (?:story|of (?:these|them))\b"
    r"|\b(?:mentioned|listed|said|shown)?\s*above\s*[?.!]*\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Pointed:
    """The question as it can be searched for, and the ids of the articles that it is about."""

    question: str
    articles: tuple[str, ...]


def point(question: str, briefing: Briefing) -> Pointed | None:
    """What the question points at in the briefing; None when it does not point at it."""
    stories = briefing.stories
    for words, story in _named(question, stories):
        searched = f"{question[: words.start()]}{story.headline}{question[words.end() :]}"
        return Pointed(searched, _articles([story]))
    if stories and _WHOLE.search(question):
        return Pointed(question, _articles(stories))
    return None


def _named(question: str, stories: Sequence[Story]) -> Iterator[tuple[re.Match[str], Story]]:
    """The stories of the number, the place or the name that the question gives, and its words."""
    for pattern in (_NUMBERED, _ORDERED):
        for words in pattern.finditer(question):
            place = _place(words[1].lower(), len(stories))
            if 0 <= place < len(stories):
                yield words, stories[place]
    for words in _NAMED.finditer(question):
        named = set(content_words(words[1]))
        told = [story for story in stories if named & set(content_words(story.headline))]
        if named and len(told) == 1:
            yield words, told[0]


def _place(word: str, count: int) -> int:
    if word == "last":
        return count - 1
    return _ORDINALS.index(word) if word in _ORDINALS else int(word.rstrip("stndrh")) - 1


def _articles(stories: Sequence[Story]) -> tuple[str, ...]:
    ids = (one for story in stories for one in (*story.articles, *story.alternates))
    return tuple(dict.fromkeys(ids))
