"""Conversations of the page on a real archive, with the extractive writer."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.archive.exchanges import Ending
from bot.entities import Answer, Summary
from bot.errors import ConversationNotFoundError
from bot.newsbot import Newsbot
from bot.settings import Settings
from bot.web.chat import Exchange, Limits, find_articles
from bot.web.keeping import end, export
from bot.web.messages import show_messages
from bot.web.sidebar import show_conversations
from bot.web.talking import Talks
from tests.raw_server import serving

FERRY = "Ferry Stops\n\nThe ferry to Norhaven stopped on Monday. It will sail again in May."
TRAM = "Tram Opens\n\nThe Brenmoor tram opened on Friday. It carries 400 passengers an hour."
QUESTION = "When did the ferry to Norhaven stop?"


@pytest.fixture(scope="module")
def newsbot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsbot]:
    settings = Settings(data=tmp_path_factory.mktemp("data"), _env_file=None)  # type: ignore[call-arg]
    with Newsbot(settings) as opened:
        opened.ingest(FERRY, TRAM)
        yield opened


@pytest.fixture
def talks(newsbot: Newsbot) -> Iterator[Talks]:
    yield Talks(newsbot)
    for user in ("ada", "eve"):
        newsbot.conversations.erase(user)


def say(
    talks: Talks, message: str, conversation: str = "", user: str = "ada"
) -> tuple[str, Exchange]:
    *_, (conversation, exchanges) = talks.say(user, conversation, message)
    return conversation, exchanges[-1]


def test_what_is_said_is_there_again_after_a_restart(newsbot: Newsbot, talks: Talks) -> None:
    conversation, said = say(talks, QUESTION)
    assert isinstance(said.result, Answer)
    assert said.result.claims[0].citations[0].quote == "The ferry to Norhaven stopped on Monday."
    assert newsbot.conversations.find("ada", conversation).title == QUESTION
    (again,) = Talks(newsbot).read("ada", conversation)
    assert again == said
    assert "#cite/" in again.markup


def test_a_follow_up_is_understood_by_what_was_kept(newsbot: Newsbot, talks: Talks) -> None:
    conversation, _ = say(talks, QUESTION)
    _, said = say(Talks(newsbot), "And when will it sail again?", conversation)
    assert isinstance(said.result, Answer)
    assert "Norhaven" in said.result.search.queries[0]


def test_help_and_what_is_no_command_are_not_kept(newsbot: Newsbot, talks: Talks) -> None:
    conversation, said = say(talks, "/help")
    assert (conversation, said.passing) == ("", True)
    assert say(talks, "/dance")[1].failure
    assert newsbot.conversations.list("ada") == []


def test_a_failure_is_kept_as_one_and_not_exported(newsbot: Newsbot, talks: Talks) -> None:
    conversation, said = say(talks, "why " * 2000)
    assert "at most 4,000" in said.failure
    assert Talks(newsbot).read("ada", conversation)[0].failure == said.failure
    say(talks, QUESTION, conversation)
    text = export("# <b>Ferries</b>", newsbot.conversations.exchanges("ada", conversation))
    assert text.startswith("# \\# \\<b>Ferries\\</b>\n")
    assert "## When did the ferry" in text
    assert "stopped on Monday. [1]" in text.replace("\N{NO-BREAK SPACE}", " ").replace("\\", "")
    assert "4,000" not in text


def test_whoever_leaves_an_answer_finds_what_was_checked(newsbot: Newsbot, talks: Talks) -> None:
    saying = talks.say("ada", "", QUESTION)
    conversation, _ = next(saying)
    saying.close()
    (left,) = Talks(newsbot).read("ada", conversation)
    assert left.result is None
    assert "Stopped." in left.markup


def test_an_answer_that_is_stopped_keeps_its_first_end(newsbot: Newsbot, talks: Talks) -> None:
    saying = talks.say("ada", "", QUESTION)
    conversation, _ = next(saying)
    stopped = talks.stop("ada", conversation)
    assert "Stopped." in stopped[0].markup
    assert list(saying) == [(conversation, stopped)]  # and no draft after it
    (kept,) = Talks(newsbot).read("ada", conversation)
    assert kept.result is None


def test_what_nobody_ended_can_be_asked_again(newsbot: Newsbot, talks: Talks) -> None:
    one = newsbot.conversations.begin("ada", QUESTION)
    asked = newsbot.conversations.ask("ada", one.id, QUESTION)
    (broken,) = talks.read("ada", one.id)
    assert "not answered to its end" in broken.markup
    assert 'data-act="retry"' in str(show_messages([broken]))
    *_, (_, exchanges) = talks.say_again("ada", asked.id, Limits())
    assert [exchange.message for exchange in exchanges] == [QUESTION]
    assert isinstance(exchanges[0].result, Answer)


def test_an_edited_question_takes_the_place_of_the_old_one(talks: Talks) -> None:
    conversation, first = say(talks, QUESTION)
    say(talks, "And then?", conversation)
    *_, (same, exchanges) = talks.say_again("ada", first.id, Limits(), "When did the tram open?")
    assert same == conversation
    assert [exchange.message for exchange in exchanges] == ["When did the tram open?"]


def test_limits_are_those_of_the_search(newsbot: Newsbot, talks: Talks) -> None:
    tram = next(article.id for article in newsbot.articles() if "Tram" in article.title)
    *_, (_, exchanges) = talks.say("ada", "", QUESTION, Limits(articles=(tram,)))
    result = exchanges[-1].result
    assert isinstance(result, Answer)
    assert result.search.articles == 1
    assert "ferry" not in str(result.claims)
    *_, (_, exchanges) = talks.say("ada", "", QUESTION, Limits(since="some day"))
    assert exchanges[-1].failure


def test_a_pasted_text_is_evidence_after_a_restart_too(newsbot: Newsbot, talks: Talks) -> None:
    text = "Lock Fails\n\nThe lock at Fenwick failed on Sunday. Divers will mend it in May."
    conversation, said = say(talks, f"/summarise {text}")
    assert isinstance(said.result, Summary)
    (again,) = Talks(newsbot).read("ada", conversation)
    assert again.articles[0].text.startswith("The lock at Fenwick")


@pytest.mark.parametrize("about", ["/etc/passwd", "file:///etc/passwd", "seeds", "~/.ssh/id_rsa"])
def test_no_file_is_summarised(newsbot: Newsbot, talks: Talks, about: str) -> None:
    assert "No article of the archive is headed" in say(talks, f"/summarise {about}")[1].failure


def test_a_private_address_is_not_fetched(newsbot: Newsbot, talks: Talks) -> None:
    failure = say(talks, "/summarise http://127.0.0.1:9/secret")[1].failure
    assert "127.0.0.1" in failure
    assert "not" in failure


def test_a_web_address_is_fetched_through_the_one_door(tmp_path: Path) -> None:
    text = "The lock at Fenwick failed on Sunday, and divers will mend it in May. " * 12
    body = f"<html><head><title>Lock Fails</title></head><body><article><p>{text}</p></article>"

    def answer(connection: socket.socket, _: bytes) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}"
        connection.sendall(f"{head}\r\n\r\n{body}".encode())

    with serving(answer) as address:
        hosts = address.removeprefix("http://")
        settings = Settings(data=tmp_path, allowed_hosts=hosts, _env_file=None)  # type: ignore[call-arg]
        with Newsbot(settings) as newsbot:
            (article,) = find_articles(newsbot, f"{address}/lock")
    assert "Fenwick" in article.text


def test_nobody_speaks_in_anothers_conversation(talks: Talks) -> None:
    conversation, said = say(talks, QUESTION)
    for attempt in (
        lambda: talks.read("eve", conversation),
        lambda: list(talks.say("eve", conversation, "Mine?")),
        lambda: list(talks.say_again("eve", said.id, Limits())),
        lambda: talks.stop("eve", conversation),
    ):
        with pytest.raises(ConversationNotFoundError):
            attempt()
    assert len(talks.read("ada", conversation)) == 1


def test_titles_cannot_break_out_of_the_list(newsbot: Newsbot, talks: Talks) -> None:
    conversation, _ = say(talks, QUESTION)
    newsbot.conversations.rename("ada", conversation, '"><script>x</script>\u202eevil')
    shown = show_conversations(newsbot, "ada", conversation)
    assert "<script" not in shown
    assert "\u202e" not in shown
    assert 'aria-current="true"' in shown


def test_what_can_be_done_with_a_reply_depends_on_what_it_is() -> None:
    answer = Answer(question="Who?", abstained=True, reason='"><img src=x>')
    kept = Exchange(id="x", message="Who?", result=answer, good=False, comment='"><b>')
    shown = str(show_messages([kept]))
    assert "<img" not in shown
    assert "<b>" not in shown
    assert 'data-good="no" aria-label="Not good" aria-pressed="true"' in shown
    assert "data-act" not in str(show_messages([Exchange(message="/help", passing=True)]))
    growing = Exchange(id="x", message="Who?", unfinished=True)
    assert "data-act" not in str(show_messages([growing]))


def test_an_end_is_kept_by_its_kind() -> None:
    assert end(Exchange(message="a", failure="It failed.")) == Ending(
        kind="failure", note="It failed."
    )
    assert end(Exchange(message="a")).kind == "stopped"
