"""The judge on a real llama.cpp server with a very small model: the protocol, not its judgement."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from bot.entities import Article
from bot.grounding.support import Checker
from bot.settings import Settings, read_settings
from bot.writing import local
from bot.writing.judge import open_judge
from bot.writing.models import find_chat_model
from tests.chat_writers import open_chat_writer
from tests.protocol.test_local_model import gguf  # noqa: F401 - the fixture
from vectorstore.embeddings import OnnxEmbeddings

pytestmark = [pytest.mark.protocol, pytest.mark.timeout(300)]

TEXT = "Kim Jong Un arrived in Vladivostok on Tuesday. Vladimir Putin received him there."
EVIDENCE = ("Kim Jong Un arrived in Vladivostok on Tuesday.", "Vladimir Putin received him there.")


@pytest.fixture
def settings(gguf: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:  # noqa: F811
    monkeypatch.setenv("NEWSBOT_JUDGE_MODEL", f"local:{gguf}")
    monkeypatch.setenv("NEWSBOT_MODEL", f"local:{gguf}")
    monkeypatch.setenv("NEWSBOT_CONTEXT_TOKENS", "2000")
    return read_settings()


def test_real_odds_lie_between_no_and_yes(settings: Settings) -> None:
    judge = open_judge(settings)
    assert judge is not None
    first, other, again = (
        judge.support(claim, EVIDENCE)
        for claim in ("Kim arrived.", "Nobody arrived at all.", "Kim arrived.")
    )
    assert 0 < other < first < 1  # odds, not words: those would be 0 or 1
    assert again == pytest.approx(first, abs=0.02)  # what is read in other pieces rounds otherwise


def test_writer_and_judge_share_one_server(gguf: Path, settings: Settings) -> None:  # noqa: F811
    judge = open_judge(settings)
    assert judge is not None
    judge.support("Kim arrived.", EVIDENCE)
    server = local.open_server(gguf, settings.context_tokens)
    open_chat_writer(settings)
    assert local.open_server(gguf, settings.context_tokens) is server
    assert os.environ["GOMP_SPINCOUNT"] == "0"


def test_the_judge_does_not_wait_until_the_writer_has_written(settings: Settings) -> None:
    judge = open_judge(settings)
    assert judge is not None
    judge.support("Kim arrived.", EVIDENCE)  # the server runs
    chat = find_chat_model(settings)
    long = chat.model.bind(max_tokens=1_000, logit_bias={"2": -100})  # <|im_end|>: it never ends
    written = long.stream("Write a long story about a train.")
    begun = time.monotonic()
    next(written)
    judge.support("Kim left again.", EVIDENCE)
    judged = time.monotonic() - begun
    assert sum(1 for _ in written) > 500
    assert time.monotonic() - begun > 2 * judged


def test_a_checker_scores_with_it(settings: Settings) -> None:
    text, article = "On Tuesday, Kim came to Vladivostok.", Article(id="kim", text=TEXT)
    embeddings = OnnxEmbeddings()
    alone = Checker(embeddings).check_text(text, [article])
    judged = Checker(embeddings, judge=open_judge(settings)).check_text(text, [article])
    assert judged.score != alone.score
    assert not judged.notices
