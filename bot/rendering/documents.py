"""A result as an HTML file of its own: it needs no page, no network and no script.

A mark leads to its sentence in the list of sources. The styles stand in the head, so that it reads
well from a disk, in print and in a mail client; where these are taken out, it is still in order.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

from bot.entities import Answer, Briefing, Check, Citation, Summary
from bot.rendering.layout import lay_out
from bot.rendering.markup import Html, sanitise
from bot.rendering.notation import clean
from bot.rendering.timeline import draw_timeline

_STYLE = """
:root { color-scheme: light dark; --ink: #1d1b18; --soft: #5f5b54; --line: #e3dfd6;
  --paper: #ffffff; --accent: #0a5a69; --tint: #e2eff0; --warn: #7d4600; --warn-tint: #fcf0dc;
  --bad: #9c1b2b; --good: #2f6b3c; }
@media (prefers-color-scheme: dark) { :root { --ink: #ebe7df; --soft: #aca79c; --line: #38352f;
  --paper: #1a1917; --accent: #74c7d3; --tint: #17353b; --warn: #f0bb70; --warn-tint: #352814;
  --bad: #ff9fa8; --good: #86c795; } }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 44rem; margin: 0 auto; padding: 32px 20px 64px; overflow-wrap: anywhere; }
h3 { font: 700 28px/1.2 Georgia, serif; margin: 0 0 6px; }
h4 { font: 700 20px/1.3 Georgia, serif; margin: 0 0 4px; }
h5 { font-size: 15px; margin: 0 0 6px; }
ul { margin: 0 0 12px; padding-left: 20px; }
a { color: var(--accent); }
.nb-mark { font-size: 12px; font-weight: 600; text-decoration: none; color: var(--accent); }
.nb-extent, .nb-reporters, .nb-also, .nb-footer, .nb-note { color: var(--soft); font-size: 14px; }
.nb-note.nb-tick { color: var(--good); }
.nb-note.nb-partly, .nb-note.nb-unchecked { color: var(--warn); }
.nb-note.nb-unsupported, .nb-note.nb-contradicted { color: var(--bad); }
.nb-section { margin: 20px 0 0; padding: 14px 18px; border: 1px solid var(--line);
  border-radius: 10px; }
.nb-section.nb-conflicts { background: var(--warn-tint); border-color: transparent;
  font-size: 15px; }
summary { cursor: pointer; font-weight: 600; }
.nb-timeline { margin: 20px 0; }
figcaption, .nb-timeline text { font-size: 13px; fill: var(--soft); color: var(--soft); }
.nb-lane { display: grid; grid-template-columns: minmax(0, 5fr) 7fr; gap: 12px; align-items: end;
  padding: 3px 0; font-size: 14px; }
.nb-lane span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.nb-bar { fill: var(--tint); stroke: var(--accent); stroke-width: .5; }
.nb-axis { stroke: var(--line); } .nb-run { stroke: var(--accent); stroke-width: 2; }
.nb-dot { fill: var(--accent); }
table { border-collapse: collapse; font-size: 14px; margin-top: 8px; }
th, td { text-align: left; vertical-align: top; font-weight: normal; padding: 4px 12px 4px 0;
  border-bottom: 1px solid var(--line); }
thead th { font-weight: 600; }
@media print { .nb-section { break-inside: avoid; } }
"""


class Document(Html):
    """The page's notation, but that marks lead to the sources below."""

    def mark(self, citation: Citation, number: int, about: str) -> str:
        """A link to the sentence in the list of sources."""
        title = html.escape(f"{clean(about)}: “{clean(citation.quote)}”")
        return f'<a class="nb-mark" href="#source-{number}" title="{title}">[{number}]</a>'

    def anchor(self, citation: Citation, number: int, about: str) -> str:
        """Where the marks of this number lead."""
        return f'<span class="nb-mark" id="source-{number}">[{number}]</span>'

    def reader(self, article: str, revision: int) -> str:
        """Nothing: there is no page that would show the article."""
        return ""

    def section(
        self, title: str, body: str, kind: str, *, folded: bool = False, level: int = 2
    ) -> str:
        """As on the page; the sources stand open, as a folded target does not show."""
        return super().section(title, body, kind, folded=folded and kind == "coverage", level=level)

    def whole(self, blocks: Sequence[str], kind: str) -> str:
        """An article element, cleaned by nh3."""
        body = f'<article class="nb-result nb-{kind}">{self.blocks(blocks)}</article>'
        return sanitise(body, span={"id"})


def to_document(result: Answer | Summary | Briefing | Check, title: str) -> str:
    """The result as a whole HTML document."""
    picture = draw_timeline(result) if isinstance(result, Briefing) else ""
    body = lay_out(result, Document(picture))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">\n"
        f"<title>{html.escape(clean(title))}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>{body}</main>\n</body>\n</html>\n"
    )
