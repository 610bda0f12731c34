"""The news agency ("wire") whose report a text is, as its dateline or its last lines say.

    WASHINGTON (AP) — The Senate ...        -> The Associated Press

Papers print such reports under their own name; who wrote them stays with the agency.
"""

from __future__ import annotations

import re

_WIRES = {
    "AP": "The Associated Press",
    "Associated Press": "The Associated Press",
    "The Associated Press": "The Associated Press",
    "Reuters": "Reuters",
    "AFP": "Agence France-Presse",
    "Agence France-Presse": "Agence France-Presse",
    "dpa": "dpa",
    "UPI": "UPI",
    "EFE": "EFE",
    "ANSA": "ANSA",
    "Xinhua": "Xinhua",
    "TASS": "TASS",
    "Kyodo": "Kyodo News",
    "Kyodo News": "Kyodo News",
    "Yonhap": "Yonhap",
    "Bloomberg": "Bloomberg",
    "Press Association": "PA Media",
    "PA Media": "PA Media",
    "PTI": "Press Trust of India",
    "IANS": "IANS",
}
_NAMES = "|".join(map(re.escape, sorted(_WIRES, key=len, reverse=True)))
_DATELINE = re.compile(rf"\A[^\n]{{0,80}}?\(({_NAMES})\)\s*(?:[—–-]|--)")
_CREDIT = re.compile(
    rf"(?:©|\(c\)|copyright)[ \d,©-]*(?:by )?({_NAMES})\b"
    rf"|\b(Associated Press|AFP|Reuters) (?:[\w-]+ )?(?:writers?|journalists?|reporters?)\b"
    rf"[^\n]{{0,120}}\bcontributed\b|\(({_NAMES})\)\s*\Z",
    re.IGNORECASE,
)
_ENDING = 400  # characters in which a credit is looked for
_CANONICAL = {name.casefold(): wire for name, wire in _WIRES.items()}


def wire_of(text: str) -> str | None:
    """The name of the agency that a text credits; None when it credits none."""
    found = _DATELINE.search(text) or _CREDIT.search(text[-_ENDING:])
    if found is None:
        return None
    return _CANONICAL[next(filter(None, found.groups())).casefold()]


def credited(author: str | None, text: str, outlet: str | None) -> str | None:
    """The author with the agency whose report the text is, unless one of them is the other."""
    wire = wire_of(text)
    if wire is None or _is_named(wire, outlet) or _is_named(wire, author):
        return author
    return f"{author}, {wire}" if author else wire


def _is_named(wire: str, by: str | None) -> bool:
    names = [name for name, one in _WIRES.items() if one == wire]
    return any(re.search(rf"\b{re.escape(name)}\b", by or "", re.IGNORECASE) for name in names)
