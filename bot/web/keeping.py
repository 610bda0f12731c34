"""Between an `Exchange` of the page and the one that the archive keeps.

    exchanges = restore_all(newsbot.conversations.exchanges(user, conversation))

A kept result is shown anew from its JSON, so that its citations survive whatever was restarted.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from pydantic import TypeAdapter

from bot.archive.exchanges import Ending, KeptExchange
from bot.entities import Answer, Article, Briefing, Summary
from bot.rendering import to_html, to_markdown
from bot.web.chat import STOPPED, Exchange, Result, problem
from bot.web.live import show_answer, stopped_note

_KINDS: dict[str, type[Answer] | type[Summary] | type[Briefing]] = {
    "answer": Answer,
    "summary": Summary,
    "briefing": Briefing,
}
_FAILURE, _STOPPED = "failure", "stopped"
_INTERRUPTED = "This was not answered to its end. Ask again."
_articles = TypeAdapter(tuple[Article, ...])


def end(exchange: Exchange) -> Ending:
    """How an exchange ended, to be kept."""
    if exchange.failure:
        return Ending(kind=_FAILURE, note=exchange.failure)
    if exchange.result is None:
        return Ending(kind=_STOPPED)
    return Ending(
        kind=next(kind for kind, made in _KINDS.items() if isinstance(exchange.result, made)),
        result=exchange.result.to_json(),
        given=_articles.dump_json(exchange.articles).decode(),
    )


def restore_all(kept: Iterable[KeptExchange]) -> tuple[Exchange, ...]:
    """Exchanges as they are shown, in order."""
    return tuple(map(restore, kept))


@lru_cache(maxsize=500)  # a conversation's earlier exchanges are shown again with each message
def restore(kept: KeptExchange) -> Exchange:
    """An exchange as it is shown."""
    ending = kept.ending
    result = _read(ending) if ending else None
    return Exchange(
        id=kept.id,
        message=kept.message,
        markup=_show(ending, result),
        result=result,
        failure=ending.note if ending and ending.kind == _FAILURE else "",
        articles=_articles.validate_json(ending.given) if ending else (),
        good=kept.good,
        comment=kept.comment,
    )


def export(title: str, kept: Iterable[KeptExchange]) -> str:
    """A conversation as Markdown: each question with its result; failures are left out."""
    from bot.rendering.notation import Markdown

    shown = Markdown()
    parts = [f"# {shown.text(title)}\n"]
    for exchange in restore_all(kept):
        if exchange.result is not None:
            parts.append(f"## {shown.text(exchange.message)}\n")
            parts.append(to_markdown(exchange.result))
    return "\n".join(parts)


def _read(ending: Ending) -> Result | None:
    if ending.result is None:
        return None
    return _KINDS[ending.kind].from_json(ending.result)


def _show(ending: Ending | None, result: Result | None) -> str:
    if isinstance(result, Answer):
        return show_answer(result)
    if result is not None:
        return to_html(result)
    if ending is None:
        return stopped_note(_INTERRUPTED)
    return problem(ending.note) if ending.note else stopped_note(STOPPED)
