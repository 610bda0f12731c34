"""What changed between two revisions of a text, sentence by sentence and within them word by word.

    compare(["Ten were hurt.", "It rained."], ["Twelve were hurt."])

What was taken out is `del`, what was put in is `ins`, each announced in words for those who do not
see colours. Sentences come from whoever knows how to split a text; nothing here does.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from bot.rendering.notation import clean

KEPT = 1  # unchanged sentences shown before and after a change
_ALIKE = 0.5  # from which likeness two sentences are one that was reworded
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")

Opcode = tuple[str, int, int, int, int]


def compare(before: Sequence[str], after: Sequence[str]) -> str:
    """The sentences that changed as an HTML list, each with its neighbours; "" when none did."""
    before, after = [clean(one) for one in before], [clean(one) for one in after]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    lines: list[str] = []
    for group in matcher.get_grouped_opcodes(KEPT):
        lines += ['<li class="nb-gap">…</li>'] if lines else []
        for opcode in group:
            lines += _lines(opcode, before, after)
    return f'<ol class="nb-changes">{"".join(lines)}</ol>' if lines else ""


def _lines(opcode: Opcode, before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    kind, i1, i2, j1, j2 = opcode
    old, new = before[i1:i2], after[j1:j2]
    if kind == "equal":
        yield from (f'<li class="nb-same" dir="auto">{html.escape(one)}</li>' for one in old)
        return
    if kind == "replace" and len(old) == len(new):
        for one, other in zip(old, new, strict=True):
            yield from _reworded(one, other)
        return
    yield from (_line(_removed(one)) for one in old)
    yield from (_line(_added(one)) for one in new)


def _reworded(old: str, new: str) -> Iterator[str]:
    """One line with the words that changed, or two where hardly a word was kept."""
    if SequenceMatcher(None, old.split(), new.split(), autojunk=False).ratio() < _ALIKE:
        yield from (_line(_removed(old)), _line(_added(new)))
        return
    words, others = _TOKEN.findall(old), _TOKEN.findall(new)
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    pieces = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        gone, come = "".join(words[i1:i2]), "".join(others[j1:j2])
        if kind == "equal":
            pieces.append(html.escape(gone))
        else:
            pieces += [_removed(gone)] if gone else []
            pieces += [_added(come)] if come else []
    yield _line("".join(pieces))


def _line(markup: str) -> str:
    return f'<li class="nb-changed" dir="auto">{markup}</li>'


def _removed(text: str) -> str:
    return f'<del><span class="nb-unseen">[removed: </span>{html.escape(text)}{_END}</del>'


def _added(text: str) -> str:
    return f'<ins><span class="nb-unseen">[added: </span>{html.escape(text)}{_END}</ins>'


_END = '<span class="nb-unseen">]</span>'
