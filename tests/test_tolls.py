"""Totals that two outlets give of one event.

The twins and controls were written after the rules for the ferry of the sample articles. At their
first scoring, before any change, 5 of the 12 twins were found and 6 of the 12 controls accused,
most of these by the older rule for near copies, which knew neither places nor times; the rules were
then mended on them, and one twin, whose counts could both be true. Of pairs of real articles, the
1,035 of 46 outlets on one story were never accused; on the pairs of RealTime QA's articles that
share their names (now none of 490 is accused) and of T17's (7 of 3,587, of which 4 differ indeed)
the rules were mended too.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from bot.entities import Article, Conflict, ConflictKind
from bot.grounding.conflicts import find_conflicts
from bot.grounding.language import Language
from vectorstore.embeddings import OnnxEmbeddings

MORNING = datetime(2026, 5, 4, 8, tzinfo=UTC)


@cache
def language() -> Language:
    return Language(OnnxEmbeddings())


def conflicts(
    one: str, other: str, hours: float = 3, outlets: tuple[str, str] = ("Post", "Courier")
) -> tuple[Conflict, ...]:
    articles = [
        Article(id=outlet + str(number), text=text, outlet=outlet, published=published)
        for number, (outlet, text, published) in enumerate(
            zip(outlets, (one, other), (MORNING, MORNING + timedelta(hours=hours)), strict=True)
        )
    ]
    return find_conflicts(articles, language())


TWINS = [
    (
        "A coach carrying pilgrims overturned near Valdemora on Monday. The crash killed nine"
        " people and left 31 injured, the Valdemora fire brigade said.",
        "The driver of a pilgrims' coach that overturned outside Valdemora lost control on a bend,"
        " police said. Eleven people died in the accident on Monday, according to the hospital.",
        ("nine", "Eleven"),
    ),
    (
        "An explosion tore through a fireworks factory in Osterby before dawn. Four workers were"
        " killed, the mayor of Osterby, Lena Falk, told reporters.",
        "The blast at the Osterby fireworks factory claimed seven lives, rescuers said. Mayor Lena"
        " Falk called it the town's darkest morning.",
        ("Four", "seven"),
    ),
    (
        "Riot police broke up a march of students through Karsk on Sunday evening. Officers"
        " arrested 56 protesters, the interior ministry said.",
        "A rally of students in Karsk ended in clashes on Sunday. A total of 112 demonstrators were"
        " detained by police, lawyers who work with the students said.",
        ("56", "112"),
    ),
    (
        "The Halmar Bridge gave way during the evening rush in Tessin. At least 23 people were"
        " killed when cars plunged into the Lune, the governor said.",
        "The collapse of Tessin's Halmar Bridge has shocked the region. Rescuers on the Lune said"
        " that 15 people had died.",
        ("23", "15"),
    ),
    (
        "Fire swept through a dormitory in Port Amery on Saturday night. Twelve students were hurt,"
        " two of them badly, the Port Amery fire service said.",
        "Students jumped from windows when their dormitory in Port Amery caught fire on Saturday."
        " The blaze injured 27 people, a spokesman for the university hospital said.",
        ("Twelve", "27"),
    ),
    (
        "Volta Motors is calling back its Aria sedan over faulty brakes. The carmaker said on"
        " Monday that it was recalling 48,000 cars in Europe.",
        "Faulty brakes in the Aria sedan are costing Volta Motors dearly. The carmaker recalled"
        " 84,000 cars in Europe on Monday, the transport ministry said.",
        ("48,000", "84,000"),
    ),
    (
        "Steelmaker Brandeis will shut its oldest furnace in Duhr. Brandeis is cutting 1,200 jobs,"
        " it said on Monday.",
        "The furnace in Duhr goes out after ninety years. Steelmaker Brandeis will cut 2,100 jobs"
        " there, the union said on Monday.",
        ("1,200", "2,100"),
    ),
    (
        "A landslide buried part of the village of Santa Ruela after days of rain. Forty people"
        " are missing, the civil defence office of Ruela province said.",
        "Soldiers are digging by hand in Santa Ruela, where a landslide came down on Monday. In all"
        " 18 villagers are missing, said the mayor of Santa Ruela.",
        ("Forty", "18"),
    ),
    (
        "Crowds filled the avenues of Lorran on Saturday against the pension law. Some 30,000"
        " people marched in Lorran, the police said.",
        "The march against the pension law was the largest that Lorran has seen. Organisers said"
        " that 120,000 people marched on Saturday.",
        ("30,000", "120,000"),
    ),
    (
        "A tanker struck a fishing boat off Cape Morwen in heavy seas. Rescuers saved six sailors,"
        " the coast guard at Morwen said. Rescuers pulled 6 sailors from the water.",
        "The fishing boat that a tanker rammed off Cape Morwen sank within minutes. A helicopter"
        " crew rescued nine sailors, the owner of the boat said.",
        ("six", "nine"),
    ),
    (
        "A gunman opened fire in a shopping centre in Elmswood on Sunday. Three people were killed"
        " and eight wounded, Elmswood police said.",
        "Shoppers hid in store rooms while a man shot at people in an Elmswood mall on Sunday. The"
        " shooting left five dead, the county sheriff said.",
        ("Three", "five"),
    ),
    (
        "The quake that shook the Arrell valley on Monday brought down old houses. The death toll"
        " stands at 64, the government in Arrell said.",
        "Aftershocks kept people in the Arrell valley out of doors after Monday's quake. The"
        " earthquake killed 91 people, said the Red Cross.",
        ("64", "91"),
    ),
]


@pytest.mark.parametrize(("one", "other", "numbers"), TWINS)
def test_two_totals_of_one_event_are_a_conflict(
    one: str, other: str, numbers: tuple[str, str]
) -> None:
    (found,) = conflicts(one, other)
    assert found.kind is ConflictKind.NUMBER
    assert numbers[0] in found.first.quote
    assert numbers[1] in found.second.quote
    assert all(number in found.reason for number in numbers)


COACH = (
    "A coach carrying pilgrims overturned near Valdemora on Monday. The crash killed nine people,"
    " the Valdemora fire brigade said."
)


@pytest.mark.parametrize(
    "other",
    [
        # the same, written otherwise, or within its bounds
        "The coach that overturned near Valdemora on Monday carried pilgrims. 9 people died.",
        "A coach crash near Valdemora has killed at least eight people, the police said.",
        "The coach that overturned near Valdemora was full. The crash killed about ten people.",
        # a part, or more on top of it
        "Three of the dead in the Valdemora coach crash were children. The crash killed three"
        " teachers, too.",
        "The coach crash near Valdemora killed two drivers. Of the pilgrims, two died later.",
        "Another four people died in the night after the coach crash near Valdemora.",
        # another event, time or place
        "The coach crash near Valdemora recalled one in Bergen, where 21 people were killed.",
        "Crashes on the road near Valdemora have killed 40 people since 2019.",
        "In Tolva, 300 kilometres from Valdemora, a coach crash killed 17 people on Friday.",
        # not a fact
        "The coach crash near Valdemora could have killed 40 people, a fire officer said.",
        "Rumours that the coach crash near Valdemora killed 40 people were denied: nine died.",
        # others than people
        "The coach crash near Valdemora killed 60 sheep on their way to market.",
    ],
)
def test_what_can_both_be_true_is_none(other: str) -> None:
    assert conflicts(COACH, other) == ()


@pytest.mark.parametrize(
    ("other", "hours", "outlets"),
    [
        ("The toll of the coach crash near Valdemora rose: 12 people died.", 3, ("A", "B")),
        ("Twelve people, not nine, died in the coach crash near Valdemora.", 3, ("A", "B")),
        (
            "Nine people died at once near Valdemora; in all the coach crash killed 12.",
            3,
            ("A", "B"),
        ),
        ("The coach crash near Valdemora killed 12 people.", 5, ("A", "A")),
        ("The coach crash near Valdemora killed 12 people.", 30, ("A", "B")),
    ],
)
def test_a_later_count_that_time_explains_is_none(
    other: str, hours: float, outlets: tuple[str, str]
) -> None:
    assert conflicts(COACH, other, hours, outlets) == ()


def test_a_lower_count_a_day_later_is_a_conflict() -> None:
    (found,) = conflicts(COACH, "The coach crash near Valdemora killed six people.", 30)
    assert found.kind is ConflictKind.NUMBER


def test_articles_of_other_events_are_not_compared() -> None:
    other = (
        "A coach full of tourists slid into a ravine in the Carpathians. The crash killed 14"
        " people, Romanian rescuers said."
    )
    assert conflicts(COACH, other) == ()


def test_the_reason_names_the_earlier_article_first_however_they_are_given() -> None:
    one, other, (earlier, later) = TWINS[0]
    (conflict,) = conflicts(other, one, hours=-3)
    assert conflict.first.article == "Courier1"
    assert conflict.reason.index(earlier) < conflict.reason.index(later)
