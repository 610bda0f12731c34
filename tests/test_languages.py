"""Languages: told apart, kept, indexed, and not judged by a checker that reads English."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import Article, Newsbot, Passage, Verdict, read_settings
from bot.grounding.foreign import foreign_notice
from bot.grounding.support import Checker
from bot.sources.languages import detect_language
from tests.evals.foreign_news import ARTICLES, ForeignArticle
from vectorstore.embeddings import OnnxEmbeddings

GERMAN = ARTICLES[0]


def passage(text: str, language: str | None, number: int = 1) -> Passage:
    article = Article(id=f"a{number}", text=text, language=language).details
    return Passage(number=number, article=article, start=0, end=len(text), text=text)


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(OnnxEmbeddings())


@pytest.mark.parametrize("article", ARTICLES, ids=lambda one: one.text[:15])
def test_short_news_and_questions_in_twelve_languages(article: ForeignArticle) -> None:
    assert detect_language(article.text) == article.language
    assert detect_language(article.question) in (article.language, None)  # five words are few
    assert detect_language(article.english) == "en"


@pytest.mark.parametrize("text", ["", "12 345 — 67", "🙂 !!", "http://"])
def test_what_is_no_language_is_none(text: str) -> None:
    assert detect_language(text) is None


def test_an_english_claim_on_a_foreign_source_is_not_checked_but_cited(checker: Checker) -> None:
    text = f"{GERMAN.text} Die Feuerwehr war mit 40 Leuten im Einsatz."
    claim = checker.check_sentence("The bridge was closed on Tuesday.", [passage(text, "de")])
    assert claim.verdict is Verdict.NOT_CHECKED
    assert claim.score is None
    assert claim.reasons == ("its source is in German, and the checker reads English",)
    of_unknown = checker.check_sentence("40 firefighters came.", [passage(text, None)])
    assert of_unknown.verdict is Verdict.NOT_CHECKED
    assert [one.quote[:15] for one in of_unknown.citations] == ["Die Feuerwehr w"]


def test_a_foreign_sentence_that_stands_in_its_source_is_supported(checker: Checker) -> None:
    sentence = GERMAN.text.split(". ")[0] + "."
    claim = checker.check_sentence(sentence, [passage(GERMAN.text, "de")])
    assert claim.verdict is Verdict.SUPPORTED


def test_an_english_source_beside_a_foreign_one_is_still_checked(checker: Checker) -> None:
    english = passage("The old bridge was closed to traffic on Tuesday.", "en", 2)
    claim = checker.check_sentence(
        "The old bridge was closed on Tuesday.", [passage(GERMAN.text, "de"), english]
    )
    assert claim.verdict is Verdict.SUPPORTED
    assert [one.article for one in claim.citations] == ["a2"]


def test_a_notice_names_the_languages_and_none_is_given_for_english() -> None:
    details = [passage("x", code).article for code in ("de", "fr", "en", None)]
    assert "French, German" in foreign_notice(details)[0]
    assert foreign_notice(details[2:]) == ()


def test_articles_of_any_language_are_kept_with_it_and_found(tmp_path: Path) -> None:
    with Newsbot(read_settings(data=tmp_path / "data")) as newsbot:
        newsbot.ingest(*(Article(id=one.text[:9], text=one.text) for one in ARTICLES))
        kept = {one.id: one.language for one in newsbot.articles()}
        assert kept == {one.text[:9]: one.language for one in ARTICLES}
        assert newsbot.search("Warnstreik der Verkehrsbetriebe")[0].article.id == "Die Gewer"
        answer = newsbot.ask(GERMAN.question)
        assert answer.abstained
        assert "not in English" in answer.reason
        assert "NEWSBOT_EMBEDDINGS=multilingual-e5-small" in answer.reason
        assert answer.nearest
        summary = newsbot.summarise(newsbot.article(GERMAN.text[:9]))
        assert summary.claims[0].text in GERMAN.text
        assert "German" in summary.notices[0]


@pytest.mark.slow
def test_multilingual_embeddings_answer_across_languages(tmp_path: Path) -> None:
    """German on German and on English news, English on German; what no article says, abstains."""
    english = "The ferry to Norhaven stays in port until Friday because its rudder is broken. "
    english += "Passengers may use the bus over the northern bridge meanwhile."
    settings = read_settings(data=tmp_path / "data", embeddings="multilingual-e5-small")
    with Newsbot(settings) as newsbot:
        newsbot.ingest(*(Article(id=one.text[:9], text=one.text) for one in ARTICLES))
        newsbot.ingest(Article(id="ferry", text=english))
        for question, quoted in (
            (GERMAN.question, GERMAN.text),
            ("Warum bleibt die Fähre nach Norhaven bis Freitag im Hafen?", english),
        ):
            answer = newsbot.ask(question)
            assert not answer.abstained, answer.reason
            assert answer.claims[0].citations[0].quote in quoted
        assert newsbot.ask("Wie backt man Apfelkuchen mit Zimt und Mandeln?").abstained
