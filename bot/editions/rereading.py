"""What editions had read of articles that were revised since: sentences that are no news."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from bot.chronicle import Reference
from bot.editions.newsroom import Newsroom
from bot.errors import ArticleNotFoundError


def read_known(room: Newsroom, standing: str, read: Sequence[Reference]) -> Mapping[str, str]:
    """The texts of the articles `read` now as earlier editions had covered them, by their ids."""
    now = {one.article: one.revision for one in read if one.revision > 1}
    if not now:
        return {}
    before = [
        one for one in room.memory.covered(standing) if one.revision < now.get(one.article, 0)
    ]
    known: dict[str, str] = {}
    for one in sorted(before, key=lambda each: (each.article, each.revision)):
        with suppress(ArticleNotFoundError):  # it was removed since
            text = room.library.archive.article(one.article, one.revision).text
            known[one.article] = f"{known.get(one.article, '')}\n{text}"
    return known
