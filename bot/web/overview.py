"""Settings and status: who writes and where passages go, what is kept and where, what is amiss.

    show_overview(newsbot)      # at once
    show_findings(findings)     # of `doctor`, which takes a few seconds

This module knows nothing of Gradio.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from bot.doctor import Finding
from bot.errors import NewsbotError
from bot.rendering.notation import clean
from bot.web.words import show_failure

if TYPE_CHECKING:
    from bot.newsbot import Newsbot

_KEPT = {
    "articles": "Articles",
    "alternates": "of them with another’s text",
    "revisions": "Revisions",
    "removed": "Removed for good",
    "chunks": "Passages that can be found",
    "pending": "Passages not indexed yet",
}
_ADD_MODEL = (
    "<p>No model is needed: Newsbot chooses whole sentences of the articles, and nothing leaves "
    "this machine. For text in a model’s own words, each sentence of which is checked:</p><ul>"
    "<li>set <code>OPENAI_API_KEY</code> for a model of OpenAI,</li>"
    "<li>or <code>NEWSBOT_MODEL=provider:model</code> for another provider,</li>"
    "<li>or <code>NEWSBOT_MODEL=local</code> for one on this machine,</li></ul>"
    "<p>in the environment or in a file <code>.env</code>, and start Newsbot again. All settings, "
    "with their defaults, are in <code>.env.example</code>.</p>"
)


def show_overview(newsbot: Newsbot) -> str:
    """What is in use and what is kept, or why it cannot be told."""
    try:
        facts = newsbot.status()
        cards = [_writer(newsbot), _kept(facts), _place(facts)]
    except NewsbotError as error:
        return show_failure(str(error))
    return f'<div class="nb-cards">{"".join(cards)}</div>'


def show_findings(findings: Sequence[Finding]) -> str:
    """What the examination found, what is amiss first, each with its remedy."""
    bad = [one for one in findings if not one.good]
    lines = "".join(map(_finding, [*bad, *(one for one in findings if one.good)]))
    said = f"{len(bad)} of {len(findings)} need attention." if bad else "Everything is in order."
    return (
        f'<div class="nb-findings" role="status"><p><strong>{said}</strong></p>'
        f"<ul>{lines}</ul></div>"
    )


def show_offer() -> str:
    """What stands in the place of the findings before they are asked for."""
    return (
        '<div class="nb-findings"><p>Looks at the installation, the data directory, the index, the '
        "models and what they need, and says how to mend what is amiss. Nothing is sent or changed."
        '</p><button type="button" data-event="examine">Examine this installation</button></div>'
    )


def _writer(newsbot: Newsbot) -> str:
    extractive = newsbot.settings.writer == "extractive"
    says = (
        "Newsbot writes extractively" if extractive else f"Model: {escape(newsbot.settings.writer)}"
    )
    body = _ADD_MODEL if extractive else f"<p>{escape(clean(newsbot.writer_line))}</p>"
    return _card("Who writes", f'<p class="nb-figure">{says}</p>{body}')


def _kept(facts: dict[str, Any]) -> str:
    rows = "".join(
        f"<div><dt>{label}</dt><dd>{facts[name]:,}</dd></div>"
        for name, label in _KEPT.items()
        if facts.get(name) or name in ("articles", "chunks")
    )
    return _card("What is kept", f'<dl class="nb-counts">{rows}</dl>')


def _place(facts: dict[str, Any]) -> str:
    place, embeddings = escape(clean(str(facts["data"]))), escape(str(facts["embeddings"]))
    return _card(
        "Where it lives",
        f"<p><code>{place}</code></p><p>Articles, revisions and the index are in this folder and "
        "nowhere else. <code>NEWSBOT_DATA</code> or <code>--data</code> names another.</p>"
        f"<p>Search uses the embeddings <code>{embeddings}</code>.</p>",
    )


def _card(title: str, body: str) -> str:
    return f'<section class="nb-card"><h2>{title}</h2>{body}</section>'


def _finding(finding: Finding) -> str:
    chip = '<span class="nb-chip nb-fine">fine</span>'
    if not finding.good:
        chip = '<span class="nb-chip nb-failed">amiss</span>'
    remedy = f'<p class="nb-remedy">{escape(clean(finding.remedy))}</p>' if finding.remedy else ""
    said = f"<strong>{escape(finding.subject)}</strong> {escape(clean(finding.state))}"
    return f"<li>{chip}<div><p>{said}</p>{remedy}</div></li>"
