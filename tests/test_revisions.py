"""What revisions change, and which of them correct."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.entities import Article
from bot.revisions import change_between, changes_of
from tests.test_cli import Newsbot, newsbot  # noqa: F401 - a fixture

TEXT = (
    "The river rose by two metres in the night. Nobody was hurt, said Ada Brook.\n\n"
    "The hall was opened at 6.30."
)


def article(text: str, title: str = "River rises", revision: int = 1) -> Article:
    return Article(id="a", revision=revision, title=title, text=text)


def differences(old: str, new: str) -> list[tuple[str, str, bool]]:
    change = change_between(article(old), article(new, revision=2))
    return [(one.before, one.after, one.corrects) for one in change.differences]


@pytest.mark.parametrize(
    ("gone", "come", "corrects"),
    [
        ("two metres", "three metres", True),
        ("6.30", "7.15", True),
        ("Ada Brook", "Ida Brook", True),
        ("said Ada Brook", "Ada Brook told reporters", False),
        ("was opened", "was open", False),
        ("in the night", "on Monday night", False),
    ],
)
def test_a_reworded_sentence_is_one_pair(gone: str, come: str, corrects: bool) -> None:
    found = differences(TEXT, TEXT.replace(gone, come))
    assert len(found) == 1
    assert gone in found[0][0]
    assert come in found[0][1]
    assert found[0][2] is corrects


def test_sentences_put_in_and_taken_out_keep_their_order() -> None:
    new = TEXT.replace("Nobody was hurt, said Ada Brook.", "Shops are shut. Trains run again.")
    assert differences(TEXT, new) == [
        ("", "Shops are shut.", False),
        ("", "Trains run again.", False),
        ("Nobody was hurt, said Ada Brook.", "", False),
    ]


@pytest.mark.parametrize(
    "note",
    [
        "Correction: the river rose by three metres, not two.",
        "An earlier version of this article gave another time.",
        "This story has been corrected.",
        "Editor’s note: we named the wrong bridge.",
    ],
)
def test_a_note_owns_up_to_a_correction(note: str) -> None:
    change = change_between(article(TEXT), article(f"{TEXT}\n\n{note}"))
    assert change.is_correction
    assert change.note == note


@pytest.mark.parametrize("more", ["The river fell on Tuesday.", "Correct answers win a prize."])
def test_more_news_is_no_correction(more: str) -> None:
    change = change_between(article(TEXT), article(f"{TEXT}\n\n{more}"))
    assert not change.is_correction
    assert [one.after for one in change.differences] == [more]


def test_headlines_count_and_spacing_does_not() -> None:
    (change,) = changes_of(
        [article(TEXT), article(TEXT.replace(" ", "  "), "River falls", revision=2)]
    )
    assert [(one.before, one.after) for one in change.differences] == [
        ("River rises", "River falls")
    ]
    assert change.article.revision == 2
    assert changes_of([article(TEXT)]) == ()


def test_the_command_shows_an_article_and_what_changed_in_it(
    newsbot: Newsbot,  # noqa: F811
    tmp_path: Path,
) -> None:
    file = tmp_path / "river.txt"
    file.write_text(f"River rises\n\n{TEXT}")
    (kept,) = newsbot("ingest", file, "--json").document
    unchanged = newsbot("article", kept["article"], "--changes")
    assert (unchanged.code, unchanged.out) == (0, "")
    file.write_text(f"River rises\n\n{TEXT.replace('two', 'three')}")
    newsbot("ingest", file)
    shown = newsbot("article", kept["article"], "--changes").out
    assert "Revision 2" in shown
    assert ": a correction" in shown
    assert "- The river rose by two metres in the night.\n+ The river rose by three" in shown
    (change,) = newsbot("article", kept["article"], "--changes", "--json").document
    assert change["corrects"] is True
    assert change["differences"][0]["before"].startswith("The river rose by two")
    assert "three metres" in newsbot("article", kept["article"]).out
    assert "two metres" in newsbot("article", kept["article"], "--revision", "1").out
    assert newsbot("article", "none").code == 1
