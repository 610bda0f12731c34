from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, select

from bot.archive.conversations import Conversations
from bot.archive.database import Database
from bot.archive.exchanges import Ending
from bot.archive.opinions import opinions
from bot.errors import ConversationNotFoundError

RESULT = '{"question": "Who?", "claims": []}'


class Clock:
    now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "newsbot.db")
    yield opened
    opened.close()


def read_opinions(database: Database) -> Sequence[Row[Any]]:
    with database.read() as connection:
        return connection.execute(select(opinions)).all()


@pytest.fixture
def talks(database: Database, clock: Clock) -> Conversations:
    return Conversations(database, clock)


def test_a_conversation_is_kept_with_its_results_in_order(
    talks: Conversations, database: Database, clock: Clock
) -> None:
    one = talks.begin("ada", "Who met  at the space\ncentre?")
    assert one.title == "Who met at the space centre?"
    first = talks.ask("ada", one.id, "Who met?")
    ending = Ending(kind="answer", result=RESULT, given='[{"id": "x"}]')
    talks.answer("ada", first.id, ending)
    talks.ask("ada", one.id, "And then?")
    again = Conversations(database, clock).exchanges("ada", one.id)
    assert [each.message for each in again] == ["Who met?", "And then?"]
    assert [each.ending for each in again] == [ending, None]


def test_the_last_changed_comes_first(talks: Conversations) -> None:
    first, second = (talks.begin("ada", name).id for name in ("first", "second"))
    assert [each.id for each in talks.list("ada")] == [second, first]
    talks.ask("ada", first, "More?")
    assert [each.id for each in talks.list("ada")] == [first, second]


def test_an_exchange_ends_once(talks: Conversations) -> None:
    one = talks.begin("ada", "Who?")
    asked = talks.ask("ada", one.id, "Who?")
    talks.answer("ada", asked.id, Ending(kind="answer", result=RESULT))
    talks.answer("ada", asked.id, Ending(kind="failure", note="too late"))
    (kept,) = talks.exchanges("ada", one.id)
    assert kept.ending
    assert kept.ending.kind == "answer"


def test_what_is_taken_back_goes_with_all_that_followed(talks: Conversations) -> None:
    one = talks.begin("ada", "Who?")
    asked = [talks.ask("ada", one.id, message) for message in ("one", "two", "three")]
    assert talks.take_back("ada", asked[1].id).message == "two"
    assert [each.message for each in talks.exchanges("ada", one.id)] == ["one"]
    talks.ask("ada", one.id, "two again")
    assert len(talks.exchanges("ada", one.id)) == 2


def test_titles_are_shortened_and_never_emptied(talks: Conversations) -> None:
    long = talks.begin("ada", "word " * 40)
    assert long.title.endswith("word…")
    assert len(long.title) < 70
    talks.rename("ada", long.id, "  Space \n talks ")
    talks.rename("ada", long.id, "   ")
    assert talks.find("ada", long.id).title == "Space talks"


def test_a_deletion_can_be_undone_for_a_day(
    talks: Conversations, clock: Clock, database: Database
) -> None:
    gone, other = (talks.begin("ada", name).id for name in ("gone", "other"))
    asked = talks.ask("ada", gone, "Who?")
    talks.judge("ada", asked.id, True)
    talks.delete("ada", gone)
    assert [each.id for each in talks.list("ada")] == [other]
    with pytest.raises(ConversationNotFoundError):
        talks.exchanges("ada", gone)
    talks.restore("ada", gone)
    assert len(talks.exchanges("ada", gone)) == 1
    talks.delete("ada", gone)
    clock.now += timedelta(days=2)
    talks.delete("ada", other)
    with pytest.raises(ConversationNotFoundError):
        talks.restore("ada", gone)
    assert not read_opinions(database)


def test_an_opinion_is_kept_with_what_was_judged(talks: Conversations, database: Database) -> None:
    one = talks.begin("ada", "Who?")
    asked = talks.ask("ada", one.id, "Who?")
    talks.answer("ada", asked.id, Ending(kind="answer", result=RESULT))
    talks.judge("ada", asked.id, True)
    talks.judge("ada", asked.id, False, " It names nobody. ")
    talks.judge("ada", asked.id, False)
    (kept,) = talks.exchanges("ada", one.id)
    assert (kept.good, kept.comment) == (False, "It names nobody.")
    talks.take_back("ada", asked.id)
    (opinion,) = read_opinions(database)
    assert (opinion.good, opinion.result, opinion.message) == (False, RESULT, "Who?")


def test_nobody_reaches_what_is_anothers(talks: Conversations, database: Database) -> None:
    one = talks.begin("ada", "Who?")
    asked = talks.ask("ada", one.id, "Who?")
    assert talks.list("eve") == []
    for attempt in (
        lambda: talks.find("eve", one.id),
        lambda: talks.exchanges("eve", one.id),
        lambda: talks.ask("eve", one.id, "Mine?"),
        lambda: talks.answer("eve", asked.id, Ending(kind="answer")),
        lambda: talks.take_back("eve", asked.id),
        lambda: talks.judge("eve", asked.id, True),
        lambda: talks.rename("eve", one.id, "Mine"),
        lambda: talks.delete("eve", one.id),
        lambda: talks.restore("eve", one.id),
        lambda: talks.exchanges("", one.id),
    ):
        with pytest.raises(ConversationNotFoundError):
            attempt()
    assert [each.message for each in talks.exchanges("ada", one.id)] == ["Who?"]
    assert not read_opinions(database)


def test_what_was_asked_without_a_login_can_be_adopted_and_erased(talks: Conversations) -> None:
    one = talks.begin("", "Who?")
    assert talks.adopt("ada") == 1
    assert [each.id for each in talks.list("ada")] == [one.id]
    talks.erase("ada")
    assert talks.list("ada") == []
