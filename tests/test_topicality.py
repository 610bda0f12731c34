from __future__ import annotations

import pytest

from bot.claims import passage_of
from bot.entities import Article
from bot.writing.candidates import Candidate, gather
from bot.writing.drafts import Draft, Purpose, Task
from bot.writing.extractive import ExtractiveWriter
from bot.writing.topicality import ON_TOPIC, topicality
from vectorstore.embeddings import OnnxEmbeddings

ROUND_UP = """\
Parliament passed the budget on Monday after a debate of nine hours. The finance minister called \
the budget a compromise between the parties.

The river Aller flooded two villages near Celle on Tuesday. The flood water of the river stood a \
metre deep in the streets of Celle. Sandbags were filled all night.

The cup final was won by Harrow after penalties on Sunday. Harrow had never won the cup before."""

embed = OnnxEmbeddings().embed


def candidates(text: str = ROUND_UP) -> tuple[Candidate, ...]:
    return gather((passage_of(Article(id="a", title="Five things", text=text), 1),), bool)


def test_the_item_on_the_topic_is_told_from_the_others() -> None:
    about = topicality("flood of the river Aller", candidates(), embed)
    on_topic = [number for number, one in enumerate(about) if one >= ON_TOPIC]
    assert set(on_topic) <= {2, 3, 4}
    assert {2, 3} <= set(on_topic)


def test_a_list_is_about_each_of_its_names() -> None:
    about = topicality("cup final Harrow, flood of the river Aller", candidates(), embed)
    assert about[2] >= ON_TOPIC
    assert about[5] >= ON_TOPIC
    assert about[0] < ON_TOPIC


@pytest.mark.parametrize("topic", ["Quixotic zebra xylophones", " , "])
def test_a_topic_that_nothing_speaks_of_tells_nothing_apart(topic: str) -> None:
    assert set(topicality(topic, candidates(), embed)) == {1.0}


def test_what_is_not_compared_is_not_on_topic() -> None:
    long = "\n".join(f"Council meeting number {n} ended early." for n in range(200))
    about = topicality("flood of the river Aller", candidates(f"{ROUND_UP}\n{long}"), embed)
    assert about[3] >= ON_TOPIC
    assert about[-1] == 0.0


def test_bullets_keep_to_the_topic_and_may_be_fewer() -> None:
    passages = (passage_of(Article(id="a", title="Five things", text=ROUND_UP), 1),)
    task = Task(purpose=Purpose.STORY, passages=passages, bullets=5, question="river Aller flood")
    drafts = [one.text for one in ExtractiveWriter(embed).write(task) if isinstance(one, Draft)]
    assert drafts
    assert not [one for one in drafts if "budget" in one or "cup" in one]
