"""Replies in JSON, the quote before the sentence: what is read of them, however they come."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.claims import drain, review
from bot.entities import ArticleDetails, Citation, Claim, Origin, Passage
from bot.grounding.support import Checker
from bot.settings import Settings
from bot.writing.chat import ChatWriter
from bot.writing.drafts import Draft, Purpose, Task, Turn
from bot.writing.fences import Block
from bot.writing.quoted import FRAGMENT, INVENTED, QuotedReader
from tests.chat_server import ChatServer
from tests.chat_writers import open_chat_writer
from vectorstore.embeddings import OnnxEmbeddings

BLOCKS = [
    Block(1, "Kim Jong Un arrived in Vladivostok on Tuesday,\nofficials said.", 0),
    Block(2, "“A great day,” said Vladimir Putin – at 3 p.m. {sic}", 0),
]


def entry(sentence: str, quote: str, passage: Any = 1) -> dict[str, Any]:
    return {"passage": passage, "quote": quote, "sentence": sentence}


KIM = entry("Kim arrived on Tuesday.", "Kim Jong Un arrived in Vladivostok on Tuesday")
PUTIN = entry('Putin called it "a great day".', '"a great day," said Vladimir Putin', 2)


def reply(*entries: dict[str, Any], **options: Any) -> str:
    return json.dumps({"sentences": list(entries)}, **options)


def read(text: str, *cuts: int) -> tuple[list[Draft], str]:
    edges = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    pieces = [text[start:end] for start, end in pairwise(edges)]
    found = list(QuotedReader(BLOCKS).read(pieces))
    drafts = [piece for piece in found if isinstance(piece, Draft)]
    return drafts, "".join(piece for piece in found if isinstance(piece, str))


def test_each_sentence_cites_the_passage_that_its_quote_stands_in() -> None:
    drafts, shown = read(reply(KIM, PUTIN))
    assert drafts == [
        Draft(text="Kim arrived on Tuesday.", passages=(1,), closely=True),
        Draft(text='Putin called it "a great day".', passages=(2,), closely=True),
    ]
    assert shown == 'Kim arrived on Tuesday. Putin called it "a great day".'


@pytest.mark.parametrize(
    "quote",
    [
        "KIM JONG UN ARRIVED",
        "Vladivostok on Tuesday, officials said.",
        ' "Kim Jong Un  arrived in" ',
        "Kim Jong-Un arrived in Vladivostok on Tuesday , officials said .",
    ],
)
def test_case_quotation_marks_and_spacing_of_a_quote_do_not_matter(quote: str) -> None:
    assert read(reply(entry("Kim arrived.", quote)))[0][0].passages == (1,)


@pytest.mark.parametrize("text", ["Vladimir Putin called the visit", "a great day in the east."])
def test_what_a_quotation_mark_has_cut_is_no_sentence(text: str) -> None:
    (draft,) = read(reply(entry(text, "Kim Jong Un arrived in")))[0]
    assert draft.problem == FRAGMENT


def test_a_quote_counts_for_the_passage_that_it_stands_in() -> None:
    wrong = entry("Kim arrived.", "Kim Jong Un arrived", passage=2)
    assert read(reply(wrong))[0] == [Draft(text="Kim arrived.", passages=(1,), closely=True)]


@pytest.mark.parametrize(
    "quote", ["Kim Jong Un left Vladivostok", "", "on Tuesday", "Kim", ". . . ."]
)
def test_a_quote_that_does_not_stand_there_gives_its_sentence_away(quote: str) -> None:
    (draft,) = read(reply(entry("Kim left.", quote)))[0]
    assert draft.problem == INVENTED


@pytest.mark.parametrize(
    "text",
    [
        '{"sentences": []}',
        "",
        "The passages do not say.",
        "{}",
        "[]",
        '{"sentences": "none"}',
        '{"sentences": [1, null, "x"]}',
        '{"sentences": [{"sentence": 5}]}',
        '{"sentences": [{"passage": 1, "quote": "Kim Jong Un arrived in"',
    ],
)
def test_a_reply_without_a_sentence_gives_none(text: str) -> None:
    assert read(text)[0] == []
    assert read(text, *range(len(text)))[0] == []


@pytest.mark.parametrize(
    "around", ["```json\nHERE\n```", "<think>Hm {}.</think>HERE", "Here it is: HERE", "HERE "]
)
def test_what_stands_around_the_json_is_left_out(around: str) -> None:
    text = around.replace("HERE", reply(KIM, indent=2))
    assert [draft.text for draft in read(text)[0]] == ["Kim arrived on Tuesday."]


def test_a_sentence_is_a_draft_as_soon_as_its_object_ends() -> None:
    text = reply(KIM, PUTIN)
    reader = QuotedReader(BLOCKS)
    seen: list[str] = []

    def pieces() -> Iterator[str]:
        for start in range(0, len(text), 4):
            yield text[start : start + 4]
            seen.append(text[: start + 4])

    first = next(piece for piece in reader.read(pieces()) if isinstance(piece, Draft))
    assert first.text == "Kim arrived on Tuesday."
    assert len(seen[-1]) < len(text) * 0.6


@hypothesis_settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 400), max_size=12), st.sampled_from([None, 2]))
def test_how_a_reply_is_cut_into_pieces_changes_nothing(cuts: list[int], indent: Any) -> None:
    text = reply(KIM, PUTIN, entry("It rained {all} day.", "not there at all"), indent=indent)
    assert read(text, *cuts) == read(text)


def test_a_reply_ends_where_a_sentence_comes_again() -> None:
    drafts, shown = read(reply(KIM, PUTIN, KIM, entry("It rained.", "It rained all day")))
    assert [draft.text for draft in drafts] == [KIM["sentence"], PUTIN["sentence"]]
    assert shown == f"{KIM['sentence']} {PUTIN['sentence']}"


# A guided model


TEXT = BLOCKS[0].text
TASK = Task(
    purpose=Purpose.ANSWER,
    passages=tuple(
        Passage(number=n, article=ArticleDetails(id=f"kim {n}"), start=0, end=len(TEXT), text=TEXT)
        for n in range(1, 9)
    ),
    question="Who arrived?",
    bullets=3,
)


def guided(server: ChatServer, **given: Any) -> ChatWriter:
    given = {"guided": True, "model": "gpt-4o", "retries": 0} | given
    return open_chat_writer(Settings(_env_file=None, openai_base_url=server.url, **given))  # type: ignore[call-arg]


def drafts(writer: ChatWriter, task: Task = TASK) -> list[Draft]:
    return [piece for piece in writer.write(task) if isinstance(piece, Draft)]


def test_a_guided_model_is_bound_to_a_schema_and_given_few_passages(server: ChatServer) -> None:
    server.reply(reply(KIM))
    assert drafts(guided(server)) == [
        Draft(text="Kim arrived on Tuesday.", passages=(1,), closely=True)
    ]
    (request,) = server.requests
    schema = request.body["response_format"]["json_schema"]["schema"]
    sentences = schema["properties"]["sentences"]
    assert sentences["maxItems"] == 3
    assert sentences["items"]["properties"]["passage"]["enum"] == [1, 2, 3, 4]
    assert list(sentences["items"]["properties"]) == ["passage", "quote", "sentence"]
    assert request.body["stream"] is True
    assert request.prompt.rstrip().endswith("in at most 3 sentences: Who arrived?")


def test_the_passages_that_a_guided_model_is_not_given_are_told(server: ChatServer) -> None:
    server.reply(reply(KIM))
    writing = guided(server).write(TASK)
    list(writing)
    assert writing.notices == (
        "The model was given the best 4 of 8 passages, and not the other 4; NEWSBOT_GUIDED=false "
        "gives it all.",
    )
    few = guided(server).write(replace(TASK, passages=TASK.passages[:4]))
    list(few)
    assert few.notices == ()


def test_passages_that_the_prompt_before_began_with_come_first(server: ChatServer) -> None:
    """So that a server reuses its work on them; what is cited is the passage all the same."""
    texts = {name: f"The ferry {name} struck the wall." for name in "ABCDE"}

    def passages(names: str) -> tuple[Passage, ...]:
        return tuple(
            Passage(
                number=number,
                article=ArticleDetails(id=name),
                start=0,
                end=len(texts[name]),
                text=texts[name],
            )
            for number, name in enumerate(names, start=1)
        )

    server.reply(reply(entry("Ferry B struck the wall.", texts["B"], 2)))
    writer = guided(server)
    for names, cited in (("ABCD", 2), ("DEBA", 3)):
        found = drafts(writer, replace(TASK, passages=passages(names)))
        assert found == [Draft(text="Ferry B struck the wall.", passages=(cited,), closely=True)]
    first, second = (request.messages[1] for request in server.requests)
    shared = first[: first.index("The ferry C")].rpartition("---")[0].rpartition("[3]")[0]
    assert second.startswith(shared)
    assert "The ferry B" in shared


def test_a_model_that_is_not_guided_has_neither(server: ChatServer) -> None:
    server.reply("Kim arrived on Tuesday. [8]")
    assert drafts(guided(server, guided=False)) == [
        Draft(text="Kim arrived on Tuesday.", passages=(8,))
    ]
    assert "response_format" not in server.requests[0].body


def test_a_server_that_does_not_know_schemas_is_asked_without(server: ChatServer) -> None:
    server.fail(400, "response_format json_schema is not supported")
    server.reply(f"```json\n{reply(KIM)}\n```")
    writer = guided(server)
    for _ in range(2):
        assert drafts(writer) == [
            Draft(text="Kim arrived on Tuesday.", passages=(1,), closely=True)
        ]
    first, *others = server.requests
    assert "response_format" in first.body
    assert len(others) == 2
    assert all("response_format" not in request.body for request in others)


def test_what_a_guided_model_notes_of_parts_is_combined(server: ChatServer) -> None:
    text = " ".join(f"Event {n} took place in town {n} on Monday." for n in range(300))
    passage = Passage(number=1, article=ArticleDetails(id="e"), start=0, end=len(text), text=text)
    server.reply(
        lambda request: (
            "- Event 0 took place. [1]"
            if "notes" in request.messages[0]
            else reply(entry("Event 0 took place.", "took place in town"), PUTIN)
        )
    )
    task = Task(purpose=Purpose.SUMMARY, passages=(passage,), bullets=3)
    found = drafts(guided(server, context_tokens=1_200), task)
    assert found == [Draft(text="Event 0 took place.", passages=(1,))]
    assert "great day" not in server.requests[-1].messages[1]  # its quote stood nowhere


# A follow-up, and a second attempt


TURNS = (Turn("Who arrived?", "Kim Jong Un arrived in Vladivostok."),)
FOLLOW_UP = "When did he arrive?"


def test_the_follow_up_of_a_guided_model_is_rewritten_by_rules(server: ChatServer) -> None:
    """They find more, and nobody waits: tests/evals/local_writer.md."""
    server.reply("At what time did the chairman get there?")
    assert guided(server).standalone(FOLLOW_UP, TURNS) == "When did Kim Jong Un arrive?"
    assert not server.requests
    assert guided(server, guided=False, follow_ups="rules").standalone(FOLLOW_UP, TURNS) == (
        "When did Kim Jong Un arrive?"
    )
    assert guided(server, follow_ups="model").standalone(FOLLOW_UP, TURNS).startswith("At what")
    assert guided(server, guided=False).standalone(FOLLOW_UP, TURNS).startswith("At what")


def wrong() -> Claim:
    quote = "Kim Jong Un arrived in Vladivostok on Tuesday,\nofficials said."
    return Claim(
        text="Kim landed on Monday.",
        reasons=("the article says Tuesday, not Monday",),
        citations=(Citation("kim 2", 1, 0, len(quote), quote),),
    )


def shortened(text: str) -> str:
    return json.dumps({"sentence": text})


def test_a_guided_model_shortens_the_nearest_sentence_in_a_second_attempt(
    server: ChatServer,
) -> None:
    server.reply(shortened(" Kim Jong Un arrived on Tuesday, officials said."))
    draft = Draft(text="Kim landed on Monday.", passages=(2,), closely=True)
    assert guided(server).rewrite(TASK, draft, wrong()) == Draft(
        text="Kim Jong Un arrived on Tuesday, officials said.", passages=(2,), closely=True
    )
    (request,) = server.requests
    schema = request.body["response_format"]["json_schema"]["schema"]
    assert list(schema["properties"]) == ["sentence"]
    assert "Words that must stay: said\n" in request.prompt
    assert draft.text not in request.prompt  # what is wrong would only be repeated


@pytest.mark.parametrize(
    "text",
    [
        shortened("Kim Jong Un arrived in Vladivostok on Tuesday, officials said."),  # all of it
        shortened("Kim arrived."),
        shortened("Kim Jong Un arrived in Vladivostok on Tuesday."),  # officials said so
        shortened(""),
        '{"sentence": 5}',
        '{"sentence": " Kim Jong',
        "Kim Jong Un arrived.",
        "[]",
    ],
)
def test_what_a_guided_model_does_not_shorten_is_not_mended(server: ChatServer, text: str) -> None:
    server.reply(text)
    assert guided(server).rewrite(TASK, Draft(text="x", passages=(2,)), wrong()) is None


def test_without_a_sentence_near_it_a_guided_model_is_not_asked(server: ChatServer) -> None:
    assert guided(server).rewrite(TASK, Draft(text="x"), Claim(text="x")) is None
    assert not server.requests


def test_a_sentence_that_the_model_was_not_shown_is_not_shortened(server: ChatServer) -> None:
    elsewhere = replace(wrong(), citations=(Citation("other", 1, 0, 20, "Kim Jong Un arrived."),))
    assert guided(server).rewrite(TASK, Draft(text="x"), elsewhere) is None
    assert not server.requests


def test_a_summary_keeps_something_for_a_quote_that_was_invented(server: ChatServer) -> None:
    """An answer does not: what is asked for may not be there at all."""
    server.reply(
        lambda request: (
            shortened("Kim Jong Un arrived on Tuesday, officials said.")
            if "shorten sentences" in request.messages[0]
            else reply(entry("Kim Jong Un landed in Vladivostok.", "the marshal flew in"))
        )
    )
    text = "Kim Jong Un arrived in Vladivostok on Tuesday, officials said."
    article = ArticleDetails(id="kim")
    passages = (Passage(number=1, article=article, start=0, end=len(text), text=text),)
    summary = Task(purpose=Purpose.SUMMARY, passages=passages, bullets=3)
    checker = Checker(OnnxEmbeddings())
    (claim,) = drain(review(summary, guided(server), checker)).claims
    assert claim.text == "Kim Jong Un arrived on Tuesday, officials said."
    assert claim.origin is Origin.REPAIRED
    answer = replace(TASK, passages=passages)
    assert not drain(review(answer, guided(server), checker)).claims
