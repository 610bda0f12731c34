"""An SMTP server on loopback (aiosmtpd) that takes mail, or does not, as a test says."""

from __future__ import annotations

import contextlib
import email
import email.policy
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

USER, PASSWORD = "newsbot", "correct horse battery"


@dataclass
class PostOffice:
    """What came in, and how recipients and mails are answered."""

    port: int = 0
    certificates: Path = Path()
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    answer: str = "250 OK"
    on_mail: Callable[[EmailMessage], None] = lambda mail: None

    @property
    def distinct(self) -> set[str]:
        """The mails as a receiver counts them that tells repetitions by their Message-ID."""
        return {mail["Message-ID"] for mail in self.mails}

    def table(self, **changes: Any) -> dict[str, Any]:
        """A `deliver` table that leads here."""
        return {
            "to": "mail",
            "server": "localhost",
            "port": self.port,
            "certificates": str(self.certificates),
            "user": USER,
            "password_variable": "SMTP_PASSWORD",
            "sender": "Newsbot <news@example.org>",
            "recipients": ["desk@example.org"],
            "timeout": 5,
            **changes,
        }

    # What aiosmtpd calls

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer.startswith(("4", "5")):
            return self.answer
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        self.mails.append(parsed)
        self.recipients.append(list(envelope.rcpt_tos))
        self.on_mail(parsed)
        if self.answer == "close":  # taken, but nobody is told
            assert server.transport is not None
            server.transport.abort()
        return self.answer


def authenticate(
    server: SMTP, session: Any, envelope: Any, mechanism: str, login: Any
) -> AuthResult:
    known = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=login == known, handled=False)


@contextlib.contextmanager
def post_office(folder: Path, *, implicit: bool = False, **options: Any) -> Iterator[PostOffice]:
    """A server with a certificate for localhost, by STARTTLS or with TLS from the start."""
    office = PostOffice(port=free_port(), certificates=folder / "authority.pem")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(office.certificates))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    security = {"ssl_context": context} if implicit else {"tls_context": context}
    controller = Controller(
        office,
        hostname="localhost",
        port=office.port,
        **{"authenticator": authenticate, "auth_require_tls": not implicit, **security, **options},
    )
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
