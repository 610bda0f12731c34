from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.archive.database import Database
from bot.archive.users import SESSION, Users, hash_password, verify_password
from bot.errors import UserError

PASSWORD = "correct horse"


class Clock:
    now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def users(tmp_path: Path, clock: Clock) -> Iterator[Users]:
    database = Database(tmp_path / "newsbot.db")
    yield Users(database, clock)
    database.close()


def test_a_user_signs_in_with_the_right_password_alone(users: Users) -> None:
    assert not users.exist()
    users.add("ada", PASSWORD)
    assert users.exist()
    session = users.sign_in("ada", PASSWORD)
    assert session
    assert users.who(session) == "ada"
    assert users.sign_in("ada", "wrong horse") is None
    assert users.sign_in("nobody", PASSWORD) is None
    users.sign_out(session)
    assert users.who(session) is None


def test_a_session_ends_by_itself(users: Users, clock: Clock) -> None:
    users.add("ada", PASSWORD)
    session = users.sign_in("ada", PASSWORD)
    assert session
    clock.now += SESSION - timedelta(minutes=1)
    assert users.who(session) == "ada"
    clock.now += timedelta(minutes=2)
    assert users.who(session) is None


def test_tokens_are_listed_without_themselves_and_revoked(users: Users) -> None:
    users.add("ada", PASSWORD)
    token = users.issue_token("ada", "laptop")
    assert users.who(token, "token") == "ada"
    assert users.who(token, "session") is None
    ((listed,),) = [user.tokens for user in users.list()]
    assert listed.label == "laptop"
    assert listed.id not in token
    users.revoke("ada", listed.id)
    assert users.who(token, "token") is None
    with pytest.raises(UserError, match="no token"):
        users.revoke("ada", "")


def test_no_secret_is_in_the_file(users: Users, tmp_path: Path) -> None:
    users.add("ada", PASSWORD)
    secrets = [PASSWORD, users.issue_token("ada"), users.sign_in("ada", PASSWORD) or ""]
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"scrypt$32768$8$1$" in kept
    assert not any(secret.encode() in kept for secret in secrets)


def test_sessions_and_tokens_end_with_their_user(users: Users) -> None:
    users.add("ada", PASSWORD)
    session, token = users.sign_in("ada", PASSWORD), users.issue_token("ada")
    users.remove("ada")
    assert users.who(session or "") is None
    assert users.who(token, "token") is None
    with pytest.raises(UserError, match="no user ada"):
        users.remove("ada")
    with pytest.raises(UserError, match="no user ada"):
        users.issue_token("ada")


@pytest.mark.parametrize("name", ["", "Ada", "ada b", "-ada", "a" * 41, "../ada", "ada\n"])
def test_names_are_plain(users: Users, name: str) -> None:
    with pytest.raises(UserError, match="is no name"):
        users.add(name, PASSWORD)


def test_a_short_password_or_a_taken_name_is_refused(users: Users) -> None:
    with pytest.raises(UserError, match="at least 8"):
        users.add("ada", "short")
    users.add("ada", PASSWORD)
    with pytest.raises(UserError, match="already"):
        users.add("ada", PASSWORD)


def test_two_hashes_of_one_password_differ_and_both_verify() -> None:
    one, other = hash_password(PASSWORD), hash_password(PASSWORD)
    assert one != other
    assert verify_password(PASSWORD, one)
    assert not verify_password(PASSWORD + " ", other)
