"""Many articles on one event shortened to their most telling sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.entities import ArticleDetails, Passage
from bot.grounding.sentences import split
from bot.settings import Settings
from bot.writing.condensing import condense
from bot.writing.drafts import Draft, Purpose, Task
from bot.writing.tokens import count
from tests.chat_server import ChatServer
from tests.chat_writers import open_chat_writer

FERRY = (
    "The ferry Aurora struck the harbour wall at Port Ellery on Monday.",
    "Fourteen passengers were injured in the collision with the wall.",
    "Coffee was served at the terminal, as it is every day of the year.",
    "The harbour authority said that fog had hidden the wall from the ferry.",
    "A brass band had been booked for quite another occasion in the afternoon.",
)


def passage(number: int, *sentences: str) -> Passage:
    text = " ".join(sentences)
    details = ArticleDetails(id=f"article {number}")
    return Passage(number=number, article=details, start=0, end=len(text), text=text)


def test_what_many_tell_is_kept_and_what_one_tells_left_out() -> None:
    given = [
        passage(1, *FERRY),
        passage(2, "A ferry struck the wall in fog.", "Its passengers were injured.", FERRY[2]),
        passage(3, "Fog hid the harbour wall.", "The ferry Aurora was held.", FERRY[4]),
    ]
    first = condense(given, count, 75)[0].text
    assert FERRY[0] in first
    assert "Coffee" not in first
    assert "brass band" not in first
    assert " … " in first or first.count(".") == 1


def test_what_is_on_the_topic_is_kept() -> None:
    given = [passage(1, *FERRY), passage(2, *FERRY[:2], FERRY[3])]
    shown = condense(given, count, 75, "brass band")[0].text
    assert FERRY[4] in shown
    assert FERRY[4] not in condense(given, count, 75)[0].text


def test_short_articles_stay_whole_and_leave_their_room_to_the_long() -> None:
    short, long = passage(1, FERRY[0]), passage(2, *FERRY[1:], *(f"Fact {n}." for n in range(50)))
    shown = condense([short, long], count, 120)
    assert shown[0].text == short.text
    assert 60 < count(shown[1].text) <= 120


def test_a_sentence_that_was_told_already_is_not_told_again() -> None:
    given = [passage(number, *FERRY, f"Outlet {number} was there.") for number in range(1, 4)]
    shown = condense(given, count, 130)
    assert sum(FERRY[1] in one.text for one in shown) == 1
    assert all(one.text for one in shown)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.lists(st.sampled_from([*FERRY, "He left.", "One\n\ntwo."]), max_size=8), max_size=6
    ),
    st.integers(0, 400),
)
def test_every_article_is_shown_and_its_sentences_word_for_word(
    texts: list[list[str]], budget: int
) -> None:
    given = [passage(number, *sentences) for number, sentences in enumerate(texts, start=1)]
    shown = condense(given, count, budget)
    assert [one.number for one in shown] == [one.number for one in given]
    for whole, short in zip(given, shown, strict=True):
        assert bool(short.text) == bool(whole.text.strip())
        assert all(part in whole.text for part in short.text.split(" … "))
    least = sum(
        max((count(sentence.text) + 2 for sentence in split(one.text)), default=0) for one in given
    )
    assert sum(count(one.text) for one in shown) <= budget + least


# In a prompt


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer() as server:
        server.reply("- The ferry struck the harbour wall. [1]")
        yield server


TASK = Task(
    purpose=Purpose.STORY,
    passages=tuple(
        passage(number, *FERRY, *(f"Outlet {number} saw {n}." for n in range(90)))
        for number in range(1, 7)
    ),
    bullets=1,
)


def write(server: ChatServer, task: Task) -> tuple[str, tuple[str, ...]]:
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        model="gpt-4o",
        openai_base_url=server.url,
        story_tokens=1_000,
    )
    writer = open_chat_writer(settings)
    estimate = writer.estimate(task)
    writing = writer.write(task)
    assert any(isinstance(piece, Draft) for piece in writing)
    (request,) = server.requests
    assert count(request.prompt, "gpt-4o") <= estimate.input_tokens
    return request.prompt, writing.notices


def test_a_long_story_is_sent_in_short_and_it_is_told(server: ChatServer) -> None:
    prompt, (notice,) = write(server, TASK)
    assert all(f"[{number}]" in prompt for number in range(1, 7))
    assert count(prompt, "gpt-4o") < 1_500
    assert notice.startswith("The model was given the most telling sentences of 6 articles, ")
    assert notice.endswith("tokens; NEWSBOT_STORY_TOKENS gives it more.")


def test_a_short_story_is_sent_whole(server: ChatServer) -> None:
    prompt, notices = write(server, replace(TASK, passages=(passage(1, *FERRY),)))
    assert " ".join(FERRY) in prompt
    assert notices == ()


def test_a_summary_is_read_whole_whatever_its_length(server: ChatServer) -> None:
    prompt, notices = write(server, replace(TASK, purpose=Purpose.SUMMARY))
    assert "Outlet 6 saw 89." in prompt
    assert notices == ()
