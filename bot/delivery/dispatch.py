"""Editions to their destinations: each at once, each on its own, each told in one line.

    planned -> intent -> sent -> receipt

What fails in a way that may pass waits for a later attempt, what does not is over; the ledger says
which, and `Deliveries.due` what to send now.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from bot.archive.deliveries import Deliveries
from bot.archive.receipts import Delivery
from bot.delivery.atom import write_entry
from bot.delivery.credentials import Secrets
from bot.delivery.destinations import (
    AtomFeed,
    Destination,
    Folder,
    Mail,
    Webhook,
    label_all,
)
from bot.delivery.files import write_files
from bot.delivery.mail import send_mail
from bot.delivery.parcels import Parcel
from bot.delivery.webhooks import post
from bot.errors import DeliveryError, DeliveryFailedError
from bot.settings import read_secret

_AT_ONCE = 8
_PATIENCE = 120.0  # seconds to wait for another process that sends to the same destination

log = logging.getLogger(__name__)


def deliver(
    parcel: Parcel,
    destinations: Sequence[Destination],
    ledger: Deliveries,
    *,
    again: bool = False,
    read: Callable[[str], str | None] = read_secret,
) -> tuple[Delivery, ...]:
    """Sends an edition to each destination that has not had it and whose time has come.

    Gives the ledger's entries for the edition; no failure of a destination is raised. `again` also
    tries what was refused, given up or is waiting. `read` gives the value of a secret's variable.
    Raises an `ArchiveError` when the ledger cannot be written; what was begun is then unknown.
    """
    if not destinations:
        return ()
    keys = [one.key for one in destinations]
    ledger.plan(parcel.id, list(zip(keys, label_all(destinations), strict=True)))
    with ThreadPoolExecutor(min(_AT_ONCE, len(destinations)), "newsbot-delivery") as threads:
        sent = [
            threads.submit(_deliver, parcel, one, ledger, again, Secrets(read))
            for one in destinations
        ]
    for one in sent:
        one.result()
    return ledger.of(parcel.id)


def _deliver(
    parcel: Parcel, destination: Destination, ledger: Deliveries, again: bool, secrets: Secrets
) -> None:
    with ledger.alone(destination.key, _PATIENCE) as is_alone:
        begun = ledger.begin(parcel.id, destination.key, again=again) if is_alone else None
        if begun is None:
            return
        try:
            receipt = _send(parcel, destination, begun, secrets)
        except DeliveryFailedError as error:
            told = _tell(begun, error, secrets)
            ledger.postpone(
                begun, told, unknown=error.unknown, wait=error.wait, served=error.served
            )
        except Exception as error:  # refused, or a fault of ours: neither stops the others
            ledger.fail(begun, _tell(begun, error, secrets))
        else:
            ledger.finish(begun, secrets.redact(receipt))


def _send(parcel: Parcel, destination: Destination, begun: Delivery, secrets: Secrets) -> str:
    match destination:
        case Folder():
            return write_files(parcel, destination)
        case AtomFeed():
            return write_entry(parcel, destination, begun.token)
        case Mail():
            return send_mail(parcel, destination, begun.token, begun.served, secrets)
        case Webhook():
            return post(parcel, destination, begun.token, secrets)


def _tell(begun: Delivery, error: Exception, secrets: Secrets) -> str:
    """The failure in one line, which is logged; its cause may hold a secret, and is not."""
    known = isinstance(error, DeliveryError)
    told = secrets.redact(str(error) if known else f"{type(error).__name__}: {error}")
    log.warning("%s was not delivered: %s: %s", begun.edition, begun.label, told)
    return told
