"""Whether an article is about a topic: its words, and how near its chunks come to the topic.

Neither is enough alone: "Ukraine war" is meant by articles that never say "war", and "climate" is
said in passing by many. The thresholds were set by reading what they select for eight topics among
a thousand articles of 2022.
"""

from __future__ import annotations

from collections import Counter

from bot.entities import Article
from bot.grounding.language import stem
from bot.grounding.sentences import words

_NEAR = 0.45  # cosine of the topic and a chunk at which the words do not matter
_RELATED = 0.28  # and below which only a headline that says them all counts
_MENTIONS = 2  # of each word of the topic, those in the headline included


def is_about(topic: str, article: Article, similarity: float) -> bool:
    """Whether the article is about the topic; `similarity` is that of its nearest chunk."""
    if similarity >= _NEAR:
        return True
    wanted = {stem(word) for word in words(topic)}
    headline = Counter(map(stem, words(article.title)))
    if wanted and all(headline[word] for word in wanted):
        return True
    body = Counter(map(stem, words(article.text)))
    said = bool(wanted) and all(body[word] + headline[word] >= _MENTIONS for word in wanted)
    return said and similarity >= _RELATED
