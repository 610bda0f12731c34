"""Mail, to real SMTP servers on loopback: what they take, refuse, break off and never answer."""

from __future__ import annotations

import contextlib
import email
import email.policy
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.archive.deliveries import Deliveries
from bot.delivery import Delivery, DeliveryState, deliver, read_destinations
from bot.delivery.destinations import Mail
from bot.delivery.mail import compose
from bot.rendering.notation import clean
from tests.parcels import HOSTILE, Clock, open_ledger, parcel
from tests.post_office import PASSWORD, PostOffice, free_port, post_office

SECRETS = {"SMTP_PASSWORD": PASSWORD}.get


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(tmp_path: Path, clock: Clock) -> Deliveries:
    return open_ledger(tmp_path, clock)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    with post_office(tmp_path, require_starttls=True, auth_required=True) as office:
        yield office


def send(ledger: Deliveries, table: dict[str, Any], **changes: Any) -> Delivery:
    (done,) = deliver(parcel(**changes), read_destinations([table]), ledger, read=SECRETS)
    return done


def test_a_mail_has_text_and_html_and_says_who_sent_what_when(
    office: PostOffice, ledger: Deliveries
) -> None:
    recipients = ["Desk <desk@example.org>", "other@bücher.example"]
    done = send(ledger, office.table(recipients=recipients))
    assert (done.state, done.attempts, done.message) == (DeliveryState.DELIVERED, 1, "")
    (mail,) = office.mails
    assert office.recipients == [["desk@example.org", "other@xn--bcher-kva.example"]]
    assert mail["Subject"] == "Morning briefing 1"
    assert mail["From"] == "Newsbot <news@example.org>"
    assert mail["Date"].datetime == parcel().created
    assert mail["Message-ID"] == f"<{done.token}@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "multipart/alternative"
    text, page = mail.iter_parts()
    assert text.get_content().replace("\r\n", "\n") == parcel().markdown
    assert page.get_content_type() == "text/html"
    assert "<!DOCTYPE html>" in page.get_content()


def test_a_long_edition_is_cut_between_sections_and_attached_whole(
    office: PostOffice, ledger: Deliveries
) -> None:
    stories = "".join(
        f"<section><h4>Story {n}</h4><p>{'Ünmoved. ' * 900} "
        f'<a class="nb-mark" href="#cite/{n}">[{n}]</a></p></section>'
        for n in range(1, 21)
    )
    sources = (
        '<details><summary>Sources</summary><ul><li class="nb-from">'
        '<a class="nb-mark" href="#cite/1">[1]</a> “Unmoved.”</li></ul></details>'
    )
    send(ledger, office.table(), html=f"<article><h3>Long</h3>{stories}{sources}</article>")
    (mail,) = office.mails
    assert mail.get_content_type() == "multipart/mixed"
    page = mail.get_body(("html",)).get_content()
    assert 80_000 < len(page.encode()) <= 100_000
    assert "too long: Story 11; Story 12; " in page
    assert "; Story 20; Sources. The attached file has all." in page
    assert "Story 10</h2>" in page
    assert "href" not in page  # the list of sources, to which the marks lead, is in the file
    (whole,) = mail.iter_attachments()
    assert whole.get_filename() == "morning-2026-11-24T0700+0000.html"
    assert "Story 20</h2>" in whole.get_content()
    assert '<a href="#source-1"' in whole.get_content()


def test_tls_from_the_start(tmp_path: Path, ledger: Deliveries) -> None:
    with post_office(tmp_path, implicit=True) as office:
        done = send(ledger, office.table(security="tls"))
    assert done.state is DeliveryState.DELIVERED, done
    assert len(office.mails) == 1


def test_a_server_on_this_machine_needs_no_tls(tmp_path: Path, ledger: Deliveries) -> None:
    with post_office(tmp_path) as office:
        done = send(ledger, office.table(security="none", user=None, password_variable=None))
    assert done.state is DeliveryState.DELIVERED, done


@pytest.mark.parametrize("wrong", ["authority", "name"])
def test_a_certificate_that_is_not_trusted_is_refused(
    office: PostOffice, ledger: Deliveries, wrong: str
) -> None:
    table = office.table()
    if wrong == "authority":
        del table["certificates"]
    else:
        table["server"] = "127.0.0.1"  # for which the certificate does not speak
    done = send(ledger, table)
    assert done.state is DeliveryState.FAILED, done
    assert "certificate that is not trusted" in done.message
    assert office.mails == []


def test_nothing_is_sent_where_starttls_is_not_offered(tmp_path: Path, ledger: Deliveries) -> None:
    with post_office(tmp_path, tls_context=None) as office:
        done = send(ledger, office.table())
    assert done.state is DeliveryState.FAILED
    assert "does not offer STARTTLS" in done.message
    assert office.mails == []


@pytest.mark.parametrize("password", ["wrong horse", None])
def test_a_wrong_or_missing_password_is_not_tried_again_and_not_told(
    office: PostOffice,
    ledger: Deliveries,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    password: str | None,
) -> None:
    caplog.set_level(logging.DEBUG)
    (done,) = deliver(
        parcel(),
        read_destinations([office.table()]),
        ledger,
        read={"SMTP_PASSWORD": password}.get,
    )
    assert done.state is DeliveryState.FAILED
    said = "did not accept user and password" if password else "SMTP_PASSWORD is not set"
    assert said in done.message
    everything = caplog.text.encode() + b"".join(
        path.read_bytes() for path in tmp_path.rglob("newsbot.db*")
    )
    assert b"wrong horse" not in everything
    assert ledger.due() == ()


def test_recipients_who_are_refused_keep_nobody_else_from_the_mail(
    office: PostOffice, ledger: Deliveries
) -> None:
    office.refused = {"gone@example.org": "550 5.1.1 no such user"}
    done = send(ledger, office.table(recipients=["gone@example.org", "desk@example.org"]))
    assert done.state is DeliveryState.DELIVERED
    assert "taken for 1 of 2 recipients" in done.message
    assert "gone@example.org was refused: 550 5.1.1 no such user" in done.message
    assert office.recipients == [["desk@example.org"]]


def test_recipients_who_have_to_wait_get_it_later_and_nobody_gets_it_twice(
    office: PostOffice, ledger: Deliveries, clock: Clock
) -> None:
    office.refused = {"slow@example.org": "451 greylisted", "gone@example.org": "550 unknown"}
    table = office.table(recipients=["slow@example.org", "desk@example.org", "gone@example.org"])
    waiting = send(ledger, table)
    assert waiting.state is DeliveryState.WAITING
    assert "slow@example.org has to wait: 451 greylisted" in waiting.message
    office.refused = {}
    clock.pass_by(60)
    done = send(ledger, table)
    assert done.state is DeliveryState.DELIVERED
    assert office.recipients == [["desk@example.org"], ["slow@example.org"]]
    assert len(office.distinct) == 1


def test_all_recipients_refused_is_final(office: PostOffice, ledger: Deliveries) -> None:
    office.refused = {"desk@example.org": "550 no"}
    done = send(ledger, office.table())
    assert (done.state, office.mails) == (DeliveryState.FAILED, [])


@pytest.mark.parametrize(
    ("answer", "state"),
    [("452 too busy", DeliveryState.WAITING), ("554 spam", DeliveryState.FAILED)],
)
def test_a_mail_that_is_refused(
    office: PostOffice, ledger: Deliveries, answer: str, state: DeliveryState
) -> None:
    office.answer = answer
    done = send(ledger, office.table())
    assert (done.state, done.unknown) == (state, 0)
    assert f"refuses the mail: {answer}" in done.message


def test_a_server_that_closes_after_the_text_leaves_it_unknown_and_gets_the_same_mail(
    office: PostOffice, ledger: Deliveries, clock: Clock
) -> None:
    office.answer = "close"
    unknown = send(ledger, office.table())
    assert (unknown.state, unknown.unknown) == (DeliveryState.UNKNOWN, 1)
    assert "nobody knows" in unknown.message
    office.answer = "250 OK"
    clock.pass_by(60)
    done = send(ledger, office.table())
    assert (done.state, done.attempts, done.unknown) == (DeliveryState.DELIVERED, 2, 1)
    assert (len(office.mails), len(office.distinct)) == (2, 1)
    assert office.mails[0]["Date"] == office.mails[1]["Date"]


def test_a_server_that_is_not_there_is_tried_later(ledger: Deliveries) -> None:
    table = PostOffice(port=free_port()).table()
    del table["certificates"]
    done = send(ledger, table)
    assert (done.state, done.unknown) == (DeliveryState.WAITING, 0)
    assert "cannot be reached" in done.message


@contextlib.contextmanager
def speaking(speak: Callable[[socket.socket], None]) -> Iterator[int]:
    """The port of a server that is no SMTP server, or a bad one."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

    def answer(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            speak(connection)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()


def hang(connection: socket.socket) -> None:
    time.sleep(10)


def drip(connection: socket.socket) -> None:
    """A greeting that never ends, a byte at a time: no single read is ever slow."""
    connection.sendall(b"220-")
    for _ in range(200):
        connection.sendall(b"x")
        time.sleep(0.05)


def nonsense(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def closing(connection: socket.socket) -> None:
    connection.sendall(b"421 4.3.2 closing\r\n")


@pytest.mark.parametrize(
    ("speak", "said"),
    [
        (hang, "is too slow"),
        (drip, "is too slow"),
        (nonsense, "speaks no SMTP"),
        (closing, "421 4.3.2 closing"),
    ],
)
def test_bad_servers_are_left_in_time_and_tried_later(
    ledger: Deliveries, speak: Callable[[socket.socket], None], said: str
) -> None:
    with speaking(speak) as port:
        table = {**PostOffice(port=port).table(timeout=0.4), "server": "127.0.0.1"}
        del table["certificates"]
        begun = time.monotonic()
        done = send(ledger, table)
    assert (done.state, done.unknown) == (DeliveryState.WAITING, 0), done
    assert said in done.message
    assert time.monotonic() - begun < 3


def test_hostile_titles_make_no_header(office: PostOffice, ledger: Deliveries) -> None:
    done = send(ledger, office.table(), title=HOSTILE, subject=HOSTILE + "\ud800")
    assert done.state is DeliveryState.DELIVERED, done
    (mail,) = office.mails
    assert set(mail.keys()) >= {"From", "To", "Subject", "Date", "Message-ID"}
    assert "Bcc" not in mail
    assert mail["Subject"].startswith("Bad Bcc: victim@example.org <script>")
    assert office.recipients == [["desk@example.org"]]
    assert len(mail.keys()) == len({key.lower() for key in mail})  # no header came twice


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=200))
def test_any_subject_arrives_as_it_is(subject: str) -> None:
    (mail,) = read_destinations([PostOffice().table()])
    assert isinstance(mail, Mail)
    sent = compose(parcel(subject=subject), mail, "token").as_bytes()
    head = sent.partition(b"\r\n\r\n")[0]
    assert all(len(line) < 998 for line in head.split(b"\r\n"))
    assert head.isascii()
    read = email.message_from_bytes(sent, policy=email.policy.default)
    wanted = clean(subject).encode("utf-8", "replace").decode()
    assert " ".join(str(read["Subject"]).split()) == " ".join(wanted.split())
    assert {key.lower() for key in read} == {
        *("from", "to", "subject", "date", "message-id", "auto-submitted"),
        *("mime-version", "content-type"),
    }
