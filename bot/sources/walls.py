"""Tells an article's text from what stands in its place: a login wall, a consent page, a shell.

Works on the paragraphs that extraction found. The phrases are few and of the languages that most
walls are in; what they miss is caught by length alone, since walls in any language are short.
"""

from __future__ import annotations

import re

_WALL = re.compile(
    r"\b(?:sign|log) ?in\b|\bsubscri(?:be|ber|ption)|\bregister\b"
    r"|\bcreate (?:a|an|your) .{0,9}account"
    r"|\bto (?:continue|keep) reading|\bcontinue (?:without|reading)|\bfree trial|\bunlock\b"
    r"|\bjavascript|\bcookies?\b|\bcaptcha|\b(?:you are|you're) (?:a )?(?:human|robot|not a robot)"
    r"|\bchecking your browser|\baccess denied|\bunusual traffic|\bad ?block|\bunsupported browser"
    r"|\bpremium content|\bpage (?:not|could not be) found|\bplease (?:enable|wait|verify)"
    r"|\bloading\b"
    # German and Dutch
    r"|\bmelden Sie sich an\b|\b(?:anmelden|einloggen|inloggen|weiterlesen|weiterzulesen)\b"
    r"|\babonnements?\b|\b(?:pur-)?abo\b|\bjetzt (?:abonnieren|registrieren)|\bverder lezen\b"
    r"|\bmit Werbung\b|\bDatenschutzerklärung"
    # French
    r"|\babonnez-vous|\b(?:re)?connectez-vous|\binscrivez-vous|\bréservée?s? aux abonnés"
    r"|\bpour lire la suite|\bdéjà abonné"
    # Spanish, Portuguese, Italian
    r"|\binici(?:a|ar|e) ses(?:ión|são)|\bsuscríbete|\bsuscriptor(?:es)?\b|\bregístrate"
    r"|\bseguir leyendo|\bassinantes?\b|\bcontinue lendo|\babbonati\b|\bcontinua a leggere",
    re.IGNORECASE,
)
# What consent pages say in paragraphs of any length, and articles do not.
_CONSENT = re.compile(
    r"\bwe and (?:our|\d+)\b.{0,20}\bpartners\b|\bstore and(?:/or)? access information on a device"
    r"|\bprecise geolocation|\bscan device characteristics"
    r"|\bwir und unsere\b.{0,20}\bpartner\b|\bnous et nos\b.{0,20}\bpartenaires\b"
    r"|\bnosotros y nuestros\b.{0,20}\bsocios\b|\bnoi e i nostri\b.{0,20}\bpartner\b"
    r"|\bwij en onze\b.{0,20}\bpartners\b",
    re.IGNORECASE,
)
_LONGEST_PHRASE = 400  # characters of a paragraph that may be a wall's
# In bytes of words in UTF-8, since a Chinese character says about as much as three Latin letters.
_LEAST_STATED = 50  # of a page that says it is an article
_LEAST = 160  # of any other


def is_article(text: str, *, stated: bool) -> bool:
    """Whether `text` is enough of an article; `stated`: its page says that it is one."""
    paragraphs = [line for line in text.split("\n") if line.strip()]
    walls = [line for line in paragraphs if _is_wall(line)]
    rest = sum(map(_size, paragraphs)) - sum(map(_size, walls))
    return rest >= (_LEAST_STATED if stated and not walls else _LEAST)


def _is_wall(paragraph: str) -> bool:
    is_short = len(paragraph) <= _LONGEST_PHRASE
    return bool((is_short and _WALL.search(paragraph)) or _CONSENT.search(paragraph))


def _size(text: str) -> int:
    return sum(len(word.encode("utf-8", "replace")) for word in re.findall(r"\w+", text))
