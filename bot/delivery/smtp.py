"""One transaction of SMTP (RFC 5321), and what each way in which it may fail means.

Until the text is sent, a failure is certain: nothing has arrived. From there to the server's answer
it is not: the server may have taken the mail and then lost the connection.
"""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.delivery.credentials import quote_server
from bot.delivery.destinations import Mail, bare
from bot.errors import DeliveryError, DeliveryFailedError, DeliveryRefusedError

_UNKNOWN = "the connection was lost while the mail was being taken; nobody knows whether it was"


@dataclass(slots=True)
class Refusals:
    """The recipients that the server did not take, with its words: for now, and for good."""

    passing: dict[str, str] = field(default_factory=dict)
    lasting: dict[str, str] = field(default_factory=dict)


def transmit(
    mail: Mail, password: str | None, message: bytes, recipients: Sequence[str]
) -> Refusals:
    """Hands a message over for some recipients. Raises a DeliveryError when none got it."""
    session = _Session(mail)
    try:
        return _transact(session, mail, password, message, recipients)
    except ssl.SSLCertVerificationError as error:
        raise DeliveryRefusedError(
            f"{mail.server} shows a certificate that is not trusted ({error.verify_message}); name "
            "its authority's certificate as certificates, if it is yours."
        ) from error
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise _lost(mail, error, session.is_late) from error
    finally:
        session.close()


class _Session(smtplib.SMTP):
    """A connection that is cut when its time is up, however busily the server keeps it open."""

    def __init__(self, mail: Mail) -> None:
        # Some relays ask for a domain that they know; this machine's name takes long to find out.
        hello = bare(mail.sender).rpartition("@")[2]
        super().__init__(local_hostname=hello, timeout=mail.timeout)
        self._host = mail.server  # whose name TLS checks
        self.context = _tls(mail)
        self.is_late = False
        self._is_secure = mail.security == "tls"
        self._twin: socket.socket | None = None
        self._watchdog = threading.Timer(mail.timeout, self._cut)
        self._watchdog.daemon = True
        self._watchdog.start()

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        opened = socket.create_connection((host, port), timeout)
        self._twin = opened.dup()  # stays when TLS takes the socket over
        return self.context.wrap_socket(opened, server_hostname=host) if self._is_secure else opened

    def _cut(self) -> None:
        self.is_late = True
        if self._twin is not None:
            with contextlib.suppress(OSError):
                self._twin.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._watchdog.cancel()
        super().close()
        if self._twin is not None:
            self._twin.close()


def _transact(
    session: _Session, mail: Mail, password: str | None, message: bytes, recipients: Sequence[str]
) -> Refusals:
    _open(session, mail)
    if mail.user and password:
        _log_in(session, mail.user, password)
    _expect(session.mail(bare(mail.sender)), "the sender")
    refusals = _offer(session, recipients)
    if len(refusals.passing) + len(refusals.lasting) < len(recipients):
        _hand_over(session, message)
    with contextlib.suppress(smtplib.SMTPException, OSError):
        session.quit()
    return refusals


def _tls(mail: Mail) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=mail.certificates and str(mail.certificates))
    except (OSError, ssl.SSLError) as error:
        raise DeliveryRefusedError(
            f"{mail.certificates} holds no certificates that can be read; name a PEM file."
        ) from error


def _open(session: _Session, mail: Mail) -> None:
    _expect(session.connect(*mail.address), "the connection")
    session.ehlo_or_helo_if_needed()
    if mail.security == "starttls":
        if not session.has_extn("starttls"):
            raise DeliveryRefusedError(
                f'{mail.server} does not offer STARTTLS; nothing was sent. Try security = "tls".'
            )
        _expect(session.starttls(context=session.context), "encryption")
        session.ehlo_or_helo_if_needed()


def _log_in(session: _Session, user: str, password: str) -> None:
    """The server's words are left out here: they may repeat what was said."""
    try:
        session.login(user, password)
    except smtplib.SMTPAuthenticationError as error:
        told = f"the server did not accept user and password (code {error.smtp_code})"
        if error.smtp_code < 500:
            raise DeliveryFailedError(f"{told} for now.") from error
        raise DeliveryRefusedError(f"{told}; check them.") from error
    except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
        raise DeliveryRefusedError(
            "the server offers no way of logging in that is known here; leave user out."
        ) from error


def _offer(session: _Session, recipients: Sequence[str]) -> Refusals:
    refusals = Refusals()
    for recipient in recipients:
        code, said = session.rcpt(recipient)
        if code == 421:  # the server ends the session
            raise smtplib.SMTPServerDisconnected(said.decode("utf-8", "replace"))
        if code >= 400:
            kind = refusals.passing if code < 500 else refusals.lasting
            kind[recipient] = _said(code, said)
    return refusals


def _hand_over(session: _Session, message: bytes) -> None:
    try:
        code, said = session.data(message)
    except smtplib.SMTPDataError as error:  # not even asked for the text
        code, said = error.smtp_code, _bytes(error.smtp_error)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise DeliveryFailedError(_UNKNOWN, unknown=True) from error
    if not 200 <= code < 600:
        raise DeliveryFailedError(_UNKNOWN, unknown=True)
    _expect((code, said), "the mail")


def _expect(reply: tuple[int, bytes], what: str) -> None:
    code, said = reply
    if 200 <= code < 400:
        return
    if not 200 <= code < 600:
        raise DeliveryFailedError("what answers there speaks no SMTP; check server and port")
    kind: type[DeliveryError] = DeliveryFailedError if code < 500 else DeliveryRefusedError
    raise kind(f"the server refuses {what}: {_said(code, said)}")


def _lost(mail: Mail, error: Exception, is_late: bool) -> DeliveryFailedError:
    host, port = mail.address
    if is_late or isinstance(error, TimeoutError):
        return DeliveryFailedError(f"{host}:{port} is too slow: no mail within {mail.timeout:g} s")
    said = quote_server(str(getattr(error, "strerror", None) or error))
    return DeliveryFailedError(f"{host}:{port} cannot be reached, or ends the connection: {said}")


def _said(code: int, said: Any) -> str:
    return f"{code} {quote_server(_bytes(said).decode('utf-8', 'replace'))}".strip()


def _bytes(said: Any) -> bytes:
    return said if isinstance(said, bytes) else str(said).encode()
