"""What editions keep of an article that was removed: that there was a sentence, not which.

An edition stays as an account of what was told when; the words of a removed article do not.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, or_, select, update

from bot.archive.memory import claims, stories
from bot.archive.runs import editions

GONE = "This sentence's article was removed."

_DETAILS = {"title": "", "author": None, "url": None, "address": ""}


def forget_told(connection: Connection, article: str) -> None:
    """Takes an article's words out of every edition and draft, and of what they remember."""
    named = f'"{article}"'
    wanted = select(editions.c.id, editions.c.edition, editions.c.draft).where(
        or_(editions.c.edition.contains(named), editions.c.draft.contains(named))
    )
    for identity, edition, draft in connection.execute(wanted).all():
        columns = {"edition": _scrub(edition, article), "draft": _scrub(draft, article)}
        connection.execute(update(editions).where(editions.c.id == identity).values(columns))
        _forget_headlines(connection, identity, edition, article)
    _forget_claims(connection, article)


def _forget_claims(connection: Connection, article: str) -> None:
    cited = claims.c.citation.startswith(f"[{json.dumps(article, ensure_ascii=False)},")
    rows = connection.execute(
        select(claims.c.edition, claims.c.n, claims.c.citation).where(cited)
    ).all()
    for edition, number, citation in rows:
        place = json.dumps([*json.loads(citation)[:-1], ""], ensure_ascii=False)
        mine = (claims.c.edition == edition) & (claims.c.n == number)
        connection.execute(update(claims).where(mine).values(text="", citation=place))


def _forget_headlines(
    connection: Connection, identity: int, edition: str | None, article: str
) -> None:
    told = json.loads(edition)["stories"] if edition else []
    named = [story["id"] for story in told if story["headline_article"] == article]
    mine = (stories.c.edition == identity) & stories.c.story.in_(named)
    connection.execute(update(stories).where(mine).values(headline=""))


def _scrub(text: str | None, article: str) -> str | None:
    if text is None:
        return None
    return json.dumps(_without(json.loads(text), article), ensure_ascii=False, indent=2)


def _without(value: Any, article: str) -> Any:
    """The value with what came from the article's text blanked out, at any depth."""
    if isinstance(value, list):
        return [_without(one, article) for one in value]
    if not isinstance(value, dict):
        return value
    values = {name: _without(one, article) for name, one in value.items()}
    if value.get("article") == article and "quote" in value:
        values["quote"] = ""
    if value.get("id") == article and "retrieved" in value:
        values |= _DETAILS
    if value.get("headline_article") == article:
        values["headline"] = GONE
    if _cites(value, article):
        values |= {name: GONE for name in ("text", "before") if value.get(name)}
        values |= {"reasons": []} if "reasons" in value else {}
    return values


def _cites(value: dict[str, Any], article: str) -> bool:
    """Whether a claim, a change, a milestone or a withdrawal rests on the article."""
    cited = [*(value.get("citations") or []), value.get("citation")]
    return any(isinstance(one, dict) and one.get("article") == article for one in cited)
