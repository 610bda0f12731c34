"""The filters of the chat: a period, outlets and articles, shown as chips that can be removed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import gradio as gr

from bot.errors import NewsbotError
from bot.rendering.notation import clean
from bot.web.chat import Limits
from bot.web.pane import field, quick_options
from bot.web.visitors import visitor

if TYPE_CHECKING:
    from bot.newsbot import Newsbot

PERIODS = [
    ("Any time", ""),
    ("Past day", "24h"),
    ("Past week", "7d"),
    ("Past month", "30d"),
    ("Past year", "365d"),
]
_NAMES = ("period", "since", "until", "outlets", "articles")
_SHOWN = {"since": "from", "until": "until"}
_OFFERED = 300  # articles offered; any other is chosen from the evidence pane
_HINT = (
    "A day such as 2026-11-20, or yesterday, Tuesday, 7d. A period limits briefings too; outlets "
    "and articles limit answers."
)


class FilterPanel:
    """The components of the filters; `inputs` are their values, for handlers that take limits."""

    def __init__(self, newsbot: Newsbot) -> None:
        self._newsbot = newsbot

    @property
    def inputs(self) -> list[Any]:
        """The components, in the order that `read_limits` takes their values."""
        return [self._period, self._since, self._until, self._outlets, self._articles]

    def lay_out_chips(self) -> None:
        """Where the filters that are set are shown."""
        self._chips = gr.HTML("", elem_id="nb-chips", apply_default_css=False, js_on_load=None)

    def lay_out(self) -> None:
        """Where filters are set."""
        with gr.Accordion("Filters", open=False, elem_id="nb-filters") as self._panel:
            with gr.Row():
                self._period = gr.Dropdown(PERIODS, value="", label="Period", min_width=140)
                self._since = gr.Textbox(label="From", placeholder="2026-11-20", min_width=110)
                self._until = gr.Textbox(label="Until", placeholder="today", min_width=110)
            with gr.Row():
                self._outlets = _several("Outlets")
                self._articles = _several("Articles")
            gr.HTML(f'<p class="nb-hint">{_HINT}</p>', apply_default_css=False, js_on_load=None)

    def wire(self, clicks: gr.HTML) -> None:
        """`clicks` is the component that tells `unfilter` and `only`."""
        quick = quick_options()
        choices = [self._outlets, self._articles]
        self._panel.expand(self._offer, choices, choices, **quick)
        changes = [component.change for component in self.inputs]
        gr.on(changes, self._show, self.inputs, self._chips, **quick)
        # each click counts, also while the one before is still on its way
        clicks.unfilter(self._remove, self.inputs, self.inputs, trigger_mode="multiple", **quick)
        clicks.only(self._add, [self._articles], self._articles, **quick)

    def _offer(
        self, outlets: list[str], articles: list[str], request: gr.Request
    ) -> tuple[Any, Any]:
        """What can be chosen, when somebody looks."""
        visitor(self._newsbot, request)
        names = sorted({*self._newsbot.catalogue.outlets(), *outlets})
        newest = self._newsbot.articles(_OFFERED)
        offered = [(_label(one.title, one.outlet), one.id) for one in newest]
        return gr.Dropdown(choices=names), gr.Dropdown(choices=self._with(offered, articles))

    def _add(self, articles: list[str], chosen: gr.EventData, request: gr.Request) -> Any:
        visitor(self._newsbot, request)
        wanted = [*articles, field(chosen, "id")]
        return gr.Dropdown(value=list(dict.fromkeys(wanted)), choices=self._with([], wanted))

    def _with(self, offered: list[tuple[str, str]], chosen: list[str]) -> list[tuple[str, str]]:
        """The articles offered, and those chosen already with their headlines."""
        known = {identity for _, identity in offered}
        return [*((self._title(one), one) for one in chosen if one not in known), *offered]

    def _remove(self, request: gr.Request, chosen: gr.EventData, *values: Any) -> list[Any]:
        """The values without the one whose chip was chosen; the others stay as they are by then."""
        visitor(self._newsbot, request)
        name, gone = field(chosen, "filter"), field(chosen, "value")
        return [
            _without(value, gone) if each == name else gr.skip()
            for each, value in zip(_NAMES, values, strict=True)
        ]

    def _show(self, request: gr.Request, *values: Any) -> str:
        visitor(self._newsbot, request)
        chips = "".join(_chip(name, value, shown) for name, value, shown in self._set(values))
        return (
            f'<ul class="nb-chips" aria-label="Filters that are set">{chips}</ul>' if chips else ""
        )

    def _set(self, values: Sequence[Any]) -> Iterator[tuple[str, str, str]]:
        """Each filter that is set: its name, its value, and how that is shown."""
        periods = {value: label for label, value in PERIODS}
        for name, value in zip(_NAMES, values, strict=True):
            match name:
                case "period" if value:
                    yield name, value, periods.get(value, value)
                case "since" | "until" if value and value.strip():
                    yield name, value, f"{_SHOWN[name]} {value.strip()}"
                case "outlets":
                    yield from ((name, one, one) for one in _chosen(value))
                case "articles":
                    yield from ((name, one, self._title(one)) for one in _chosen(value))

    def _title(self, article: str) -> str:
        try:
            return self._newsbot.article(article).title
        except NewsbotError:
            return article


def read_limits(values: Sequence[Any]) -> Limits:
    """The limits that the panel's values mean; From wins over a period."""
    period, since, until, outlets, articles = values
    return Limits(
        since=(since or "").strip() or period or "",
        until=(until or "").strip(),
        outlets=_chosen(outlets),
        articles=_chosen(articles),
    )


def _chosen(values: Any) -> tuple[str, ...]:
    """What was chosen of a list; Enter in its empty box chooses nothing."""
    return tuple(str(one) for one in values or () if str(one).strip())


def _without(value: Any, gone: str) -> Any:
    return [one for one in value if one != gone] if isinstance(value, list) else ""


def _several(label: str) -> gr.Dropdown:
    return gr.Dropdown(
        [], value=[], label=label, multiselect=True, allow_custom_value=True, min_width=180
    )


def _label(title: str, outlet: str | None) -> str:
    return clean(f"{title} ({outlet})" if outlet else title)


def _chip(name: str, value: str, shown: str) -> str:
    words = escape(clean(shown))
    return (
        f'<li><button type="button" data-unfilter="{name}" data-value="{escape(value)}" '
        f'aria-label="Remove the filter {words}"><bdi>{words}</bdi>'
        '<span aria-hidden="true">×</span></button></li>'
    )
