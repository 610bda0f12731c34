"""What is delivered of an edition, whoever made it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """An edition as it is sent: who it is, and its text in three notations.

    `id` is the edition's own, `name` that of its standing briefing, `slot` the time for which and
    `created` the time at which it was made (both aware). `html` is what `rendering.to_html` gives:
    an `<article>` without a document around it. `json` is one JSON document.
    """

    id: str
    name: str
    slot: datetime
    created: datetime
    subject: str
    markdown: str
    html: str
    json: str
