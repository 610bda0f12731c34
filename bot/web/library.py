"""The library's shelf: the articles a page at a time, with a form to seek, sort and filter them.

    wanted = read_wanted(fields, newsbot.now)
    listing = newsbot.catalogue.page(wanted)
    markup = show_listing(listing, newsbot.catalogue.outlets(), wanted)

This module knows neither Gradio nor where articles are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape

from bot.archive.catalogue import Alternate, Entry, Listing, Order, Wanted
from bot.entities import ArticleDetails
from bot.periods import parse_period
from bot.rendering.notation import clean
from bot.rendering.phrases import count
from bot.web.fields import Fields
from bot.web.words import facts, headline, invite, option, show_failure

OUTLETS = 200  # outlets offered as a filter, those with most articles

_ORDERS = {
    Order.NEWEST: "Newest first",
    Order.OLDEST: "Oldest first",
    Order.ADDED: "Added last first",
    Order.HEADLINE: "By headline",
    Order.OUTLET: "By outlet",
}
_DIALOG = (
    '<dialog class="nb-dialog" aria-labelledby="nb-remove-title"><form data-event="remove">'
    '<h2 id="nb-remove-title">Remove this article for good?</h2><p class="nb-dialog-what"></p>'
    "<p>Its text is deleted from this machine, with all its revisions. It cannot be undone. What "
    "cites it will say when it was removed.</p>"
    '<input type="hidden" name="article" value=""><div class="nb-dialog-actions">'
    '<button type="button" data-dismiss>Keep it</button>'
    '<button type="submit" class="nb-danger">Remove for good</button></div></form></dialog>'
)


def read_wanted(fields: Fields, now: datetime) -> Wanted:
    """What the form asks for. Raises SettingsError when its period is none."""
    outlet = fields.text("outlet")[:1000]
    order = fields.line("order")
    return Wanted(
        words=fields.line("words"),
        outlets=(outlet,) if outlet else (),
        period=parse_period(fields.line("period"), now),
        order=Order(order) if order in set(Order) else Order.NEWEST,
        page=fields.number("page", 1, 1_000_000, 1),
    )


def show_listing(
    listing: Listing,
    outlets: Mapping[str, int],
    wanted: Wanted | None = None,
    problem: str = "",
) -> str:
    """The form and a page of entries, or an invitation; `problem` says why this is not what was
    asked for. What repeats an article's text stands under it.
    """
    wanted = wanted or Wanted()
    if not listing.total and wanted == Wanted():
        said = (
            "The articles that you add are listed here, to be searched, read and compared with "
            "their earlier revisions. Add files, a text or an address above, or begin with the "
            "sample."
        )
        return invite("The library is empty", said)
    entries = "".join(_show_entry(entry) for entry in listing.entries)
    body = f'<ul class="nb-entries">{entries}</ul>' if entries else _NOTHING
    position = show_failure(problem) if problem else _position(listing, wanted)
    head = _form(outlets, wanted) + position
    return f"{head}{body}{_paging(listing)}{_DIALOG}"


_NOTHING = '<p class="nb-none">No article fits. Take a filter away, or search for fewer words.</p>'


def _form(outlets: Mapping[str, int], wanted: Wanted) -> str:
    chosen = wanted.outlets[0] if wanted.outlets else ""
    shown = dict(list(outlets.items())[:OUTLETS])
    shown |= {chosen: outlets.get(chosen, 0)} if chosen else {}
    choices = option("", "All outlets", not chosen) + "".join(
        option(outlet, f"{outlet} ({number:,})", outlet == chosen)
        for outlet, number in shown.items()
    )
    orders = "".join(option(one, label, one is wanted.order) for one, label in _ORDERS.items())
    return (
        '<form class="nb-filters" id="nb-find" data-event="list" data-live role="search" '
        'aria-label="Articles"><label class="nb-field nb-grows">Search'
        f'<input type="search" name="words" value="{escape(wanted.words)}" '
        'placeholder="Headline, text, outlet, author" autocomplete="off"></label>'
        f'<label class="nb-field nb-wide">Outlet<select name="outlet">{choices}</select></label>'
        '<label class="nb-field">Period<input type="text" name="period" '
        f'value="{escape(wanted.period.words)}" placeholder="7d, since Tuesday" '
        'autocomplete="off"></label>'
        f'<label class="nb-field">Order<select name="order">{orders}</select></label></form>'
    )


def _position(listing: Listing, wanted: Wanted) -> str:
    first = (listing.page - 1) * wanted.size + 1
    last = min(first + wanted.size - 1, listing.total)
    said = count(listing.total, "article")
    if listing.pages > 1:
        said = f"{first:,} to {last:,} of {said}"
    return f'<p class="nb-position" role="status">{said}</p>'


def _show_entry(entry: Entry) -> str:
    article = entry.article
    same = [one for one in entry.alternates if one.is_same]
    near = [one for one in entry.alternates if not one.is_same]
    return (
        f'<li class="nb-entry"><div class="nb-entry-text"><h3>{headline(article)}</h3>'
        f'<p class="nb-facts">{facts(article)}</p>{_fold("The same text", same)}'
        f"{_fold('Nearly the same text', near)}</div>{_actions(article, entry.revisions)}</li>"
    )


def _fold(what: str, repeats: Sequence[Alternate]) -> str:
    """Articles that repeat another's text, folded."""
    if not repeats:
        return ""
    lines = "".join(
        f'<li><div>{headline(one.article)} <span class="nb-facts">{facts(one.article)}</span></div>'
        f"{_actions(one.article, one.revisions)}</li>"
        for one in repeats
    )
    summary = f"{what} in {count(len(repeats), 'other place')}"
    return f'<details class="nb-repeats"><summary>{summary}</summary><ul>{lines}</ul></details>'


def _actions(article: ArticleDetails, revisions: int) -> str:
    title = escape(clean(article.title or article.address or article.id))
    identity = escape(article.id)
    compare = (
        f'<button type="button" data-event="revisions" data-article="{identity}" '
        f'aria-label="{revisions} revisions of {title}">{revisions} revisions</button>'
        if revisions > 1
        else ""
    )
    return (
        f'<div class="nb-entry-actions">{compare}<button type="button" data-confirm '
        f'data-article="{identity}" data-title="{title}" aria-label="Remove {title}">Remove'
        "</button></div>"
    )


def _paging(listing: Listing) -> str:
    if listing.pages == 1:
        return ""
    return (
        '<nav class="nb-paging" aria-label="Pages">'
        f"{_turn(listing.page - 1, 'Previous', listing.page > 1)}"
        f"<span>Page {listing.page:,} of {listing.pages:,}</span>"
        f"{_turn(listing.page + 1, 'Next', listing.page < listing.pages)}</nav>"
    )


def _turn(page: int, label: str, possible: bool) -> str:
    kind = 'type="submit" form="nb-find" name="page"'
    return f'<button {kind} value="{page}"{"" if possible else " disabled"}>{label}</button>'
