"""Who may use Newsbot beyond this machine: names, passwords, sessions of the page, tokens.

    users = Users(database, clock)
    users.add("ada", "a long password")
    session = users.sign_in("ada", "a long password")     # None when that is wrong
    users.who(session)                                    # "ada"
    token = users.issue_token("ada", "laptop")            # shown once

Passwords are kept as scrypt, sessions and tokens (random, 256 bits) as SHA-256. While nobody was
added there are no users, and whoever reaches Newsbot is the one local user, whose name is "".
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Select, Table, Text, delete, insert, or_, select

from bot.archive.database import Database
from bot.archive.rows import Row, to_utc
from bot.archive.schema import metadata
from bot.errors import UserError

SHORTEST_PASSWORD = 8  # characters; NIST SP 800-63B's floor
LONGEST_PASSWORD = 1_000
SESSION = timedelta(days=30)
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}\Z")
_COST, _BLOCK, _PARALLEL = 2**15, 8, 1  # 32 MB and about 0.1 s a password, as OWASP advises
_LONGEST_HASHING = 64 * 1024 * 1024

users = Table(
    "users",
    metadata,
    Column("name", Text, primary_key=True),
    Column("password", Text, nullable=False),
    Column("added_at", Text, nullable=False),
)

keys = Table(
    "keys",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("user", Text, ForeignKey("users.name", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),  # "session" or "token"
    Column("label", Text, nullable=False),
    Column("added_at", Text, nullable=False),
    Column("expires_at", Text),
    Index("keys_user", "user"),
)


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is listed; `id` names it when it is to be revoked."""

    id: str
    label: str
    added: datetime


@dataclass(frozen=True, slots=True)
class User:
    """A user as listed, with the tokens that are valid."""

    name: str
    added: datetime
    tokens: tuple[Token, ...] = ()


class Users:
    """The users in one database. Any thread may use it."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def exist(self) -> bool:
        """Whether anybody was added, so that everybody must sign in."""
        with self._database.read() as connection:
            return connection.execute(select(users.c.name).limit(1)).first() is not None

    def list(self) -> Sequence[User]:
        """All users by name, with their tokens."""
        tokens = select(keys).where(keys.c.kind == "token").order_by(keys.c.added_at)
        with self._database.read() as connection:
            found = connection.execute(select(users).order_by(users.c.name)).mappings().all()
            issued = connection.execute(tokens).mappings().all()
        return [
            User(
                row["name"],
                datetime.fromisoformat(row["added_at"]),
                tuple(_token(one) for one in issued if one["user"] == row["name"]),
            )
            for row in found
        ]

    def add(self, name: str, password: str) -> None:
        """Add a user. Raises UserError for a name or password that will not do."""
        _check(name, password)
        row = {"name": name, "password": hash_password(password), "added_at": self._now()}
        with self._database.write() as connection:
            if connection.execute(_named(name)).first():
                raise UserError(f"There is a user {name} already; remove it first.")
            connection.execute(insert(users).values(**row))

    def remove(self, name: str) -> None:
        """Remove a user, whose sessions and tokens end. Raises UserError for nobody."""
        with self._database.write() as connection:
            if not connection.execute(delete(users).where(users.c.name == name)).rowcount:
                raise _nobody(name)

    def sign_in(self, name: str, password: str) -> str | None:
        """A new session, or None when name or password is wrong; both take equally long."""
        with self._database.read() as connection:
            row = connection.execute(_named(name)).mappings().first()
        if not verify_password(password, row["password"] if row else _NOBODY):
            return None
        return self._issue(name, "session", "", self._clock() + SESSION) if row else None

    def issue_token(self, name: str, label: str = "") -> str:
        """A token for programs, which is valid until it is revoked. Raises UserError for nobody."""
        return self._issue(name, "token", label, None)

    def revoke(self, name: str, identity: str) -> None:
        """End a token by the id that `list` shows. Raises UserError when there is none."""
        beginning = keys.c.hash.startswith(identity, autoescape=True)
        gone = delete(keys).where(keys.c.user == name, keys.c.kind == "token", beginning)
        with self._database.write() as connection:
            if len(identity) < _SHOWN or not connection.execute(gone).rowcount:
                raise UserError(f"{name} has no token {identity}; `newsbot user list` shows them.")

    def sign_out(self, session: str) -> None:
        """End a session."""
        with self._database.write() as connection:
            connection.execute(delete(keys).where(keys.c.hash == _digest(session)))

    def who(self, key: str, kind: str = "session") -> str | None:
        """The user of a session or a token that is still valid, else None."""
        valid = or_(keys.c.expires_at.is_(None), keys.c.expires_at > self._now())
        wanted = select(keys.c.user).where(keys.c.hash == _digest(key), keys.c.kind == kind, valid)
        with self._database.read() as connection:
            return connection.scalars(wanted).first()

    def _issue(self, name: str, kind: str, label: str, expires: datetime | None) -> str:
        key, now = secrets.token_urlsafe(32), self._now()
        row = {"hash": _digest(key), "user": name, "kind": kind, "label": label, "added_at": now}
        until = expires and to_utc(expires)
        with self._database.write() as connection:
            if not connection.execute(_named(name)).first():
                raise _nobody(name)
            connection.execute(delete(keys).where(keys.c.expires_at < now))
            connection.execute(insert(keys).values(**row, expires_at=until))
        return key

    def _now(self) -> str:
        return to_utc(self._clock())


def hash_password(password: str) -> str:
    """scrypt of the password with a salt of its own, and what it took."""
    salt = secrets.token_bytes(16)
    return f"scrypt${_COST}${_BLOCK}${_PARALLEL}${salt.hex()}${_scrypt(password, salt).hex()}"


def verify_password(password: str, kept: str) -> bool:
    """Whether this is the password that was hashed."""
    _, cost, block, parallel, salt, digest = kept.split("$")
    made = _scrypt(password, bytes.fromhex(salt), int(cost), int(block), int(parallel))
    return hmac.compare_digest(made, bytes.fromhex(digest))


def _scrypt(
    password: str,
    salt: bytes,
    cost: int = _COST,
    block: int = _BLOCK,
    parallel: int = _PARALLEL,
) -> bytes:
    return hashlib.scrypt(
        password[:LONGEST_PASSWORD].encode(),
        salt=salt,
        n=cost,
        r=block,
        p=parallel,
        maxmem=_LONGEST_HASHING,
        dklen=32,
    )


_SHOWN = 8  # characters of a token's hash that name it
_NOBODY = f"scrypt${_COST}${_BLOCK}${_PARALLEL}${'00' * 16}${'00' * 32}"  # no password's hash


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _check(name: str, password: str) -> None:
    if not _NAME.match(name):
        raise UserError(
            f"{name!r} is no name for a user; use up to 40 small letters, digits, dots, dashes or "
            "underscores, a letter or digit first."
        )
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise UserError(
            f"The password has {len(password)} characters; give at least {SHORTEST_PASSWORD}."
        )


def _named(name: str) -> Select[Any]:
    return select(users).where(users.c.name == name)


def _nobody(name: str) -> UserError:
    return UserError(f"There is no user {name}; `newsbot user list` shows them.")


def _token(row: Row) -> Token:
    return Token(row["hash"][:_SHOWN], row["label"], datetime.fromisoformat(row["added_at"]))
