"""Where editions go: a folder, an Atom feed, mail or a webhook, as a `deliver` table names them.

A destination holds no secret, only the names of the variables that hold them, so that it may be
shown, logged and kept. `key` identifies it in the ledger; `label` is what people read.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from email.headerregistry import Address
from email.utils import getaddresses, parseaddr
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SHOWN = 3  # recipients in a label
_ADDRESS = re.compile(r"[!#$%&'*+/=?^_`{|}~.\w-]+@[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)*", re.ASCII)


def _web_address(url: str) -> str:
    return check_address(url)


def _variable(name: str) -> str:
    if not re.fullmatch(r"[A-Z][A-Z0-9_]*", name):
        raise ValueError("name a variable of the environment in capitals, not the secret itself")
    return name


def _mail_address(text: str) -> str:
    """The address, with its name where it has one, in the form in which headers have it."""
    found = getaddresses([text])
    name, address = found[0] if len(found) == 1 and text.isprintable() else ("", "")
    mailbox, _, domain = address.rpartition("@")
    try:
        address = f"{mailbox}@{domain.encode('idna').decode()}"
    except UnicodeError:
        address = ""
    if not _ADDRESS.fullmatch(address):
        raise ValueError('give a mail address, as in "Desk <desk@example.org>"')
    return str(Address(name, addr_spec=address))


Variable = Annotated[str, AfterValidator(_variable)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
MailAddress = Annotated[str, AfterValidator(_mail_address)]
Seconds = Annotated[float, Field(gt=0, le=600)]


class _Destination(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    name: str | None = Field(None, min_length=1, max_length=100)

    @property
    def key(self) -> str:
        """Its identity: its name if it has one, else what it leads to."""
        digest = hashlib.sha256(self._leads_to.encode()).hexdigest()[:12]
        return f"{type(self).__name__.lower()}:{self.name or digest}"

    @property
    def label(self) -> str:
        """What people call it, without secrets."""
        return self.name or self._described

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables that hold its secrets."""
        return ()

    @property
    def _leads_to(self) -> str:
        raise NotImplementedError

    @property
    def _described(self) -> str:
        return self._leads_to


class Folder(_Destination):
    """A folder of files, one a notation for each edition."""

    to: Literal["files"]
    folder: Path
    formats: tuple[Literal["markdown", "html", "json"], ...] = Field(
        ("markdown", "html", "json"), min_length=1
    )

    @property
    def _leads_to(self) -> str:
        return f"files in {self.folder}"


class AtomFeed(_Destination):
    """A file with an Atom feed of the last editions; `url` is where others read it."""

    to: Literal["feed"]
    file: Path
    title: str = Field("Newsbot", min_length=1, max_length=200)
    entries: int = Field(50, ge=1, le=1_000)
    url: WebAddress | None = None

    @property
    def _leads_to(self) -> str:
        return f"feed {self.file}"


class Mail(_Destination):
    """Mail through an SMTP server, encrypted unless the server is this machine."""

    to: Literal["mail"]
    server: str = Field(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9.:_-]+$")
    port: int = Field(0, ge=0, le=65_535)  # 0: the usual one
    security: Literal["starttls", "tls", "none"] = "starttls"
    certificates: Path | None = None  # of the authorities to trust instead of the usual ones
    user: str | None = None
    password_variable: Variable | None = None
    sender: MailAddress
    recipients: tuple[MailAddress, ...] = Field(min_length=1, max_length=100)
    timeout: Seconds = 60.0

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.security == "none" and self.server not in _LOOPBACK:
            raise ValueError('security = "none" is for a server on this machine only; use "tls"')
        if (self.user is None) != (self.password_variable is None):
            raise ValueError("user and password_variable go together: give both or neither")
        return self

    @property
    def address(self) -> tuple[str, int]:
        """Host and port."""
        return self.server, self.port or _PORTS[self.security]

    @property
    def variables(self) -> tuple[str, ...]:
        """The password's."""
        return (self.password_variable,) if self.password_variable else ()

    @property
    def _leads_to(self) -> str:
        return f"mail to {', '.join(sorted(self.recipients))}"

    @property
    def _described(self) -> str:
        more = len(self.recipients) - _SHOWN
        shown = ", ".join(self.recipients[:_SHOWN])
        return f"mail to {shown}" + (f" and {more} more" if more > 0 else "")


class Webhook(_Destination):
    """An address that takes editions by POST, as plain JSON or as Slack's messages."""

    to: Literal["webhook"]
    url: WebAddress | None = None
    url_variable: Variable | None = None
    format: Literal["json", "slack"] = "json"
    token_variable: Variable | None = None  # sent as Authorization: Bearer
    timeout: Seconds = 20.0

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.url is None) == (self.url_variable is None):
            raise ValueError("give either url or url_variable")
        if self.format == "slack" and self.url:
            raise ValueError(
                "a Slack address is a secret: put it into a variable of the environment, and name "
                "that as url_variable"
            )
        return self

    @property
    def variables(self) -> tuple[str, ...]:
        """The address's and the token's."""
        return tuple(filter(None, (self.url_variable, self.token_variable)))

    @property
    def _leads_to(self) -> str:
        return f"webhook {self.url or self.url_variable}"

    @property
    def _described(self) -> str:
        """An address may hold a secret in its path, so only its host and port are shown."""
        where = f"at {urlsplit(self.url).netloc}" if self.url else f"({self.url_variable})"
        return f"{'Slack' if self.format == 'slack' else 'webhook'} {where}"


Destination = Folder | AtomFeed | Mail | Webhook


def label_all(destinations: Sequence[Destination]) -> tuple[str, ...]:
    """A label for each, none twice: what would be called the same is counted in its order."""
    labels = [one.label for one in destinations]
    return tuple(
        label
        if labels.count(label) == 1
        else f"{label}, {labels[:place].count(label) + 1} of {labels.count(label)}"
        for place, label in enumerate(labels)
    )


def check_address(url: str) -> str:
    """`url` if it is plain http(s) with a host and no user name. Raises ValueError."""
    try:
        parts = urlsplit(url)
        port_is_right = parts.port != 0
    except ValueError:
        parts, port_is_right = urlsplit(""), False
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_right:
        raise ValueError("give an address that begins with http:// or https://")
    if "@" in parts.netloc:
        raise ValueError("put the password into a variable, and name that as token_variable")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("write what is not ASCII in the address as %XX")
    return url


def bare(address: str) -> str:
    """A mail address without its name."""
    return parseaddr(address)[1]
