"""Secrets of destinations: read where they are used, and taken out of whatever is told."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

from bot.errors import DeliveryRefusedError

_SHORTEST = 8  # characters of a part of an address that may be a secret of its own
_LONGEST = 300  # characters of what a server says that are passed on


class Secrets:
    """The secrets that one delivery uses. `read` gives the value of a variable, None if unset."""

    def __init__(self, read: Callable[[str], str | None]) -> None:
        self._read = read
        self._used: set[str] = set()

    def get(self, variable: str) -> str:
        """The value of a variable. Raises DeliveryRefusedError when it has none."""
        value = self._read(variable)
        if not value:
            raise DeliveryRefusedError(
                f"{variable} is not set; set it in the environment or in .env, then deliver again."
            )
        self._used.add(value)
        return value

    def hide(self, value: str) -> None:
        """Takes a value that stands in the file out of what is told, as a secret."""
        self._used.add(value)

    def redact(self, text: str) -> str:
        """`text` on one line without any secret that was used."""
        said = " ".join(text.split())
        for secret in sorted(self._used, key=len, reverse=True):
            for form in _forms(secret):
                said = said.replace(form, "***")
        return said


def _forms(secret: str) -> list[str]:
    """How a secret may come back: as it is, in base64, an address without its host or in parts."""
    encoded = base64.b64encode(secret.encode()).decode().rstrip("=")
    path = secret.partition("://")[2].partition("/")[2]
    parts = [part for part in re.split(r"[/?&=#]", path) if len(part) >= _SHORTEST]
    return [secret, encoded, *([f"/{path}"] if path else []), *parts]


def quote_server(text: str) -> str:
    """What a server said, harmless and short, for an error."""
    said = re.sub(r"[^ -~\u00a0-\ud7ff]+", " ", text)
    said = " ".join(said.split())
    return said if len(said) <= _LONGEST else said[:_LONGEST] + "…"
