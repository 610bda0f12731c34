"""Counting tokens, with and without tiktoken's vocabulary at hand."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_socket
import tiktoken
import tiktoken.load
import tiktoken.registry

from bot.writing import tokens


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty cache folder of tiktoken, and nothing remembered from other tests."""
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    tokens._encoding.cache_clear()
    yield tmp_path
    tokens._encoding.cache_clear()
    tiktoken.registry.ENCODINGS.clear()


@pytest.fixture
def no_network(socket_disabled: None) -> None:
    pytest_socket.disable_socket()


def test_counts_are_those_published_for_the_vocabularies(no_network: None) -> None:
    # The first is the example of tiktoken's README; the ids are OpenAI's.
    assert tokens._encoding("o200k_base").encode_ordinary("hello world") == [24912, 2375]
    assert tokens._encoding("cl100k_base").encode_ordinary("hello world") == [15339, 1917]
    assert tokens.count("hello world") == 2


def test_special_tokens_of_an_article_are_plain_text(no_network: None) -> None:
    assert tokens.count("He said <|endoftext|> and left.") > 8


def test_models_have_their_own_vocabulary() -> None:
    assert tokens.vocabulary_of("gpt-5.4-mini") == "o200k_base"
    assert tokens.vocabulary_of("openai:gpt-4o-mini") == "o200k_base"
    assert tokens.vocabulary_of("gpt-4") == "cl100k_base"
    assert tokens.vocabulary_of("gpt-oss-20b") == "o200k_base"
    assert tokens.vocabulary_of("qwen2.5:1.5b") is None
    assert tokens.is_exact("gpt-5.4-mini")
    assert not tokens.is_exact(None)


def test_an_unknown_model_is_counted_all_the_same(no_network: None) -> None:
    assert tokens.count("hello world", "some-model") == 2


def test_no_text_has_no_tokens(no_network: None) -> None:
    assert tokens.count("") == 0


def test_long_texts_count_as_their_parts(no_network: None) -> None:
    paragraph = "Kim arrived in Vladivostok on Tuesday, officials said.\n"
    assert tokens.count(paragraph * 8_000) == 8_000 * tokens.count(paragraph)


def test_text_without_any_seam_is_counted(no_network: None) -> None:
    assert tokens.count("ab" * 300_000) > 50_000


def test_lone_surrogates_do_not_raise(no_network: None) -> None:
    assert tokens.count("broken \ud83d text") > 2


def test_a_vocabulary_at_hand_is_used(
    cache: Path, monkeypatch: pytest.MonkeyPatch, no_network: None
) -> None:
    _install(cache, monkeypatch)
    assert isinstance(tokens._encoding("o200k_base"), tiktoken.Encoding)
    assert tokens.count("abab") == 2  # "ab" is the one merge of the small vocabulary
    assert tokens.count("<|endoftext|>") == len("<|endoftext|>")


def test_a_damaged_vocabulary_is_not_fetched_again(
    cache: Path, monkeypatch: pytest.MonkeyPatch, no_network: None
) -> None:
    path = _install(cache, monkeypatch)
    path.write_bytes(path.read_bytes()[:-9])
    assert tokens.count("hello world") == 2
    assert path.exists()


def test_a_cache_that_is_switched_off_downloads_nothing(
    monkeypatch: pytest.MonkeyPatch, no_network: None
) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", "")
    assert tokens.count("hello world") == 2


def test_the_table_is_that_of_tiktoken() -> None:
    import inspect

    import tiktoken_ext.openai_public  # type: ignore[import-untyped]

    source = inspect.getsource(tiktoken_ext.openai_public)
    for vocabulary in tokens.VOCABULARIES.values():
        assert vocabulary.url in source
        assert vocabulary.sha256 in source


def _install(cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A vocabulary of the bytes and one merge, under o200k_base's name, in tiktoken's cache."""
    words = [bytes([byte]) for byte in range(256)] + [b"ab"]
    lines = [b"%s %d\n" % (base64.b64encode(word), rank) for rank, word in enumerate(words)]
    vocabulary = tokens.Vocabulary(
        "https://example.invalid/small.tiktoken", hashlib.sha256(b"".join(lines)).hexdigest()
    )

    def construct() -> dict[str, Any]:
        ranks = tiktoken.load.load_tiktoken_bpe(vocabulary.url, vocabulary.sha256)
        special = {"<|endoftext|>": 300}
        return {
            "name": "o200k_base",
            "pat_str": r"\w+|\W+",
            "mergeable_ranks": ranks,
            "special_tokens": special,
        }

    tiktoken.list_encoding_names()  # fills the table of constructors
    constructors = tiktoken.registry.ENCODING_CONSTRUCTORS
    assert constructors is not None
    monkeypatch.setitem(constructors, "o200k_base", construct)
    monkeypatch.delitem(tiktoken.registry.ENCODINGS, "o200k_base", raising=False)
    monkeypatch.setitem(tokens.VOCABULARIES, "o200k_base", vocabulary)
    path = cache / hashlib.sha1(vocabulary.url.encode()).hexdigest()
    path.write_bytes(b"".join(lines))
    return path
