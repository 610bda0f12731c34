from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.archive import Archive
from bot.archive.database import Database
from bot.archive.migrations import HEAD
from bot.archive.rows import is_within, to_where
from bot.archive.schema import metadata
from bot.entities import Article, Citation, Filters, Outcome, Period, Precision
from bot.errors import (
    ArchiveDamagedError,
    ArchiveError,
    ArchiveLockedError,
    ArchiveVersionError,
    ArticleNotFoundError,
)
from vectorstore.filters import Where

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MAY = datetime(2026, 5, 1, tzinfo=UTC)
PLAIN = Article(id="a1", title="A launch fails", text="The rocket fell. Nobody was hurt.")
FULL = Article(
    id="a2",
    title="Überraschung “heute” 🚀",
    text="First line.\nSecond \u00a0line with 🚀.\n\nThird.",
    outlet="The Gazette",
    author="A. Writer",
    url="https://example.org/a?b=1",
    published=datetime(2026, 5, 1, 9, 30, 1, 5, tzinfo=timezone(timedelta(hours=2))),
    precision=Precision.TIME,
    retrieved=NOW,
    language="de",
    address="folder/a.txt",
    guessed=("outlet", "title"),
)


def split_lines(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(r"[^\n]+", text)]


def open_archive(path: Path) -> Archive:
    return Archive(path, split_lines, clock=lambda: NOW)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    opened = open_archive(tmp_path / "newsbot.db")
    yield opened
    opened.close()


def dated(identity: str, published: datetime, precision: Precision = Precision.TIME) -> Article:
    return Article(
        id=identity, title=identity, text=identity, published=published, precision=precision
    )


def found(archive: Archive, query: str) -> list[str]:
    return [identity for identity, _ in archive.chunks.search(query, 9)]


# Keeping


@pytest.mark.parametrize("article", [PLAIN, FULL])
def test_an_article_comes_back_as_it_went_in(archive: Archive, article: Article) -> None:
    assert archive.put(article).outcome is Outcome.ADDED
    assert archive.article(article.id) == article
    assert archive.articles(["absent", article.id]) == [article]
    assert archive.details() == [article.details]


def test_the_same_again_is_unchanged_whatever_its_spacing(archive: Archive) -> None:
    archive.put(PLAIN)
    again = replace(PLAIN, text=PLAIN.text.replace(" ", "\n  "), retrieved=NOW)
    assert archive.put(again).outcome is Outcome.UNCHANGED
    assert archive.article("a1") == PLAIN


def test_a_changed_text_is_a_new_revision_and_the_old_one_stays(archive: Archive) -> None:
    archive.put(PLAIN)
    kept = archive.put(replace(PLAIN, text="The rocket exploded."))
    assert (kept.outcome, kept.revision) == (Outcome.REVISED, 2)
    assert (kept.added, kept.gone) == (("a1:2:0",), ("a1:1:0",))
    assert archive.article("a1").text == "The rocket exploded."
    assert archive.article("a1", 1).text == PLAIN.text
    assert (found(archive, "fell"), found(archive, "exploded")) == ([], ["a1:2:0"])


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({"title": "A launch succeeds"}, Outcome.REVISED),
        ({"published": MAY}, Outcome.REVISED),  # was missing
        ({"outlet": "Gazette", "guessed": ()}, Outcome.REVISED),  # was guessed
        ({"outlet": "gazette.org", "guessed": ("outlet",)}, Outcome.UNCHANGED),  # is guessed
        ({"outlet": None}, Outcome.UNCHANGED),
    ],
)
def test_what_else_makes_a_revision(archive: Archive, changed: dict, outcome: Outcome) -> None:  # type: ignore[type-arg]
    guessed = replace(PLAIN, outlet="example.org", guessed=("outlet",))
    archive.put(guessed)
    assert archive.put(replace(guessed, **changed)).outcome is outcome


def test_chunks_that_did_not_change_keep_their_vectors(archive: Archive) -> None:
    import numpy as np

    two = replace(PLAIN, text="One line.\nAnother line.")
    archive.put(two)
    first, second = (chunk for chunk in archive.chunks.load(["a1:1:0", "a1:1:1"]))
    from bot.archive.chunks import hash_chunk

    hashes = [hash_chunk(first), hash_chunk(second)]
    vector = np.arange(3, dtype=np.float32)
    archive.chunks.keep_vectors("m", {**dict.fromkeys(hashes, vector), "removed text": vector})
    archive.put(replace(two, text="One line.\nA corrected line."))
    assert list(archive.chunks.vectors("m", [*hashes, "removed text"])) == hashes[:1]
    assert archive.chunks.vectors("m", hashes)[hashes[0]].tolist() == [0, 1, 2]
    assert archive.chunks.vectors("another model", hashes) == {}


# Alternates


def test_the_same_text_elsewhere_is_an_alternate_and_not_searched_twice(archive: Archive) -> None:
    archive.put(PLAIN)
    kept = archive.put(replace(PLAIN, id="b1", title="Elsewhere"))
    assert (kept.outcome, kept.added) == (Outcome.ALTERNATE, ())
    assert archive.alternates() == {"b1": "a1"}
    assert found(archive, "rocket") == ["a1:1:0"]
    assert archive.counts()["alternates"] == 1
    assert {one.id for one in archive.details()} == {"a1", "b1"}
    assert archive.put(replace(PLAIN, id="b1", title="Elsewhere")).outcome is Outcome.UNCHANGED


def test_a_text_under_three_unlike_headlines_is_a_notice(archive: Archive) -> None:
    notice = "This video is not available here.\nTry again."
    headlines = [
        "Trucks are recalled",
        "Bottles change colour",
        "Storm reaches land",
        "Storm nears",
    ]
    for n, title in enumerate(headlines):
        archive.put(Article(id=f"v{n}", title=title, text=notice))
    guessed = Article(id="v4", title="This video is", text=notice, guessed=("title",))
    assert archive.put(guessed).outcome is Outcome.ALTERNATE
    assert archive.alternates() == {"v1": "v0", "v3": "v0", "v4": "v0"}
    assert {"v0:1:0", "v2:1:0"} <= set(found(archive, "available"))


def test_an_alternate_whose_text_changes_is_an_article_again(archive: Archive) -> None:
    archive.put(PLAIN)
    archive.put(replace(PLAIN, id="b1"))
    kept = archive.put(replace(PLAIN, id="b1", text="Now something else."))
    assert (kept.outcome, kept.added) == (Outcome.REVISED, ("b1:2:0",))
    assert archive.alternates() == {}


@pytest.mark.parametrize("removes", [True, False])
def test_when_the_original_leaves_the_oldest_alternate_takes_its_place(
    archive: Archive, removes: bool
) -> None:
    for identity in ("a1", "b1", "c1"):
        archive.put(replace(PLAIN, id=identity))
    kept = archive.remove("a1") if removes else archive.put(replace(PLAIN, text="Other."))
    assert "b1:1:0" in kept.added
    assert archive.alternates() == {"c1": "b1"}
    assert found(archive, "rocket") == ["b1:1:0"]


def test_of_equal_texts_the_one_published_first_stands_for_the_others(archive: Archive) -> None:
    morning, noon = MAY.replace(hour=9), MAY.replace(hour=12)
    archive.put(replace(PLAIN, id="undated"))
    archive.put(replace(PLAIN, id="noon", published=noon))
    assert archive.alternates() == {"undated": "noon"}
    day = replace(PLAIN, id="day", published=MAY, precision=Precision.DAY)
    assert archive.put(day).outcome is Outcome.ALTERNATE
    kept = archive.put(replace(PLAIN, id="morning", published=morning))
    assert (kept.outcome, kept.added, kept.gone) == (
        Outcome.ADDED, ("morning:1:0",), ("noon:1:0",),
    )  # fmt: skip
    assert set(archive.alternates().values()) == {"morning"}
    assert found(archive, "rocket") == ["morning:1:0"]
    assert archive.article("noon").text == PLAIN.text
    archive.remove("morning")
    assert set(archive.alternates().values()) == {"noon"}
    assert found(archive, "rocket") == ["noon:1:0"]


# Removal


def test_a_removed_text_is_in_no_file_any_more(archive: Archive, tmp_path: Path) -> None:
    for n in range(30):
        archive.put(replace(PLAIN, id=f"x{n}", text=f"Filler text number {n} on weather."))
    archive.put(replace(PLAIN, text="The zebrafish swam.", title="A quokka"))
    archive.put(replace(PLAIN, text="The zebrafish swims again.", title="A quokka"))
    assert archive.remove("a1").gone == ("a1:2:0",)
    for file in tmp_path.iterdir():
        for word in (b"zebrafish", b"quokka"):
            assert word not in file.read_bytes().lower(), file
    assert len(found(archive, "weather")) == 9


def test_a_citation_leads_to_its_revision_or_to_the_removal(archive: Archive) -> None:
    archive.put(PLAIN)
    archive.put(replace(PLAIN, text="The rocket exploded."))
    citation = Citation("a1", 1, 0, 16, "The rocket fell.")
    revision = archive.resolve(citation)
    assert isinstance(revision, Article)
    assert revision.text[citation.start : citation.end] == citation.quote
    assert archive.removed_at("a1") is None
    archive.remove("a1")
    assert archive.resolve(citation) == archive.removed_at("a1") == NOW
    assert archive.counts() == {
        "articles": 0, "alternates": 0, "removed": 1, "revisions": 0, "chunks": 0
    }  # fmt: skip


def test_a_removed_article_stays_away_unless_it_is_asked_back(archive: Archive) -> None:
    archive.put(PLAIN)
    archive.remove("a1")
    kept = archive.put(PLAIN)
    assert (kept.outcome, kept.message) == (
        Outcome.SKIPPED,
        "it was removed on 2026-11-24; --restore brings it back",
    )
    kept = archive.put(PLAIN, restore=True)
    assert (kept.outcome, kept.revision) == (Outcome.ADDED, 2)  # 1 stays the removed one


def test_what_is_not_there_is_told(archive: Archive) -> None:
    archive.put(PLAIN)
    archive.put(FULL)
    archive.remove("a2")
    with pytest.raises(ArticleNotFoundError, match=r"holds no article nothing\."):
        archive.article("nothing")
    with pytest.raises(ArticleNotFoundError, match=r"holds no revision 7 of article a1\."):
        archive.article("a1", 7)
    with pytest.raises(ArticleNotFoundError, match=r"Article a2 was removed on 2026-11-24\."):
        archive.article("a2")
    with pytest.raises(ArticleNotFoundError, match=r"was removed on"):
        archive.remove("a2")
    with pytest.raises(ArticleNotFoundError, match=r"holds no article"):
        archive.resolve(Citation("nothing", 1, 0, 1, "T"))


# Filters and chunks


def test_a_day_is_in_every_period_that_it_overlaps(archive: Archive) -> None:
    noon = MAY + timedelta(hours=12, milliseconds=700)
    archive.put(dated("day", MAY, Precision.DAY))
    archive.put(dated("noon", noon))
    archive.put(replace(PLAIN, id="undated"))

    def within(since: float | None, until: float | None) -> list[str]:
        hours = [None if hour is None else MAY + timedelta(hours=hour) for hour in (since, until)]
        filters = Filters(period=Period(*hours))
        ids = [one.id for one in archive.details(filters)]
        where = to_where(filters)
        chunks = archive.chunks.load([f"{one}:1:0" for one in ("noon", "day", "undated")])
        assert [one.metadata["article"] for one in chunks if where.matches(one.metadata)] == ids
        details = archive.details()
        assert [one.id for one in details if is_within(one, filters.period)] == ids
        return ids

    assert within(None, None) == ["noon", "day", "undated"]
    assert within(12, 13) == ["noon", "day"]
    assert within(20, None) == ["day"]
    assert within(24, 48) == []
    assert within(None, 0) == []
    assert within(None, 1) == ["day"]
    assert within(-5, 12) == ["day"]
    assert within(12 + 0.9 / 3600, None) == ["noon", "day"]  # exact to the second
    assert within(12 + 1 / 3600, None) == ["day"]


def test_details_are_limited_by_outlet_and_article(archive: Archive) -> None:
    for n in range(4):
        archive.put(Article(id=f"a{n}", title="", text=f"text {n}", outlet=f"o{n % 2}"))
    assert [one.id for one in archive.details(Filters(outlets=("o1",)))] == ["a1", "a3"]
    filters = Filters(outlets=("o1", "o0"), articles=("a2", "a3"))
    assert [one.id for one in archive.details(filters)] == ["a2", "a3"]
    assert to_where(filters) == Where(outlets=("o1", "o0"), articles=("a2", "a3"))


def test_a_chunk_is_its_title_and_its_verbatim_text(archive: Archive) -> None:
    archive.put(FULL)
    (chunk,) = archive.chunks.load(["absent:1:0", "a2:1:1"])
    start, end = chunk.metadata["start"], chunk.metadata["end"]
    assert chunk.page_content == f"{FULL.title}\n\n{FULL.text[start:end]}"
    assert FULL.text[start:end] == "Second \u00a0line with 🚀."
    assert chunk.metadata["published"] == int(FULL.published.timestamp())  # type: ignore[union-attr]
    assert (chunk.id, chunk.metadata["outlet"]) == ("a2:1:1", "The Gazette")


def test_chunks_are_pending_until_this_index_has_them(archive: Archive) -> None:
    archive.put(FULL)
    assert archive.chunks.pending("index") == ["a2:1:0", "a2:1:1", "a2:1:2"]
    archive.chunks.mark(["a2:1:0", "a2:1:1"], "index")
    assert archive.chunks.pending("index") == ["a2:1:2"]
    assert len(archive.chunks.pending("an index made anew")) == 3
    assert (archive.chunks.count("index"), archive.chunks.count()) == (2, 3)


def test_more_ids_than_one_statement_takes(archive: Archive) -> None:
    archive.put(replace(PLAIN, text="\n".join(f"line {n}" for n in range(1_200))))
    ids = [f"a1:1:{n}" for n in range(1_199, -1, -1)]
    assert [chunk.id for chunk in archive.chunks.load(ids)] == ids
    assert archive.chunks.live(ids) == set(ids)


# The file


def test_the_migrations_make_the_schema(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    database = Database(tmp_path / "newsbot.db")
    with database.read() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    database.close()
    ours = set(metadata.tables)
    assert [one for one in differences if getattr(one[1], "name", None) in ours] == []
    migrations = Path(sys.modules["bot.archive.migrations"].__file__ or "").parent
    assert ScriptDirectory(str(migrations)).get_current_head() == HEAD


@pytest.mark.parametrize("dump", sorted(Path(__file__).parent.glob("archives/*.sql")))
def test_an_archive_of_each_version_opens(tmp_path: Path, dump: Path) -> None:
    path = tmp_path / "newsbot.db"
    with sqlite3.connect(path) as database:
        database.executescript(dump.read_text(encoding="utf-8"))
    database.close()
    archive = open_archive(path)
    assert archive.article("a2") == FULL
    assert archive.article("a1", 1) == PLAIN
    assert archive.removed_at("gone") == NOW
    assert archive.alternates() == {"b2": "a2"}
    assert found(archive, "exploded") == ["a1:2:0"]
    archive.put(replace(PLAIN, text="Writing goes on."))
    archive.remove("a2")
    archive.close()


def test_opening_a_current_archive_loads_no_alembic(archive: Archive, tmp_path: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from bot.archive import Archive
Archive(Path({str(tmp_path / "newsbot.db")!r}), lambda text: [])
heavy = {{"alembic", "chromadb", "spacy", "onnxruntime", "gradio", "transformers"}}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_several_processes_make_one_archive_at_once(tmp_path: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from bot.archive import Archive
from bot.entities import Article
sys.stdin.read()
archive = Archive(Path({str(tmp_path / "new" / "newsbot.db")!r}), lambda text: [(0, len(text))])
for n in range(20):
    archive.put(Article(id=f"{{sys.argv[1]}}-{{n}}", text=f"{{sys.argv[1]}} {{n}}"))
"""
    processes = [
        subprocess.Popen([sys.executable, "-c", program, str(n)], stdin=subprocess.PIPE)
        for n in range(3)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.close()
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    archive = open_archive(tmp_path / "new" / "newsbot.db")
    assert archive.counts()["articles"] == 60
    archive.close()


def test_an_archive_of_a_newer_newsbot_is_told(archive: Archive, tmp_path: Path) -> None:
    with archive.database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ArchiveVersionError, match="written by a newer Newsbot"):
        open_archive(tmp_path / "newsbot.db")


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "newsbot.db"
    path.write_bytes(b"This is a text, and not a database." * 100)
    with pytest.raises(ArchiveDamagedError, match="damaged or no database"):
        open_archive(path)
    assert path.read_bytes().startswith(b"This is a text")


def test_a_damaged_database_is_told(archive: Archive, tmp_path: Path) -> None:
    for n in range(50):
        archive.put(replace(PLAIN, id=f"a{n}", text=f"{n} " * 2_000))
    archive.database.erase_deleted()
    archive.close()
    path = tmp_path / "newsbot.db"
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(8_192)
        file.write(b"\xff" * (size - 8_192))
    with pytest.raises(ArchiveDamagedError):  # noqa: PT012 - where it is noticed does not matter
        damaged = open_archive(path)
        for n in range(50):
            damaged.article(f"a{n}")


def test_a_lock_that_another_process_keeps_is_told(archive: Archive, tmp_path: Path) -> None:
    impatient = Database(tmp_path / "newsbot.db", patience=0.1)
    told = pytest.raises(ArchiveLockedError, match="is locked")
    with archive.database.write(), told, impatient.write():
        pass
    with impatient.write():  # and it works again
        pass
    impatient.close()


def test_a_path_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveError, match="cannot be opened"):
        open_archive(tmp_path / "file" / "newsbot.db")
    (tmp_path / "folder").mkdir()
    with pytest.raises(ArchiveError, match="cannot be used"):
        open_archive(tmp_path / "folder")


def test_a_failed_transaction_keeps_nothing(archive: Archive) -> None:
    def failing(text: str) -> list[tuple[int, int]]:
        raise RuntimeError("no spans")

    archive.chunks._split = failing
    with pytest.raises(RuntimeError, match="no spans"):
        archive.put(PLAIN)
    assert archive.counts()["articles"] == archive.counts()["revisions"] == 0
