from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from langchain_core.documents import Document

from tests.tiny_embeddings import WIDTH, TinyEmbeddings
from vectorstore.errors import ChunkIndexError, ChunkIndexMismatchError
from vectorstore.filters import Where
from vectorstore.store import ChunkStore, open_store

MEND = "Run newsbot rebuild."
UNITS = np.eye(WIDTH, dtype=np.float32)


@pytest.fixture
def store(tmp_path: Path) -> ChunkStore:
    return open_store(tmp_path / "index", TinyEmbeddings(), mend=MEND)


def fill(store: ChunkStore, numbers: range) -> None:
    """A chunk a number, with its own unit vector, published at its number."""
    store.upsert(
        [f"a{n}:1:0" for n in numbers],
        UNITS[[n % WIDTH for n in numbers]],
        [{"article": f"a{n}", "outlet": f"o{n % 2}", "published": n} for n in numbers],
    )


def elsewhere(directory: Path, code: str) -> str:
    """Runs `code` in another process, with `store` open on the directory, and gives its output."""
    program = f"""
import numpy as np, os, signal
from pathlib import Path
from tests.test_store import *
store = open_store(Path({str(directory)!r}), TinyEmbeddings(), mend=MEND)
{code}
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode in (0, -9), done.stderr
    return done.stdout.strip()


def test_the_nearest_come_first_with_their_cosine(store: ChunkStore) -> None:
    fill(store, range(5))
    query = 0.8 * UNITS[3] + 0.6 * UNITS[1]
    found = store.nearest(query, 2)
    assert [identity for identity, _ in found] == ["a3:1:0", "a1:1:0"]
    assert [cosine for _, cosine in found] == pytest.approx([0.8, 0.6], abs=1e-3)


def test_filters_limit_what_is_found(store: ChunkStore) -> None:
    fill(store, range(6))
    found = store.nearest(UNITS[0], 9, Where(since=2, until=5, outlets=("o0",)))
    assert {identity for identity, _ in found} == {"a2:1:0", "a4:1:0"}
    assert store.nearest(UNITS[0], 9, Where(articles=("a5",)))[0][0] == "a5:1:0"
    assert store.nearest(UNITS[0], 9, Where(since=99)) == []


def test_an_empty_store_finds_nothing(store: ChunkStore) -> None:
    assert store.nearest(UNITS[0], 3) == []
    assert (store.count(), store.ids()) == (0, set())
    store.upsert([], UNITS[:0], [])
    store.delete([])


def test_a_chunk_is_replaced_and_removed(store: ChunkStore) -> None:
    fill(store, range(2))
    store.upsert(["a0:1:0"], UNITS[7:8], [{"article": "a0"}])
    assert store.nearest(UNITS[7], 1)[0][0] == "a0:1:0"
    store.delete(["a0:1:0", "never there"])
    assert store.ids() == {"a1:1:0"}


def test_more_chunks_than_chroma_takes_at_once(store: ChunkStore) -> None:
    fill(store, range(5_100))
    assert store.count() == 5_100
    store.delete([f"a{n}:1:0" for n in range(5_090)])
    assert store.count() == 10


def test_it_is_langchains_store(store: ChunkStore) -> None:
    store.add_documents([Document("the launch failed", id="x"), Document("rain", id="y")])
    assert store.similarity_search("launch", k=1)[0].page_content == "the launch failed"
    assert store.as_retriever(search_kwargs={"k": 1}).invoke("rain")[0].id == "y"


def test_what_another_process_wrote_is_found(store: ChunkStore) -> None:
    fill(store, range(3))
    assert store.count() == 3
    elsewhere(store.directory, "fill(store, range(3, 5)); store.delete(['a0:1:0'])")
    assert store.ids() == {f"a{n}:1:0" for n in range(1, 5)}
    assert store.nearest(UNITS[4], 1)[0][0] == "a4:1:0"


def test_a_writer_killed_amid_its_work_leaves_all_that_it_had_written(store: ChunkStore) -> None:
    fill(store, range(3))
    killed = """
fill(store, range(3, 40))
with store.exclusive():
    fill(store, range(40, 50))
    os.kill(os.getpid(), signal.SIGKILL)
"""
    elsewhere(store.directory, killed)
    assert store.count() == 50
    fill(store, range(50, 60))
    assert store.nearest(UNITS[45], 1)[0][0] == "a45:1:0"


def test_threads_and_two_stores_on_one_directory(store: ChunkStore) -> None:
    other = open_store(store.directory, TinyEmbeddings())

    def write(writer: ChunkStore, start: int) -> None:
        for n in range(start, start + 20, 2):
            fill(writer, range(n, n + 2))
            assert writer.nearest(UNITS[n], 1)[0][1] == pytest.approx(1, abs=1e-3)

    threads = [
        Thread(target=write, args=(one, 20 * n)) for n, one in enumerate([store, other, store])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.count() == other.count() == 60
    elsewhere(store.directory, "fill(store, range(60, 61))")
    assert store.count() == other.count() == 61


def test_another_embedding_model_is_told_with_what_mends_it(store: ChunkStore) -> None:
    fill(store, range(1))
    other = open_store(store.directory, TinyEmbeddings("large"), mend=MEND)
    with pytest.raises(ChunkIndexMismatchError, match=r"model tiny, and large.*newsbot rebuild"):
        other.count()
    other.reset()
    assert other.count() == 0
    with pytest.raises(ChunkIndexMismatchError):
        store.count()


def test_a_reset_changes_the_identity_for_every_process(store: ChunkStore) -> None:
    fill(store, range(2))
    before = store.identity
    after = elsewhere(store.directory, "print(store.reset())")
    assert after != before
    assert (store.identity, store.count()) == (after, 0)


def _overwrite(directory: Path) -> None:
    (directory / "chroma.sqlite3").write_bytes(b"no database " * 1000)


def _shorten(directory: Path) -> None:
    database = directory / "chroma.sqlite3"
    os.truncate(database, database.stat().st_size // 2)


def _shorten_header(directory: Path) -> None:
    os.truncate(next(directory.glob("*/header.bin")), 50)


def _lose_metadata(directory: Path) -> None:
    next(directory.glob("*/index_metadata.pickle")).unlink()


def _lose_files(directory: Path) -> None:
    for folder in directory.glob("*/"):
        shutil.rmtree(folder)


@pytest.mark.parametrize(
    "damage", [_overwrite, _shorten, _shorten_header, _lose_metadata, _lose_files]
)
def test_a_damaged_index_is_told_and_can_be_reset(store: ChunkStore, damage) -> None:  # type: ignore[no-untyped-def]
    fill(store, range(2_500))
    store.close()
    damage(store.directory)
    with pytest.raises(ChunkIndexError, match=r"is damaged.*newsbot rebuild"):
        store.nearest(UNITS[0], 1)
    store.reset()
    fill(store, range(2))
    assert store.count() == 2


def test_a_directory_that_was_deleted_is_noticed(store: ChunkStore) -> None:
    fill(store, range(2))
    shutil.rmtree(store.directory)
    assert store.count() == 0
    fill(store, range(1))
    assert store.count() == 1


def test_opening_it_again_and_again_leaks_neither_files_nor_threads(store: ChunkStore) -> None:
    def held() -> tuple[int, int]:
        return len(os.listdir("/proc/self/fd")), len(os.listdir("/proc/self/task"))

    fill(store, range(10))
    for _ in range(5):
        store.close()
        store.count()
    before = held()
    for _ in range(30):
        store.close()
        store.count()
    assert all(now <= then + 3 for now, then in zip(held(), before, strict=True))


def test_a_server_that_does_not_answer_is_told(tmp_path: Path) -> None:
    store = open_store(tmp_path / "index", TinyEmbeddings(), url="http://127.0.0.1:9")
    with pytest.raises(ChunkIndexError, match=r"No Chroma server answers at http://127.0.0.1:9"):
        store.count()


def test_the_environment_cannot_turn_telemetry_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANONYMIZED_TELEMETRY", "True")
    monkeypatch.setenv("CHROMA_OTEL_COLLECTION_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("CHROMA_OTEL_GRANULARITY", "all")
    monkeypatch.setenv("CHROMA_API_IMPL", "chromadb.api.fastapi.FastAPI")
    monkeypatch.setenv("CHROMA_SERVER_HOST", "192.0.2.1")
    from chromadb.telemetry.opentelemetry import OpenTelemetryGranularity, granularity

    store = open_store(tmp_path / "index", TinyEmbeddings())
    fill(store, range(2))
    assert store.count() == 2
    assert granularity is OpenTelemetryGranularity.NONE
