"""Delivery: editions to files, an Atom feed, mail and webhooks, each once, or told why not.

    destinations = read_destinations(tables, base=folder)
    deliver(parcel, destinations, Deliveries(archive.database, clock))

A `Parcel` is what is sent of an edition. The ledger (`bot.archive.deliveries`) says what has
arrived, what waits, and what is unknown. Knows no standing briefing, no schedule and no Newsbot.
"""

from bot.archive.deliveries import Deliveries
from bot.archive.receipts import Delivery, DeliveryState
from bot.delivery.destinations import AtomFeed, Destination, Folder, Mail, Webhook
from bot.delivery.dispatch import deliver
from bot.delivery.parcels import Parcel
from bot.delivery.tables import Mistake, find_mistakes, read_destinations, unset_variables

__all__ = [
    "AtomFeed",
    "Deliveries",
    "Delivery",
    "DeliveryState",
    "Destination",
    "Folder",
    "Mail",
    "Mistake",
    "Parcel",
    "Webhook",
    "deliver",
    "find_mistakes",
    "read_destinations",
    "unset_variables",
]
