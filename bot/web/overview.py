"""Settings and status: who writes and where passages go, what is kept and where, what is amiss.

    show_overview(newsbot)      # at once
    show_findings(findings)     # of `doctor`, which takes a few seconds

This module knows nothing of Gradio.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from html import escape
from typing import TYPE_CHECKING

from bot.doctor import Finding
from bot.entities import Usage
from bot.errors import NewsbotError
from bot.rendering.notation import clean
from bot.web.past import show_schedule
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
    "uncompared": "Articles not compared yet",
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
    """What is in use, what is kept and what it took; a part that cannot be told says why."""
    cards = [
        _card("Who writes", _told(_writer, newsbot), "nb-tall"),
        _card("What is kept", _told(_kept, newsbot)),
        _card("Where it lives", _place(newsbot)),
        _card("Schedule", show_schedule(newsbot.editions), "nb-wide"),
        _card("Spending", _told(_spending, newsbot), "nb-wide"),
    ]
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


def _told(part: Callable[[Newsbot], str], newsbot: Newsbot) -> str:
    try:
        return part(newsbot)
    except NewsbotError as error:
        return show_failure(str(error))


def _writer(newsbot: Newsbot) -> str:
    extractive = newsbot.settings.writer == "extractive"
    writer = escape(newsbot.settings.writer)
    says = "Newsbot writes extractively" if extractive else f"Model: {writer}"
    rows = "".join(
        f"<div><dt>{escape(role.capitalize())}</dt><dd>{escape(clean(line))}</dd></div>"
        for role, line in newsbot.models.items()
    )
    told = f'<dl class="nb-models">{rows}</dl>'
    return f'<p class="nb-figure">{says}</p>{told}{_ADD_MODEL if extractive else ""}'


def _kept(newsbot: Newsbot) -> str:
    facts = newsbot.status()
    rows = "".join(
        f"<div><dt>{label}</dt><dd>{facts[name]:,}</dd></div>"
        for name, label in _KEPT.items()
        if facts.get(name) or name in ("articles", "chunks")
    )
    return f'<dl class="nb-figures">{rows}</dl>'


def _place(newsbot: Newsbot) -> str:
    place = escape(clean(str(newsbot.settings.directory)))
    return (
        f"<p><code>{place}</code></p><p>Articles, revisions, editions and the index are in this "
        "folder and nowhere else. <code>NEWSBOT_DATA</code> or <code>--data</code> names another."
        "</p>"
    )


def _spending(newsbot: Newsbot) -> str:
    """Tokens and money by model, in all and today."""
    usage = newsbot.usage()
    if not usage:
        return "<p>No chat model was called yet, so that nothing was spent.</p>"
    today = newsbot.now.date()
    rows = "".join(
        _spent(model, [one for one in usage if one.model == model], today)
        for model in dict.fromkeys(one.model for one in usage)
    )
    names = ("Calls", "Failed", "Tokens read", "Tokens written", "Tokens today", "Cost")
    heads = "".join(f'<th scope="col" class="nb-number-cell">{one}</th>' for one in names)
    return (
        f'<table><thead><tr><th scope="col">Model</th>{heads}</tr></thead><tbody>{rows}</tbody>'
        "</table><p>Cost is in the money that <code>NEWSBOT_PRICES</code> is set in. "
        "<code>newsbot usage</code> tells it by day and purpose.</p>"
    )


def _spent(model: str, usage: Sequence[Usage], today: date) -> str:
    of_today = [one for one in usage if one.day == today]
    costs = [one.cost for one in usage if one.cost is not None]
    numbers = (
        sum(one.calls for one in usage),
        sum(one.failed for one in usage),
        sum(one.input_tokens for one in usage),
        sum(one.output_tokens for one in usage),
        sum(one.input_tokens + one.output_tokens for one in of_today),
    )
    cells = "".join(f'<td class="nb-number-cell">{number:,}</td>' for number in numbers)
    cost = f"{sum(costs):,.4f}" if costs else "price unknown"
    return (
        f'<tr><th scope="row">{escape(clean(model))}</th>{cells}'
        f'<td class="nb-number-cell">{cost}</td></tr>'
    )


def _card(title: str, body: str, kind: str = "") -> str:
    return f'<section class="nb-card {kind}"><h2>{title}</h2>{body}</section>'


def _finding(finding: Finding) -> str:
    chip = '<span class="nb-chip nb-fine">fine</span>'
    if not finding.good:
        chip = '<span class="nb-chip nb-failed">amiss</span>'
    remedy = f'<p class="nb-remedy">{escape(clean(finding.remedy))}</p>' if finding.remedy else ""
    said = f"<strong>{escape(finding.subject)}</strong> {escape(clean(finding.state))}"
    return f"<li>{chip}<div><p>{said}</p>{remedy}</div></li>"
