from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.entities import ArticleDetails, Claim, Passage, Sentence
from bot.grounding.relevance import THRESHOLD, measure, relevance
from bot.grounding.remembering import remembering
from bot.grounding.vocabulary import content_pairs, content_words
from bot.writing.candidates import gather
from bot.writing.drafts import Draft, Purpose, Task
from bot.writing.extractive import ExtractiveWriter
from bot.writing.overlap import Overlap
from bot.writing.replies import fits
from bot.writing.selfcontained import is_plain, is_selfcontained, is_statement
from tests.tiny_embeddings import TinyEmbeddings
from vectorstore.embeddings import OnnxEmbeddings

FLOOD = (
    "A flood hit the town of Arlen on Monday and 40 people were rescued. "
    "The river Tarn rose by three metres overnight, the water agency said. "
    "He had never seen anything like it. "
    "However, the bridge held. "
    "Sign up for our newsletter to get more news like this. "
    "The town of Arlen opened two schools as shelters for flood victims. "
    "Mayor Ada Brook said the flood damaged 200 houses in Arlen."
)


@pytest.fixture(scope="module")
def embeddings() -> OnnxEmbeddings:
    return OnnxEmbeddings()


@pytest.fixture
def writer() -> ExtractiveWriter:
    return ExtractiveWriter(TinyEmbeddings().embed)


def passage(text: str, number: int = 1, outlet: str | None = None, day: int = 1) -> Passage:
    details = ArticleDetails(
        id=f"article{number}", outlet=outlet, published=datetime(2026, 11, day, tzinfo=UTC)
    )
    return Passage(number=number, article=details, start=0, end=len(text), text=text)


def drafts(writer: ExtractiveWriter, *passages: Passage, **task: object) -> list[Draft]:
    settings = {"purpose": Purpose.SUMMARY, **task}
    written = writer.write(Task(passages=passages, **settings))  # type: ignore[arg-type]
    return [draft for draft in written if isinstance(draft, Draft)]


def texts(writer: ExtractiveWriter, *passages: Passage, **task: object) -> list[str]:
    return [draft.text for draft in drafts(writer, *passages, **task)]


# What is written is cited verbatim


def test_every_draft_is_a_sentence_with_its_span(writer: ExtractiveWriter) -> None:
    for draft in drafts(writer, passage(FLOOD)):
        (citation,) = draft.citations
        assert FLOOD[citation.start : citation.end] == citation.quote == draft.text
        assert (citation.article, citation.revision, draft.passages) == ("article1", 1, (1,))


def test_spans_count_from_the_article_not_the_chunk(writer: ExtractiveWriter) -> None:
    chunk = replace(passage(FLOOD), start=500, end=500 + len(FLOOD))
    (citation,) = drafts(writer, chunk, bullets=1)[0].citations
    assert FLOOD[citation.start - 500 : citation.end - 500] == citation.quote


def test_overlapping_chunks_give_a_sentence_once() -> None:
    first = passage("One thing happened in Arlen. Another thing happened.")
    second = replace(first, number=2, start=29, end=52, text=first.text[29:])
    assert len(gather([first, second], lambda sentence: True)) == 2


def test_nothing_is_rewritten(writer: ExtractiveWriter) -> None:
    task = Task(purpose=Purpose.SUMMARY, passages=(passage(FLOOD),))
    assert writer.rewrite(task, Draft(text="x"), Claim(text="x")) is None


def test_refused_sentences_are_never_written() -> None:
    def allowed(sentence: Sentence) -> bool:
        return "flood" not in sentence.text

    writer = ExtractiveWriter(TinyEmbeddings().embed, allowed)
    assert texts(writer, passage(FLOOD))
    assert not any("flood" in text for text in texts(writer, passage(FLOOD)))


# Summaries


def test_a_summary_leaves_out_what_cannot_stand_alone(writer: ExtractiveWriter) -> None:
    chosen = texts(writer, passage(FLOOD), bullets=7)
    assert len(chosen) == 4
    assert not any(text.startswith(("He", "However", "Sign")) for text in chosen)


def test_a_summary_keeps_the_order_of_its_article(writer: ExtractiveWriter) -> None:
    places = [FLOOD.index(text) for text in texts(writer, passage(FLOOD))]
    assert places == sorted(places)


def test_a_summary_has_at_most_the_bullets_asked_for(writer: ExtractiveWriter) -> None:
    assert len(texts(writer, passage(FLOOD), bullets=2)) == 2


def test_a_summary_says_nothing_twice(writer: ExtractiveWriter) -> None:
    repeated = "A flood hit the town of Arlen on Monday and forty people were rescued."
    chosen = texts(writer, passage(f"{FLOOD} {repeated}"), bullets=9)
    assert sum("were rescued" in text for text in chosen) == 1


def test_the_seed_article_is_summed_up(embeddings: OnnxEmbeddings, seeds: Path) -> None:
    text = next(seeds.glob("000_*")).read_text(encoding="utf-8").split("\n", 2)[2].strip()
    chosen = texts(ExtractiveWriter(embeddings.embed), passage(text))
    assert len(chosen) == 5
    assert "North Korean leader Kim Jong Un has met" in chosen[0]
    assert all(is_selfcontained(sentence) for sentence in chosen)


@pytest.mark.parametrize(
    "text", ["", "He left.", "Headline only", "!!!", "他去了北京。", "\n\n"], ids=repr
)
def test_odd_articles_give_at_most_their_one_sentence(writer: ExtractiveWriter, text: str) -> None:
    assert len(texts(writer, passage(text))) <= 1
    assert texts(writer, passage(text), purpose=Purpose.STORY) == texts(writer, passage(text))


# Stories


def test_a_story_cites_two_outlets(writer: ExtractiveWriter) -> None:
    other = "A flood hit Arlen on Monday. The insurer Gale expects claims of 9 million dollars."
    chosen = drafts(
        writer,
        passage(FLOOD, 1, "Courier"),
        passage(other, 2, "Herald"),
        purpose=Purpose.STORY,
        bullets=2,
    )
    assert {draft.passages[0] for draft in chosen} == {1, 2}


def test_a_story_prefers_what_several_articles_tell(writer: ExtractiveWriter) -> None:
    shared = "The council of Arlen voted to close the harbour in May."
    alone = "A baker of Marne sold blue bread for charity this spring."
    passages = [
        passage(f"{alone} {shared}", 1, "Courier"),
        passage(f"Boats must leave. {shared.replace('voted', 'has voted')}", 2, "Herald"),
        passage(f"Ada Brook spoke. {shared.replace('May', 'spring')}", 3, "Echo"),
    ]
    assert "close the harbour" in texts(writer, *passages, purpose=Purpose.STORY, bullets=1)[0]


def test_among_equal_sentences_of_a_story_the_newest_comes_first(
    writer: ExtractiveWriter,
) -> None:
    older = passage("The storm killed 12 people in Arlen on Monday.", 1, "Courier", day=1)
    newer = passage("The storm killed 15 people in Arlen on Monday.", 2, "Herald", day=2)
    assert "15" in texts(writer, older, newer, purpose=Purpose.STORY, bullets=1)[0]


# Answers


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many people were rescued from the flood?", "40 people"),
        ("Who is the mayor of Arlen?", "Ada Brook"),
        ("Where did victims of the flood find shelter?", "two schools"),
    ],
)
def test_the_answer_is_found(embeddings: OnnxEmbeddings, question: str, answer: str) -> None:
    chosen = texts(
        ExtractiveWriter(embeddings.embed),
        passage(FLOOD),
        purpose=Purpose.ANSWER,
        question=question,
    )
    assert answer in chosen[0]
    assert len(chosen) <= 3
    assert sum(len(text.split()) for text in chosen) <= 60


@pytest.mark.parametrize("planted", [1, 3])
def test_what_several_outlets_offer_comes_before_what_one_alone_says(
    embeddings: OnnxEmbeddings, planted: int
) -> None:
    question = "Which author won the Larkin Prize?"
    false = "Marga Attenborough won the Larkin Prize this year, a respected author of novels."
    true = (
        "The Larkin Prize went to Paula Linden at a dinner in Bath.",
        "Paula Linden has won the Larkin Prize for her third novel, the jury said.",
        "In Bath the Larkin Prize was handed to the novelist Paula Linden.",
    )
    copies = [passage(false, n, f"Copy {n}") for n in range(planted)]
    others = [passage(text, 10 + n, f"Outlet {n}") for n, text in enumerate(true)]
    writer = ExtractiveWriter(embeddings.embed)
    given = {"purpose": Purpose.ANSWER, "question": question}
    assert texts(writer, *copies, **given) == [false]
    assert "Paula Linden" in texts(writer, *copies, *others, **given)[0]


def test_nothing_is_said_when_nothing_answers(embeddings: OnnxEmbeddings) -> None:
    writer = ExtractiveWriter(embeddings.embed)
    question = "Which team won the World Cup in 1966?"
    assert texts(writer, passage(FLOOD), purpose=Purpose.ANSWER, question=question) == []
    assert texts(writer, purpose=Purpose.ANSWER, question=question) == []


def test_the_kind_of_answer_is_known_from_the_question() -> None:
    assert fits("How many died?", "Officials said 12 people died.") == 1
    assert fits("How many of the 12 died?", "All 12 died.") == 0
    assert fits("When did it open?", "It opened on Monday.") == 1
    assert fits("Who met Putin?", "On a Monday Putin left.") == 0
    assert fits("Who met Putin?", "In Moscow Kim met Putin.") == 1
    assert fits("How did Kim arrive?", "Kim came by train.") == 1
    assert fits("Why did it fail?", "It failed.") == 0.5


def test_relevance_tells_questions_on_the_subject_from_others(
    embeddings: OnnxEmbeddings,
) -> None:
    found = [passage(FLOOD)]
    assert relevance("How many people were rescued?", found, embeddings.embed) >= THRESHOLD
    assert relevance("Who won the World Cup?", found, embeddings.embed) < THRESHOLD
    assert relevance("Who won the World Cup?", [], embeddings.embed) == 0
    assert relevance("Who won?", [passage("...")], embeddings.embed) == 0


def test_a_noun_of_the_question_is_held_by_a_sentence_with_its_verb(
    embeddings: OnnxEmbeddings,
) -> None:
    found = [passage("The ferry collided with a ship in fog, injuring eleven passengers.")]
    *_, held = measure("How many were injured in the collision?", found, embeddings.embed) or (0,)
    assert held == 1.0
    *_, held = measure("How many were injured in the revision?", found, embeddings.embed) or (0,)
    assert held == 0.5


# What stands alone


@pytest.mark.parametrize(
    "sentence",
    [
        "He left the city on Monday with two others.",
        "This visit by Putin makes him one of the few state leaders to visit.",
        "However, the United States views this as a tactic.",
        "But the plan failed in the Senate.",
        "After that, he left for the capital.",
        "According to her, the plan failed.",
        '"We will go there," he said on Monday.',
        '"We will go there.',
        '"We will go there and stay for a week."',
        "I have n't had regrets but i did n't realise how much it takes .",
        "The former served two terms in the Senate.",
    ],
)
def test_sentences_that_lean_on_another(sentence: str) -> None:
    assert not is_selfcontained(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Upon Kim’s arrival, he received a warm welcome from Putin.",
        "This week the Senate voted on the bill.",
        "Doctors said they would strike on Monday.",
        '"We will go there," Putin said on Monday.',
        "The bank plans to celebrate with its staff after the sale to Corvo.",
        "The quake caused a tsunami in Arlen, with waves recorded at 1.2 metres near the port.",
        "Michael pulman , 33 , spent £ 7,500 on a hair transplant .",
    ],
)
def test_sentences_that_stand_alone(sentence: str) -> None:
    assert is_selfcontained(sentence)
    assert is_statement(sentence)


@pytest.mark.parametrize(
    "text",
    [
        "Leaders hold talks in Moscow on Monday",
        "Scroll down for video .",
        "We use cookies to give readers the best experience of the site.",
        "Stay up to date on the flood with live news from Arlen.",
        "Under fire: Faculty at the university have spoken.",
        "Photo by Ada Brook for Reuters in Arlen.",
        "A version of this article first appeared in the Arlen Weekly newsletter.",
        "A soldier (left) speaks to the crowd in Arlen.",
        "What will happen to the town of Arlen now?",
        "(CNN)",
        "Ada Brook celebrates with teammates after scoring Arlen's second goal against Corvo.",
        "Tourists look on as a military helicopter flies past Arlen on Thursday.",
        "JUST WATCHED A bridge falls into the river More Videos ...",
        "It rained.",
    ],
)
def test_captions_credits_and_pleas_are_no_statements(text: str) -> None:
    assert not is_statement(text)


def test_plain_sentences_name_their_subject_and_address_nobody() -> None:
    assert is_plain("The company of Ada Brook closed on Monday.")
    assert is_plain('"We will win," said Ada Brook.')
    assert not is_plain("The company closed two plants on Monday.")
    assert not is_plain("There is a lot that you can do about floods.")


# Expected overlap


def test_words_without_content_are_left_out() -> None:
    assert content_words("It was the floods of Monday, and 40 were") == ("flood", "monday", "40")
    assert content_pairs("the floods of it") == (("the", "flood"), ("flood", "of"))


def test_overlap_counts_what_is_repeated_once_and_what_is_early_more() -> None:
    sentences = ["Arlen flooded on Monday.", "Blue bread sold.", "Arlen flooded on Monday."]
    overlap = Overlap(sentences, range(3))
    assert overlap.expect([0], 1) > overlap.expect([1], 1)
    assert overlap.expect([0, 1], 1) > overlap.expect([0, 2], 1)
    assert 0 < overlap.expect([0, 1, 2], 3) < 1


def test_a_sentence_is_embedded_once_while_it_is_remembered() -> None:
    model = TinyEmbeddings()
    embed = remembering(model.embed, kept=2)
    first = embed(["a", "b", "a"])
    assert (embed(["b", "a"]) == first[[1, 0]]).all()
    assert model.embedded == 2
    embed(["c"])
    embed(["b"])
    assert model.embedded == 4
    assert embed([]).shape[0] == 0


@pytest.mark.parametrize(
    ("opening", "dateline"),
    [
        ("LIMA, Peru (AP) — An offshore earthquake shook much of Peru.", "LIMA, Peru (AP) — "),
        ("CANBERRA - An Australian pleaded guilty on Thursday.", "CANBERRA - "),
        ("PORT ELLERY — The ferry struck the wall.", "PORT ELLERY — "),
        ("LONDON, Nov 16 (Reuters) - Shares rose.", "LONDON, Nov 16 (Reuters) - "),
        ("(CNN) The season is underway.", "(CNN) "),
        ("BP - and in particular its head - was criticised.", ""),
        ("COVID-19 has caused 7,166 deaths.", ""),
        ("FILE - Steve Johnson arrives at the court.", ""),
        ("NASA (the space agency) said so.", ""),
        ("The bank — Europe's largest — failed.", ""),
        ("Kyiv, Ukraine (CNN) Talks between the two sides failed.", "Kyiv, Ukraine (CNN) "),
        ("New York CNN Business — Prices fell again in May.", "New York CNN Business — "),
        ("Washington (Reuters) - The bank raised its rate.", "Washington (Reuters) - "),
        ("Boeing (BA) said it would build fewer of them.", ""),
    ],
)
def test_a_dateline_is_no_part_of_the_sentence(opening: str, dateline: str) -> None:
    (candidate,) = gather([passage(opening)], lambda sentence: True)
    assert candidate.text == opening.removeprefix(dateline)
    assert opening[candidate.sentence.start : candidate.sentence.end] == candidate.text
