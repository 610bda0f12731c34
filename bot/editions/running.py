"""One run: fetch, write, compare, store, deliver; each step is committed before the next begins.

A run that was killed goes on after its last committed step: what was fetched is not fetched again,
what was written is not written (or paid for) again, and a stored edition is only delivered.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.archive.editions import Ledger
from bot.archive.runs import Run, State, Step, to_text
from bot.chronicle import Edition
from bot.editions.composing import Composed, compose, read_past, read_sources
from bot.editions.drafting import Before, Draft, write_draft
from bot.editions.newsroom import Newsroom
from bot.editions.posting import post
from bot.editions.standing import StandingBriefing
from bot.entities import Outcome, Progress, Report, unheard
from bot.errors import EditionInWorkError, InterruptedWorkError

# Seconds from a failed attempt to the next; after the last of them the slot is given up.
WAITS = (60, 300, 900, 3_600, 7_200, 14_400)

log = logging.getLogger(__name__)


def run_slot(
    room: Newsroom,
    standing: StandingBriefing,
    slot: datetime,
    missed: Sequence[datetime] = (),
    progress: Report = unheard,
) -> Edition | None:
    """Makes and delivers the edition of a slot, from where an earlier run of it was killed.

    None when the edition is there already, or another process is at it. A failure is noted in the
    ledger with the time of the next attempt, and raised.
    """
    room.reached("before the claim")
    run = room.ledger.claim(standing.name, slot, missed)
    if run is None:
        return None
    with room.ledger.beating(run):
        room.reached("claimed")
        try:
            edition = _make(room, standing, run, progress)
        except (EditionInWorkError, InterruptedWorkError, KeyboardInterrupt):
            raise  # somebody else goes on, or this run is taken up again
        except Exception as error:
            _fail(room, run, error)
            raise
    deliver_edition(room, standing, edition)
    return edition


def deliver_edition(room: Newsroom, standing: StandingBriefing, edition: Edition) -> None:
    """Sends a stored edition wherever it has not gone yet."""
    room.reached("before the delivery")
    post(room, standing, edition)
    room.reached("delivered")
    run = room.ledger.find(edition.standing, edition.slot)
    if run is not None:
        room.ledger.note_delivered(run)
    room.reached("delivery noted")


def _make(room: Newsroom, standing: StandingBriefing, run: Run, progress: Report) -> Edition:
    ledger = room.ledger
    text = ledger.draft(run)
    if run.step is Step.CLAIMED:
        text = _fetch(room, standing, progress)
        room.reached("fetched")
        ledger.note(run, Step.FETCHED, draft=text)
        room.reached("fetch noted")
    if text is None or run.step is not Step.WRITTEN:
        draft = _draft(room, standing, run, json.loads(text or "{}"), progress)
        room.reached("written")
        ledger.note(run, Step.WRITTEN, draft=draft.to_json())
        room.reached("draft noted")
    else:
        draft = Draft.from_json(text)
    begun = time.monotonic()
    composed = _compose(room, standing, run, draft, begun)
    room.reached("compared")
    _store(room, run, draft, composed)
    room.reached("stored")
    return composed.edition


def _fetch(room: Newsroom, standing: StandingBriefing, progress: Report) -> str:
    """Ingests the sources; as JSON the notices that come of it, and how long it took."""
    begun = time.monotonic()
    notices = _ingest(room, standing, progress) if standing.sources else ()
    return json.dumps({"notices": notices, "seconds": round(time.monotonic() - begun, 3)})


def _ingest(room: Newsroom, standing: StandingBriefing, progress: Report) -> tuple[str, ...]:
    """Names the sources that gave nothing, without the text of their errors."""

    def report(done: Progress) -> None:
        room.reached(f"{done.stage} {done.done}")
        progress(done)

    room.reached("before the fetch")
    outcomes = room.ingest(addresses=standing.sources, progress=report)
    failed = dict.fromkeys(
        one.address for one in outcomes if one.outcome is Outcome.FAILED and one.address
    )
    if not failed:
        return ()
    for one in outcomes:
        if one.outcome is Outcome.FAILED:
            log.warning("%s: %s: %s", standing.name, one.address, one.message)
    return (f"Could not be read: {', '.join(failed)}.",)


def _draft(
    room: Newsroom,
    standing: StandingBriefing,
    run: Run,
    fetched: Mapping[str, Any],
    progress: Report,
) -> Draft:
    """The draft, with what came of the fetch before it, in whichever process that was."""
    draft = write_draft(room, standing, _before(room, standing, run), progress)
    told = (*fetched.get("notices", ()), *draft.briefing.notices)
    seconds = {"fetch": fetched.get("seconds", 0.0)} | draft.seconds
    return replace(draft, briefing=replace(draft.briefing, notices=told), seconds=seconds)


def _before(room: Newsroom, standing: StandingBriefing, run: Run) -> Before:
    now = room.clock()
    done = [one for one in room.ledger.history(standing.name) if one.number and one.until]
    untils = [one.until for one in done if one.until is not None and one.until <= now]
    first = min(done, key=lambda one: one.number or 0, default=None)
    return Before(
        slot=run.slot,
        first=_since(room, first) if first else None,
        until=max(untils, default=None),
        covered=frozenset(room.memory.covered(standing.name)),
    )


def _since(room: Newsroom, run: Run) -> datetime | None:
    edition = _stored(room.ledger, run.standing, run.number or 0)
    return edition.period.since if edition else None


def _stored(ledger: Ledger, standing: str, number: int) -> Edition | None:
    text = ledger.edition(standing, number)
    return Edition.from_json(text) if text else None


def _compose(
    room: Newsroom, standing: StandingBriefing, run: Run, draft: Draft, begun: float
) -> Composed:
    number = room.ledger.next_number(standing.name)
    past = read_past(room, standing.name, number, draft.read)
    last = _stored(room.ledger, standing.name, number - 1)
    return compose(
        room,
        standing,
        run,
        draft,
        past,
        read_sources(room, past.told),
        settled=last.manifest.relied if last else (),
        setbacks=room.ledger.setbacks(run),
        seconds={"compare": round(time.monotonic() - begun, 3)},
    )


def _store(room: Newsroom, run: Run, draft: Draft, composed: Composed) -> None:
    """The edition, what it told and covered, and that the slot is done: all or nothing."""
    edition, ledger = composed.edition, room.ledger
    with ledger.database.write() as connection:
        room.memory.keep(
            connection,
            run,
            edition.number,
            read=edition.manifest.articles,
            told=composed.telling.told,
            threads=composed.telling.threads,
            amended=composed.telling.amended,
            counts=draft.days,
        )
        ledger.set(
            connection,
            run,
            step=Step.STORED,
            state=State.DONE,
            number=edition.number,
            late=int(edition.late),
            until=to_text(edition.created),
            finished_at=room.clock().isoformat(),
            edition=edition.to_json(),
            draft=None,
        )
        room.reached("storing")


def _fail(room: Newsroom, run: Run, error: Exception) -> None:
    log.warning("The edition of %s for %s failed: %s", run.standing, run.slot, error)
    over = run.attempts > len(WAITS)
    due = None if over else room.clock() + timedelta(seconds=WAITS[run.attempts - 1])
    room.ledger.fail(run, error, due)
