"""Evidence in languages other than English, which the checker does not read: told, never judged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.entities import ArticleDetails, Claim, Origin, Passage, Verdict
from bot.grounding.alignment import Carrier
from bot.grounding.language import is_english

_SAMPLE = 500  # characters of a passage that tell whether it is English
_ENGLISH = (None, "en")  # an article whose language is not known is read as English
_NAMES = dict(
    pair.split("=")
    for pair in (
        "ar=Arabic bg=Bulgarian bn=Bengali ca=Catalan cs=Czech da=Danish de=German el=Greek "
        "es=Spanish et=Estonian fa=Persian fi=Finnish fr=French he=Hebrew hi=Hindi hr=Croatian "
        "hu=Hungarian id=Indonesian it=Italian ja=Japanese ko=Korean lt=Lithuanian lv=Latvian "
        "nl=Dutch no=Norwegian pl=Polish pt=Portuguese ro=Romanian ru=Russian sk=Slovak "
        "sl=Slovenian sr=Serbian sv=Swedish th=Thai tr=Turkish uk=Ukrainian ur=Urdu "
        "vi=Vietnamese zh=Chinese"
    ).split()
)


def is_foreign(article: ArticleDetails) -> bool:
    """Whether an article is known to be in another language than English."""
    return article.language not in _ENGLISH


def language_name(code: str | None) -> str:
    """The English name of a language, else its code."""
    return _NAMES.get(code or "", code or "an unknown language")


def foreign_notice(articles: Iterable[ArticleDetails]) -> tuple[str, ...]:
    """What a reader should know when articles that a result was made from are not in English."""
    languages = sorted({language_name(one.language) for one in articles if is_foreign(one)})
    if not languages:
        return ()
    return (
        f"Sources in {', '.join(languages)}: their sentences are quoted as they stand; what is "
        "written from them is not checked, since the checker reads English.",
    )


def is_other_language(question: str, passages: Sequence[Passage]) -> bool:
    """Whether a question, or the passage that comes nearest to it, is not in English."""
    return not is_english(question) or any(map(_is_unread, passages[:1]))


def unread(text: str, found: Sequence[Carrier], cited: Sequence[int] = ()) -> Claim | None:
    """The claim as not checked, when it or all of its evidence is in another language; else None.

    The evidence is what `cited` numbers, or all. The claim cites the sentence that shares most of
    its words, or characters where words are not spaced, so that a reader can look it up.
    """
    first = [one for one in found if one.passage.number in cited] or list(found)
    if not is_english(text):
        return _not_checked(text, first, "it is not English")
    passages = {one.passage.number: one.passage for one in first}
    if not passages or not all(map(_is_unread, passages.values())):
        return None
    languages = {one.article.language for one in passages.values()} - {None}
    named = " and ".join(sorted(map(language_name, languages))) or "another language"
    return _not_checked(text, first, f"its source is in {named}, and the checker reads English")


def _is_unread(passage: Passage) -> bool:
    if passage.article.language is None:
        return not is_english(passage.text[:_SAMPLE])
    return is_foreign(passage.article)


def _not_checked(text: str, found: Sequence[Carrier], reason: str) -> Claim:
    wanted = _units(text)
    nearest = max(found, key=lambda one: len(wanted & _units(one.text)), default=None)
    return Claim(
        text=text,
        citations=(nearest.citation,) if nearest else (),
        verdict=Verdict.NOT_CHECKED,
        reasons=(reason,),
        origin=Origin.GIVEN,
    )


def _units(text: str) -> set[str]:
    return set(re.findall("[\u3040-\u30ff\u3400-\u9fff]|[^\\W_]{3,}|\\d+", text.casefold()))
