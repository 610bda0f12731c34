"""Counts tokens as OpenAI's models do, without ever waiting for a network.

tiktoken downloads a vocabulary when it first needs one, without a time limit, so it is asked only
when the vocabulary already lies in its cache folder. Otherwise bpe-openai counts, which carries
the same vocabularies and gives the same token ids.

For models of other makers the count is an estimate: this module does not know their vocabularies.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple, Protocol

_LONGEST_PIECE = 200_000  # characters; bpe-openai refuses 200,000 tokens or a million characters
_SEAM = re.compile(r"\n(?=\w)")  # no token of either vocabulary reaches across one


class Vocabulary(NamedTuple):
    """Where tiktoken gets a vocabulary from, and the SHA-256 of the file."""

    url: str
    sha256: str


_ADDRESS = "https://openaipublic.blob.core.windows.net/encodings/"

# The same table as in tiktoken_ext/openai_public.py, which downloads while it is being read.
VOCABULARIES = {
    "o200k_base": Vocabulary(
        _ADDRESS + "o200k_base.tiktoken",
        "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    ),
    "cl100k_base": Vocabulary(
        _ADDRESS + "cl100k_base.tiktoken",
        "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    ),
}
DEFAULT = "o200k_base"


class _Encoding(Protocol):
    def encode_ordinary(self, text: str) -> list[int]: ...


def count(text: str, model: str | None = None) -> int:
    """Tokens of `text` for `model` (an OpenAI model's name, with or without `openai:`).

    Special tokens such as `<|endoftext|>` count as the plain text that they are in an article.
    """
    encoding = _encoding(vocabulary_of(model) or DEFAULT)
    return sum(len(encoding.encode_ordinary(piece)) for piece in _pieces(text))


def is_exact(model: str | None) -> bool:
    """Whether `count` gives the very number for this model, not an estimate."""
    return vocabulary_of(model) is not None


def vocabulary_of(model: str | None) -> str | None:
    """The name of the model's vocabulary, None when it is not one that we have."""
    from tiktoken.model import encoding_name_for_model

    try:
        name = encoding_name_for_model((model or "").removeprefix("openai:"))
    except KeyError:
        return None
    name = name.replace("o200k_harmony", "o200k_base")  # differs in its special tokens alone
    return name if name in VOCABULARIES else None


@cache
def _encoding(name: str) -> _Encoding:
    if _is_at_hand(VOCABULARIES[name]):
        import tiktoken

        return tiktoken.get_encoding(name)
    import bpe_openai

    encoding: _Encoding = bpe_openai.get_encoding(name)
    return encoding


def _is_at_hand(vocabulary: Vocabulary) -> bool:
    """Whether tiktoken finds the file in its cache and accepts it, so that it does not download."""
    directory = _cache_directory()
    if directory is None:
        return False
    path = directory / hashlib.sha1(vocabulary.url.encode(), usedforsecurity=False).hexdigest()
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == vocabulary.sha256
    except OSError:
        return False


def _cache_directory() -> Path | None:
    """The cache folder of tiktoken/load.py; None where an empty variable switches it off."""
    for variable in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"):
        if variable in os.environ:
            return Path(os.environ[variable]) if os.environ[variable] else None
    return Path(tempfile.gettempdir()) / "data-gym-cache"


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces that both tokenizers take, cut where no token is where that is possible.

    Lone surrogates, which no tokenizer takes, count as the replacement character.
    """
    text = text.encode("utf-8", "replace").decode()
    start = 0
    while len(text) - start > _LONGEST_PIECE:
        seams = _SEAM.finditer(text, start + _LONGEST_PIECE // 2, start + _LONGEST_PIECE)
        end = max((seam.end() for seam in seams), default=start + _LONGEST_PIECE)
        yield text[start:end]
        start = end
    yield text[start:]
