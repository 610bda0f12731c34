"""The local model's drafts: what became of them, and what a reader says of those that were shown.

    python -m tests.evals.written pairs.md

writes each claim that was shown, with the sentences that it cites, in random order and without the
verdict; whoever reads them adds a line for each to written_labels.csv, by its digest. No text of an
article is kept there.
"""

from __future__ import annotations

import csv
import hashlib
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.evals.kept import Kept

LABELS = Path(__file__).with_name("written_labels.csv")
CLAIMS = "written-claims"  # the name of what is kept of the summaries


@dataclass(frozen=True)
class Shown:
    """A claim that a reader was shown, its cited sentences, and what checking had found of it."""

    article: str
    text: str
    quotes: tuple[str, ...]
    origin: str
    verdict: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(repr((self.text, self.quotes)).encode()).hexdigest()[:12]


def shown(rows: Kept) -> Iterator[Shown]:
    for article, drafts in rows.items():
        for one in drafts:
            if one["text"]:
                quotes = tuple(one["quotes"])
                yield Shown(article, one["text"], quotes, one["origin"], one["verdict"])


def labels() -> dict[str, bool]:
    """Whether the cited sentences say all that the claim says, by the claim's digest."""
    with LABELS.open(encoding="utf-8", newline="") as stream:
        return {row["claim"]: row["supported"] == "yes" for row in csv.DictReader(stream)}


def describe(rows: Kept, judge: Callable[[str, Sequence[str]], float] | None) -> Iterator[str]:
    """The rows of a table: drafts and their fate, and the labels of what was shown."""
    fates = Counter(_fate(one) for _, drafts in rows.items() for one in drafts)
    drafted, said = fates.total(), labels()
    for name in ("written", "repaired", "replaced", "said before", "dropped"):
        yield f"| Drafts: {name} | {fates[name]} of {drafted} ({fates[name] / drafted:.0%}) |"
    read = [one for one in shown(rows) if one.digest in said]
    groups = {
        "all": read,
        "the model's wording": [one for one in read if one.origin != "replaced"],
        'shown as "supported"': [one for one in read if one.verdict == "supported"],
        'shown as "partly"': [one for one in read if one.verdict == "partly"],
    }
    for name, claims in groups.items():
        wrong = sum(not said[one.digest] for one in claims)
        share = f" ({wrong / len(claims):.1%})" if claims else ""
        yield f"| Read blind, {name}: not carried by the quotes | {wrong} of {len(claims)}{share} |"
    if judge:
        odds = {one.digest: judge(one.text, one.quotes) for one in read}
        pairs = [
            (odds[right], odds[wrong])
            for right in odds
            for wrong in odds
            if said[right] > said[wrong]
        ]
        better = sum((right > wrong) + (right == wrong) / 2 for right, wrong in pairs)
        yield f"| The same model as judge, AUC of these labels | {better / len(pairs):.2f} |"


def _fate(draft: dict[str, Any]) -> str:
    if draft["text"]:
        return str(draft["origin"])
    return "said before" if "it was said already" in draft["reasons"] else "dropped"


def main() -> int:
    path, name = Path(sys.argv[1]), "qwen2.5-coder-1.5b-instruct-q4_k_m"
    claims = [one for one in shown(Kept(f"{CLAIMS}-{name}")) if one.digest not in labels()]
    random.Random(7).shuffle(claims)
    lines = [f"## {one.digest}\n\n{one.text}\n\n> {' / '.join(one.quotes)}\n" for one in claims]
    path.write_text("\n".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
