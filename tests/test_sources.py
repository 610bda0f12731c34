"""Files, folders, standard input and given text become articles; bad ones are told."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.entities import Article, Ingested, Outcome, Precision
from bot.errors import (
    EmptySourceError,
    SourceError,
    SourceNotFoundError,
    SourceTooLargeError,
    UnreadableSourceError,
    UnsupportedFormatError,
)
from bot.sources import article_from, article_from_text, articles_from, read


def one(address: str | Path) -> Article:
    (article,) = read(address)
    assert isinstance(article, Article)
    return article


def messages(address: str | Path, outcome: Outcome) -> list[str]:
    return [
        found.message
        for found in read(address)
        if isinstance(found, Ingested) and found.outcome is outcome
    ]


def test_the_seed_article_has_date_headline_and_paragraphs(seeds: Path) -> None:
    article = one(seeds / "000_5ff9f7e693aef6ae.txt")
    assert article.title == "North Korean Leader Holds Talks with Russian President"
    assert article.published == datetime(2023, 9, 30, tzinfo=UTC)
    assert article.precision is Precision.DAY
    assert article.text.startswith("North Korean leader Kim Jong Un has met")
    assert article.text.count("\n\n") == 7
    assert article.guessed == ()


def test_given_text_reads_as_the_file_of_it_does(seeds: Path) -> None:
    path = seeds / "000_5ff9f7e693aef6ae.txt"
    given = article_from(path.read_text(encoding="utf-8"))
    stored = article_from(path)
    assert (given.title, given.text, given.published) == (
        stored.title,
        stored.text,
        stored.published,
    )


def test_an_article_is_itself_and_several_are_several() -> None:
    first = article_from_text("Rain fell on Monday.")
    assert article_from(first) is first
    assert articles_from([first, "Snow fell on Tuesday."])[0] is first
    assert len(articles_from(["One.", "Two.", first])) == 3


def test_a_str_that_names_a_file_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "story.txt"
    path.write_text("Rain fell.")
    with pytest.raises(SourceError, match=r"Path\("):
        article_from(str(path))
    with pytest.raises(EmptySourceError):
        article_from("  \n ")
    with pytest.raises(EmptySourceError):
        articles_from([])


def test_a_changed_file_keeps_its_identity_however_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / "news" / "flood.txt"
    path.parent.mkdir()
    path.write_text("The river rose.")
    first = one(path)
    path.write_text("The river fell.")
    second = one(tmp_path)
    assert first.id == second.id
    assert first.text != second.text


def test_a_source_name_lets_a_folder_move(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "a.txt").write_text("The river rose.")
    (before,) = read(tmp_path / "old", source="river")
    (tmp_path / "old").rename(tmp_path / "new")
    (after,) = read(tmp_path / "new", source="river")
    assert isinstance(before, Article)
    assert isinstance(after, Article)
    assert before.id == after.id


def test_a_folder_is_read_in_order_with_what_was_skipped_and_what_failed(tmp_path: Path) -> None:
    for name, text in {
        "b/two.txt": "Two.",
        "a.md": "One.",
        "README.md": "About.",
        "notes.toml": "a = 1",
        "LICENSE": "Free.",
        ".hidden.txt": "Hidden.",
        ".git/config.txt": "Hidden.",
        "c.txt": "",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    found = list(read(tmp_path))
    assert [a.text for a in found if isinstance(a, Article)] == ["One.", "Two."]
    assert len(messages(tmp_path, Outcome.SKIPPED)) == 3
    (failed,) = messages(tmp_path, Outcome.FAILED)
    assert "c.txt is empty" in failed


def test_links_out_of_the_folder_and_loops_are_skipped_and_told(tmp_path: Path) -> None:
    outside = tmp_path / "secret.txt"
    outside.write_text("A secret.")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.txt").write_text("An article.")
    (folder / "out.txt").symlink_to(outside)
    (folder / "up").symlink_to("..")
    (folder / "round").symlink_to(folder)
    (folder / "loop.txt").symlink_to("loop.txt")
    assert [a.text for a in read(folder) if isinstance(a, Article)] == ["An article."]
    told = messages(folder, Outcome.SKIPPED)
    assert len(told) == 4
    assert sum("leads out of the folder" in message for message in told) == 2


def test_a_pipe_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (message,) = messages(tmp_path, Outcome.SKIPPED)
    assert "no regular file" in message


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A.")
    (tmp_path / "a.txt").chmod(0)
    with pytest.raises(UnreadableSourceError, match="permission"):
        list(read(tmp_path / "a.txt"))


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(5 * 10**10)  # sparse: reading it would not end in time
    with pytest.raises(SourceTooLargeError, match="more than the limit of 10 MB"):
        list(read(path))


def test_json_lines_of_any_size_are_streamed_and_a_long_line_is_told(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    good = json.dumps({"id": "a", "text": "Good."})
    path.write_text(f"{good}\n{json.dumps({'id': 'b', 'text': 'x' * 5000})}\n{good}\n")
    found = list(read(path, limit=1000))
    assert [type(one) for one in found] == [Article, Ingested, Article]
    assert isinstance(found[1], Ingested)
    assert found[1].address == f"{path}:2"


def test_a_broken_json_line_among_good_ones_is_told_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "mixed.jsonl"
    path.write_text(
        '{"id": "a", "text": "Good."}\n{"id": "b", "te\n\n[]\n{"id": "c", "body": "Fine."}\n'
    )
    found = list(read(path))
    assert [a.text for a in found if isinstance(a, Article)] == ["Good.", "Fine."]
    failed = [f.address for f in found if isinstance(f, Ingested)]
    assert failed == [f"{path}:2", f"{path}:4"]


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("empty.txt", b"", EmptySourceError),
        ("blank.txt", b" \n\n ", EmptySourceError),
        ("binary.txt", bytes(range(256)) * 4, UnreadableSourceError),
        ("pdf.txt", b"%PDF-1.7 and more", UnreadableSourceError),
        ("settings.toml", b"a = 1", UnsupportedFormatError),
        ("package.json", b'{"name": "x"}', UnsupportedFormatError),
        ("broken.json", b'{"text": ', UnreadableSourceError),
        ("number.json", b"1", UnsupportedFormatError),
        ("none.json", b"[]", EmptySourceError),
        ("deep.json", b"[" * 200_000, UnreadableSourceError),
        ("hollow.html", b"<html><body></body></html>", EmptySourceError),
    ],
)
def test_a_bad_file_named_directly_raises_its_error(
    tmp_path: Path, name: str, content: bytes, error: type[SourceError]
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(error) as raised:
        list(read(path))
    assert name in str(raised.value)
    assert "\n" not in str(raised.value)


def test_what_is_not_there_or_not_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFoundError, match="does not exist"):
        list(read(tmp_path / "nothing.txt"))
    with pytest.raises(SourceNotFoundError, match="empty"):
        list(read(""))  # not the folder that one happens to be in
    with pytest.raises(UnsupportedFormatError, match="http"):
        list(read("ftp://example.org/news"))
    with pytest.raises(SourceError, match="is a web address"):
        articles_from("https://example.org/news")
    with pytest.raises(EmptySourceError, match="no files"):
        list(read(tmp_path))


def test_standard_input_is_text_or_json_lines_or_a_page() -> None:
    def piped(text: str) -> list[Article | Ingested]:
        return list(read("-", stdin=io.BytesIO(text.encode())))

    (plain,) = piped("Rain Expected\n\nRain will fall on Monday.")
    assert isinstance(plain, Article)
    assert plain.title == "Rain Expected"
    assert len(piped('{"id": "a", "text": "A."}\n{"id": "b", "text": "B."}\n')) == 2
    assert len(piped('[{"id": "a", "text": "A."},\n {"id": "b", "text": "B."}]')) == 2
    (page,) = piped("<!DOCTYPE html><html><body><p>Rain will fall.</p></body></html>")
    assert isinstance(page, Article)
    assert page.text == "Rain will fall."
    (marked,) = piped("---\ntitle: Rain\n---\nRain will *fall*.")
    assert isinstance(marked, Article)
    assert (marked.title, marked.text) == ("Rain", "Rain will fall.")
    with pytest.raises(EmptySourceError):
        piped("")


def test_reading_text_imports_nothing_heavy() -> None:
    program = (
        "import sys; from bot.sources import article_from_text; article_from_text('Rain fell.');"
        "heavy = {'trafilatura', 'lxml', 'spacy', 'onnxruntime', 'markdown_it', 'numpy'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
