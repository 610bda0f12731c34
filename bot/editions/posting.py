"""Editions on their way out: a standing briefing's destinations, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.chronicle import Edition, Novelty
from bot.editions.newsroom import Newsroom
from bot.editions.standing import StandingBriefing
from bot.rendering.phrases import count

if TYPE_CHECKING:
    from bot.delivery import Deliveries, Delivery, Destination, Parcel


def post(
    room: Newsroom, standing: StandingBriefing, edition: Edition, *, again: bool = False
) -> tuple[Delivery, ...]:
    """Sends an edition to the destinations that have not had it; tells how each stands.

    No failure of a destination is raised; the ledger of deliveries says when it is tried again.
    """
    from bot.delivery import deliver

    destinations = destinations_of(room, standing)
    if not destinations:
        return ()
    return deliver(wrap(edition), destinations, deliveries(room), again=again)


def destinations_of(room: Newsroom, standing: StandingBriefing) -> Sequence[Destination]:
    """Where the editions go; files from the folder of briefings.toml."""
    from bot.delivery import read_destinations

    folder: Path = room.settings.standing_briefings.parent
    return read_destinations(standing.deliver, folder) if standing.deliver else ()


def deliveries(room: Newsroom) -> Deliveries:
    """The ledger of deliveries."""
    from bot.delivery import Deliveries

    return Deliveries(room.library.archive.database, room.clock)


def wrap(edition: Edition) -> Parcel:
    """An edition as it is sent."""
    from bot.delivery import Parcel
    from bot.rendering import to_html, to_markdown

    return Parcel(
        id=edition.id,
        name=edition.standing,
        slot=edition.slot,
        created=edition.created,
        subject=subject(edition),
        markdown=to_markdown(edition),
        html=to_html(edition),
        json=edition.to_json(),
    )


def subject(edition: Edition) -> str:
    """One line that says which edition it is, and how much is new."""
    named = [Novelty.NEW, Novelty.UPDATED, Novelty.CORRECTED]
    numbers = [(edition.count(one), one.value) for one in named]
    parts = [f"{number} {word}" for number, word in numbers if number]
    if edition.withdrawn:
        parts.append(f"{count(len(edition.withdrawn), 'claim')} withdrawn")
    when = f"{edition.slot.day} {edition.slot:%B %Y}"
    late = " (late)" if edition.late else ""
    return f"{edition.title}, {when}{late}: {', '.join(parts) or 'nothing new'}"
