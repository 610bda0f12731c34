"""The `deliver` tables of a standing briefing -> destinations, or what is wrong with them.

No message repeats a value, because a value may be a secret that stands in the wrong place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from bot.delivery.destinations import AtomFeed, Destination, Folder, Mail, Webhook
from bot.errors import DestinationError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_KINDS: dict[str, type[Destination]] = {
    "files": Folder,
    "feed": AtomFeed,
    "mail": Mail,
    "webhook": Webhook,
}
_EXAMPLES = {
    "folder": 'folder = "editions"',
    "file": 'file = "editions/feed.xml"',
    "server": 'server = "smtp.example.org"',
    "sender": 'sender = "Newsbot <news@example.org>"',
    "recipients": 'recipients = ["desk@example.org"]',
}
_SECRETS = {
    "password": "password_variable",
    "pass": "password_variable",
    "token": "token_variable",
    "secret": "token_variable",
    "authorization": "token_variable",
}
_SYNONYMS = {"from": "sender", "host": "server", "path": "folder", "address": "url"}


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with one key: `keys` lead to it, the table's number (from 0) first."""

    keys: tuple[int | str, ...]
    message: str

    def __str__(self) -> str:
        number, *keys = self.keys
        where = f"destination {int(number) + 1}"
        return ", ".join([where, *map(str, keys[:1])]) + f": {self.message}"


def read_destinations(
    tables: Iterable[Mapping[str, Any]], base: Path | None = None
) -> tuple[Destination, ...]:
    """The destinations that the tables name; paths are relative to `base`.

    Raises DestinationError with the first mistake; `find_mistakes` gives them all.
    """
    destinations, mistakes = _read(tuple(tables), base)
    if mistakes:
        more = f" (and {len(mistakes) - 1} more)" if len(mistakes) > 1 else ""
        raise DestinationError(f"{mistakes[0]}{more}")
    return destinations


def find_mistakes(tables: Iterable[Mapping[str, Any]]) -> tuple[Mistake, ...]:
    """Every mistake in the tables, in order."""
    return _read(tuple(tables), None)[1]


def unset_variables(
    destinations: Iterable[Destination], read: Callable[[str], str | None]
) -> tuple[str, ...]:
    """The variables that destinations name and `read` (such as `read_secret`) does not find."""
    named = dict.fromkeys(name for one in destinations for name in one.variables)
    return tuple(name for name in named if not read(name))


def _read(
    tables: Sequence[Any], base: Path | None
) -> tuple[tuple[Destination, ...], tuple[Mistake, ...]]:
    found: dict[str, Destination] = {}
    mistakes: list[Mistake] = []
    for number, table in enumerate(tables):
        try:
            destination = _placed(_destination(table), base)
        except ValidationError as error:
            kind, found_wrong = _KINDS[table["to"]], error.errors()
            inner = {details["loc"][:1] for details in found_wrong if len(details["loc"]) > 1}
            mistakes += [
                _explain(number, kind, details)
                for details in found_wrong
                if details["loc"] not in inner  # a list is wrong because one of its values is
            ]
        except ValueError as error:
            mistakes.append(Mistake((number, "to"), str(error)))
        else:
            if destination.key in found:
                mistakes.append(Mistake((number, "to"), f"{destination.label} stands twice"))
            found[destination.key] = destination
    return tuple(found.values()), tuple(mistakes)


def _destination(table: Any) -> Destination:
    if not isinstance(table, Mapping):
        raise ValueError('it must be a table, as in {to = "files", folder = "editions"}')
    to = table.get("to")
    if not isinstance(to, str) or to not in _KINDS:
        close = get_close_matches(str(to), _KINDS, 1, 0.5)
        meant = f"; did you mean {close[0]}?" if close else ""
        raise ValueError(f"to is one of {', '.join(_KINDS)}{meant}")
    return _KINDS[to].model_validate({**table})


def _placed(destination: Destination, base: Path | None) -> Destination:
    """The destination with its path absolute, which is part of what identifies it."""
    name = {"files": "folder", "feed": "file"}.get(destination.to)
    if name is None:
        return destination
    path: Path = getattr(destination, name)
    absolute = ((base or Path()) / path.expanduser()).absolute()
    return destination.model_copy(update={name: absolute})


def _explain(number: int, kind: type[Destination], details: ErrorDetails) -> Mistake:
    keys = (number, *details["loc"])
    key = str(details["loc"][0]) if details["loc"] else ""
    match details["type"]:
        case "missing":
            example = f"; add it, as in {_EXAMPLES[key]}" if key in _EXAMPLES else ""
            return Mistake(keys, f"it is missing{example}")
        case "extra_forbidden":
            return Mistake(keys, _suggest(key, kind))
        case _:
            said = str(details["ctx"]["error"]) if "error" in details.get("ctx", {}) else ""
            return Mistake(keys, said or details["msg"][0].lower() + details["msg"][1:])


def _suggest(key: str, kind: type[Destination]) -> str:
    secret = _SECRETS.get(key.lower())
    if secret in kind.model_fields:
        return (
            "a secret does not stand in a file: put it into a variable of the environment, and "
            f'name that, as in {secret} = "NEWSBOT_{key.upper()}"'
        )
    known = [name for name in kind.model_fields if name != "to"]
    synonym = _SYNONYMS.get(key.lower())
    close = [synonym] if synonym in known else get_close_matches(key, known, 1, 0.6)
    meant = f"did you mean {close[0]}?" if close else f"the keys are {', '.join(known)}"
    return f"there is no such key here; {meant}"
