"""Other ways to choose three sentences, given the same sentences: LEAD-3 and sumy's two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
from sumy.nlp.stemmers import Stemmer
from sumy.summarizers.lex_rank import LexRankSummarizer
from sumy.summarizers.text_rank import TextRankSummarizer
from sumy.utils import get_stop_words

from bot.grounding.sentences import words

BULLETS = 3

Choose = Callable[[Sequence[str]], list[str]]


class _Words:
    """Sumy's tokenizer, so that it needs no NLTK data."""

    def to_words(self, text: str) -> tuple[str, ...]:
        return words(text)


def lead(sentences: Sequence[str]) -> list[str]:
    return list(sentences[:BULLETS])


def lexrank(sentences: Sequence[str]) -> list[str]:
    return _sumy(LexRankSummarizer, sentences)


def textrank(sentences: Sequence[str]) -> list[str]:
    return _sumy(TextRankSummarizer, sentences)


def _sumy(summarizer: Any, sentences: Sequence[str]) -> list[str]:
    choose = summarizer(Stemmer("english"))
    choose.stop_words = get_stop_words("english")
    paragraph = Paragraph([Sentence(text, _Words()) for text in sentences])
    return [str(chosen) for chosen in choose(ObjectDocumentModel([paragraph]), BULLETS)]
