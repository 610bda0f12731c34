from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from time import sleep

import pytest

from bot.archive import Archive
from bot.archive.indexing import INDEXING, Index
from bot.archive.reading import READING
from bot.entities import Article, Filters, Ingested, Outcome, Progress
from bot.errors import InterruptedWorkError
from tests.tiny_embeddings import TinyEmbeddings
from vectorstore.errors import ChunkIndexDamagedError, ChunkIndexMismatchError
from vectorstore.store import open_store


def article(n: int, *, words: str = "") -> Article:
    """An article of three chunks, the first of which tells its number in words of its own."""
    paragraphs = (f"word{n} and more. {words}", f"Second part of number{n}.", f"Last of tale{n}.")
    return Article(
        id=f"a{n}", title=f"Headline {n}", text="\n".join(paragraphs), address=f"{n}.txt"
    )


def split_lines(text: str) -> list[tuple[int, int]]:
    spans, start = [], 0
    for line in text.split("\n"):
        spans.append((start, start + len(line)))
        start += len(line) + 1
    return spans


def open_index(directory: Path, embeddings: TinyEmbeddings | None = None) -> Index:
    embeddings = embeddings or TinyEmbeddings()
    store = open_store(directory / "index", embeddings, mend="Run newsbot rebuild.")
    return Index(Archive(directory / "newsbot.db", split_lines), store, embeddings)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    opened = open_index(tmp_path)
    yield opened
    opened.store.close()
    opened.archive.close()


def found(index: Index, query: str) -> str:
    """The id of the chunk most similar to the query."""
    return index.store.nearest(index.embeddings.embed_query(query), 1)[0][0]


def complete(index: Index) -> bool:
    """Whether the index holds exactly the live chunks."""
    pending = index.archive.chunks.pending(index.store.identity)
    return not pending and index.store.ids() == index.archive.chunks.indexed(index.store.identity)


def test_articles_are_kept_and_found_by_words_and_by_meaning(index: Index) -> None:
    report = index.ingest([article(n) for n in range(20)])
    assert report.count(Outcome.ADDED) == 20
    assert [one.address for one in report][:2] == ["0.txt", "1.txt"]
    assert index.archive.chunks.search("word7", 3)[0][0] == "a7:1:0"
    assert found(index, "Headline 7 word7 and more") == "a7:1:0"
    assert index.store.count() == index.archive.chunks.count() == 60
    assert complete(index)


def test_the_same_again_embeds_nothing(index: Index) -> None:
    index.ingest([article(1), article(2)])
    embedded = index.embeddings.embedded
    report = index.ingest([article(1), article(2)])
    assert [one.outcome for one in report] == [Outcome.UNCHANGED] * 2
    assert index.embeddings.embedded == embedded


def test_a_revision_replaces_its_chunks_and_embeds_only_what_changed(index: Index) -> None:
    index.ingest([article(1)])
    embedded = index.embeddings.embedded
    report = index.ingest([article(1, words="Corrected.")])
    assert report.count(Outcome.REVISED) == 1
    assert index.embeddings.embedded == embedded + 1
    assert index.store.ids() == {"a1:2:0", "a1:2:1", "a1:2:2"}


def test_what_could_not_be_read_passes_into_the_report(index: Index) -> None:
    broken = Ingested("x.bin", Outcome.FAILED, message="it is binary")
    surrogate = Article(id="s", title="s", text="broken \ud800 text", address="s.txt")
    report = index.ingest([article(1), broken, surrogate, article(2)])
    outcomes = [one.outcome for one in report]
    assert outcomes == [Outcome.ADDED, Outcome.FAILED, Outcome.FAILED, Outcome.ADDED]
    assert "cannot be stored" in list(report)[2].message
    assert complete(index)


def test_progress_tells_articles_and_chunks(index: Index) -> None:
    told: list[Progress] = []
    index.ingest((article(n) for n in range(12)), told.append)
    assert told[-1].done == told[-1].total
    read = [progress for progress in told if progress.stage == READING]
    chunks = [progress.done for progress in told if progress.stage == INDEXING]
    assert (read[-1].done, read[-1].total) == (12, 12)
    assert chunks == sorted(chunks)
    assert chunks[-1] == 36


def test_an_article_is_kept_before_it_is_embedded(index: Index) -> None:
    may_go_on = Event()

    class Waiting(TinyEmbeddings):
        def embed(self, texts):  # type: ignore[no-untyped-def]
            assert may_go_on.wait(20)
            return super().embed(texts)

    waiting = Index(index.archive, index.store, Waiting())
    ingesting = Thread(target=waiting.ingest, args=([article(n) for n in range(30)],))
    ingesting.start()
    while len(index.archive.details()) < 30:  # no lock of the database is held meanwhile
        pass
    assert index.archive.chunks.search("word29", 1)[0][0] == "a29:1:0"
    assert index.store.count() == 0  # nor one of the index
    may_go_on.set()
    ingesting.join()
    assert complete(index)


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(index: Index) -> None:
    def endless() -> Iterator[Article]:
        for n in range(1_000_000):
            if n == 40:
                os.kill(os.getpid(), signal.SIGINT)
            if n >= 40:
                sleep(0.05)
            yield article(n)

    with pytest.raises(InterruptedWorkError, match=r"Stopped after \d+ articles.*same command"):
        index.ingest(endless())
    kept = len(index.archive.details())
    assert 40 <= kept < 300
    index.ingest([article(n) for n in range(kept + 5)])
    assert len(index.archive.details()) == kept + 5
    assert complete(index)


def test_a_failure_while_reading_is_raised_when_the_rest_is_kept(index: Index) -> None:
    def failing() -> Iterator[Article]:
        yield article(1)
        raise RuntimeError("the reader fell over")

    with pytest.raises(RuntimeError, match="fell over"):
        index.ingest(failing())
    assert index.store.count() == 3


def test_removal_leaves_nothing_behind(index: Index, tmp_path: Path) -> None:
    index.ingest([article(1, words="The zebrafish swam."), article(2)])
    index.remove("a1")
    assert index.store.ids() == {"a2:1:0", "a2:1:1", "a2:1:2"}
    for file in [path for path in tmp_path.rglob("*") if path.is_file()]:
        assert b"zebrafish" not in file.read_bytes().lower(), file
    assert index.ingest([article(1)]).count(Outcome.SKIPPED) == 1
    assert index.ingest([article(1)], restore=True).count(Outcome.ADDED) == 1
    assert complete(index)


def test_the_alternate_of_a_removed_article_takes_its_place(index: Index) -> None:
    same = Article(id="b1", title="Elsewhere", text=article(1).text)
    report = index.ingest([article(1), same])
    assert [one.outcome for one in report] == [Outcome.ADDED, Outcome.ALTERNATE]
    assert index.store.count() == 3
    index.remove("a1")
    assert found(index, "word1 and more") == "b1:1:0"
    assert complete(index)


def test_a_rebuild_takes_vectors_from_the_archive(index: Index) -> None:
    index.ingest([article(n) for n in range(5)])
    embedded = index.embeddings.embedded
    before = index.store.identity
    assert index.rebuild() == 15
    assert index.embeddings.embedded == embedded
    assert index.store.identity != before
    assert complete(index)


def test_a_damaged_index_is_told_and_rebuilt(index: Index) -> None:
    index.ingest([article(1)])
    index.store.close()
    (index.store.directory / "chroma.sqlite3").write_bytes(b"no database" * 1000)
    with pytest.raises(ChunkIndexDamagedError, match=r"newsbot rebuild"):
        index.ingest([article(2)])
    assert index.archive.details(Filters(articles=("a2",))) == []
    assert index.rebuild() == 3


def test_another_embedding_model_is_told_and_a_rebuild_mends_it(
    index: Index, tmp_path: Path
) -> None:
    index.ingest([article(1)])
    other = open_index(tmp_path, TinyEmbeddings("large"))
    with pytest.raises(ChunkIndexMismatchError, match=r"newsbot rebuild"):
        other.ingest([article(2)])
    assert other.rebuild() == 3
    assert other.embeddings.embedded == 3
    other.archive.close()


def test_a_lost_index_is_made_again_by_the_next_ingest(index: Index) -> None:
    index.ingest([article(1), article(2)])
    index.store.reset()
    index.ingest([])
    assert index.store.count() == 6
    assert complete(index)


def test_what_a_killed_process_left_is_put_right(index: Index) -> None:
    index.ingest([article(1), article(2)])
    index.archive.put(article(3))  # killed before it was embedded
    gone = index.archive.put(article(1, words="New.")).gone  # killed before it left the index
    assert set(gone) <= index.store.ids()
    assert not complete(index)
    index.index_pending()
    assert index.store.count() == 9
    assert complete(index)


def test_vectors_of_other_processes_are_not_computed_again(index: Index, tmp_path: Path) -> None:
    index.ingest([article(1)])
    index.store.reset()
    other = open_index(tmp_path, TinyEmbeddings())
    other.index_pending()
    assert other.embeddings.embedded == 0
    other.archive.close()


def test_a_full_disk_is_told_and_what_was_kept_stays(index: Index, tmp_path: Path) -> None:
    from bot.errors import ArchiveFullError

    index.ingest([article(1)])
    with sqlite3.connect(tmp_path / "newsbot.db") as database:
        pages = database.execute("PRAGMA page_count").fetchone()[0]
    database.close()
    limit = f"PRAGMA max_page_count = {pages + 10}"
    with index.archive.database.read() as connection:
        connection.exec_driver_sql(limit)  # SQLite's own way to be full; kept by the connection
    with pytest.raises(ArchiveFullError, match="The disk is full"):
        index.ingest([article(n, words="long " * 5_000) for n in range(2, 50)])
    assert index.archive.article("a1").title == "Headline 1"
