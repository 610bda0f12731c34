from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import SettingsError, UserError
from bot.newsbot import Newsbot
from bot.settings import Settings
from bot.web.app import serve

PASSWORD = "correct horse"


def run(data: Path, *arguments: str, given: str = "") -> str:
    result = CliRunner().invoke(app, ["--data", str(data), "user", *arguments], input=given)
    if result.exception is not None:
        raise result.exception
    return result.output


def open_newsbot(data: Path) -> Newsbot:
    return Newsbot(Settings(data=data, _env_file=None))  # type: ignore[call-arg]


def test_users_are_added_listed_given_tokens_and_removed(tmp_path: Path) -> None:
    with open_newsbot(tmp_path) as newsbot:
        newsbot.conversations.begin("", "Asked before there were users")
    assert "conversations from before" in run(tmp_path, "add", "ada", given=f"{PASSWORD}\n")
    assert "from before" not in run(tmp_path, "add", "eve", given=f"{PASSWORD}\n")
    token = run(tmp_path, "token", "ada", "--label", "laptop").split()[0]
    listed = run(tmp_path, "list")
    assert "laptop" in listed
    assert token not in listed
    with open_newsbot(tmp_path) as newsbot:
        assert newsbot.users.sign_in("ada", PASSWORD)
        assert newsbot.users.who(token, "token") == "ada"
        assert len(newsbot.conversations.list("ada")) == 1
        identity = newsbot.users.list()[0].tokens[0].id
    run(tmp_path, "token", "ada", "--revoke", identity)
    run(tmp_path, "remove", "ada")
    with open_newsbot(tmp_path) as newsbot:
        assert newsbot.users.who(token, "token") is None
        assert newsbot.conversations.list("ada") == []
    assert '"name": "eve"' in run(tmp_path, "list", "--json")


def test_what_cannot_be_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="at least 8"):
        run(tmp_path, "add", "ada", given="short\n")
    with pytest.raises(UserError, match="no user bob"):
        run(tmp_path, "token", "bob")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "news.example"])
def test_beyond_loopback_there_must_be_users(tmp_path: Path, host: str) -> None:
    with (
        open_newsbot(tmp_path) as newsbot,
        pytest.raises(SettingsError, match="newsbot user add NAME"),
    ):
        serve(newsbot, host=host, port=0)
