"""Whose report a text is."""

from __future__ import annotations

import pytest

from bot.sources import article_from_text
from bot.sources.wires import credited, wire_of

BODY = "The river rose by two metres in the night, the water board said. Nobody was hurt."


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        (f"WASHINGTON (AP) — {BODY}", "The Associated Press"),
        (f"LONDON, Nov 23 (Reuters) - {BODY}", "Reuters"),
        (f"Paris (AFP) – {BODY}", "Agence France-Presse"),
        (f"Berlin (dpa) -- {BODY}", "dpa"),
        (f"{BODY}\n\nAssociated Press writers Ada Brook and T. Reed in Lune contributed.",
         "The Associated Press"),
        (f"{BODY}\n\n© 2026 AFP", "Agence France-Presse"),
        (f"{BODY}\n\nCopyright 2026 The Associated Press. All rights reserved.",
         "The Associated Press"),
        (f"{BODY} (PTI)", "Press Trust of India"),
        (BODY, None),
        (f"The reports of Reuters (and others) - {BODY}", None),
        (f"{BODY} Reuters reported on Monday that the river fell.", None),
        (f"A friend (AP) of mine. {BODY}", None),
    ],
)  # fmt: skip
def test_a_text_credits_the_agency_whose_report_it_is(text: str, wire: str | None) -> None:
    assert wire_of(text) == wire


@pytest.mark.parametrize(
    ("author", "outlet", "named"),
    [
        (None, "The Lune Post", "Reuters"),
        ("Ada Brook", "The Lune Post", "Ada Brook, Reuters"),
        ("Ada Brook, Reuters", "The Lune Post", "Ada Brook, Reuters"),
        ("Ada Brook", "reuters.com", "Ada Brook"),
    ],
)
def test_a_syndicated_copy_names_its_agency_beside_its_author(
    author: str | None, outlet: str, named: str
) -> None:
    assert credited(author, f"LUNE (Reuters) - {BODY}", outlet) == named


def test_an_article_is_by_the_agency_that_its_dateline_names() -> None:
    assert article_from_text(f"River rises\n\nLUNE (AP) — {BODY}").author == "The Associated Press"
