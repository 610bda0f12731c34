"""What somebody waits for is embedded before documents are."""

import os
import sys
import threading
from time import perf_counter

import pytest

from vectorstore.courtesy import NICE, PATIENCE, PRECEDENCE, Precedence
from vectorstore.embeddings import OnnxEmbeddings


def test_whoever_gives_way_goes_on_when_the_last_claim_ends() -> None:
    precedence = Precedence()
    order = []

    def give_way() -> None:
        precedence.give_way()
        order.append("gave way")

    with precedence.claimed():
        with precedence.claimed():
            courteous = threading.Thread(target=give_way)
            courteous.start()
            order.append("first")
        order.append("second")
    courteous.join(10)
    assert order == ["first", "second", "gave way"]


def test_documents_wait_for_a_question_but_not_for_ever() -> None:
    embeddings = OnnxEmbeddings()
    embeddings.load()
    with PRECEDENCE.claimed():
        begun = perf_counter()
        vectors = embeddings.embed_documents(["one", "two", "three"])  # two at a time
        assert perf_counter() - begun >= 2 * PATIENCE
    assert vectors == embeddings.embed(["one", "two", "three"]).tolist()


@pytest.mark.skipif(sys.platform != "linux", reason="a priority is the whole process's")
def test_a_thread_steps_back_only_where_others_claim_precedence() -> None:
    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    precedence, before, found = Precedence(), priority(), []

    def work() -> None:
        precedence.step_back()
        found.append(priority())

    for _ in range(2):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        with precedence.claimed():
            pass
    assert found == [before, max(NICE, before)]
    assert priority() == before
