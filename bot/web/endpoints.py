"""The ways in for programs: named endpoints of the page's API, which are MCP tools too.

    from gradio_client import Client

    Client("http://127.0.0.1:7860").predict("Who met?", api_name="/ask")["claims"]

Each is one call of `Newsbot` and answers with the same result, as JSON. None reads a file. Where
Newsbot has users, a token of one is needed. Their docstrings are what an assistant reads to choose
among the tools. They do not wait in the page's queue.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import gradio as gr

from bot.entities import Article
from bot.errors import NewsbotError, SettingsError
from bot.web.visitors import visitor

if TYPE_CHECKING:
    from bot.newsbot import Newsbot

LONGEST = 1_000_000  # characters of a text
_MOST = 50  # passages, bullets, stories or sources of one call


class Endpoints:
    """The endpoints of one Newsbot; `add` puts them into the page that is being built."""

    def __init__(self, newsbot: Newsbot) -> None:
        self._newsbot = newsbot

    def add(self) -> None:
        """Make each an endpoint of its own name."""
        for call in (self.ask, self.summarise, self.brief, self.search, self.check):
            gr.api(call, api_name=call.__name__, queue=False)

    def ask(
        self,
        question: str,
        request: gr.Request,
        since: str = "",
        until: str = "",
        outlets: list[str] | None = None,
        articles: list[str] | None = None,
    ) -> dict[str, Any]:
        """Answer a question from the archive of news articles. Every sentence of the answer is checked against the article sentences that it cites; when the articles do not answer, it says so ("abstained", "reason").

        Args:
            question: The question in plain words, at most 4,000 characters.
            since: Only articles from then on: 2026-11-20, 7d, yesterday. Empty for all.
            until: Only articles before then; as for since.
            outlets: Only articles of these outlets.
            articles: Only these articles, by their ids.
        """  # noqa: E501 - Gradio takes the first line as the tool's description
        with self._told(request):
            return self._newsbot.ask(
                question,
                since=since or None,
                until=until or None,
                outlets=tuple(outlets or ()),
                articles=tuple(articles or ()),
            ).to_dict()

    def summarise(self, text: str, request: gr.Request, bullets: int = 5) -> dict[str, Any]:
        """Sum up one news article in bullets, each with the sentence that carries it and a verdict. The article is not kept.

        Args:
            text: The article's text, or its http(s) address.
            bullets: How many bullets at most, 1 to 50.
        """  # noqa: E501 - Gradio takes the first line as the tool's description
        with self._told(request):
            return self._newsbot.summarise(self._read(text), _within(bullets)).to_dict()

    def brief(
        self,
        request: gr.Request,
        topic: str = "",
        since: str = "",
        until: str = "",
        stories: int = 8,
        bullets: int = 3,
    ) -> dict[str, Any]:
        """Brief on the archive: its articles grouped into stories with cited bullets, conflicts between sources, and what was done with every article.

        Args:
            topic: What about; empty for everything.
            since: Only articles from then on: 2026-11-20, 7d, yesterday. Empty for all.
            until: Only articles before then; as for since.
            stories: How many stories at most, 1 to 50.
            bullets: How many bullets a story at most, 1 to 50.
        """  # noqa: E501 - Gradio takes the first line as the tool's description
        with self._told(request):
            return self._newsbot.brief(
                topic or None,
                since or None,
                until or None,
                _within(bullets),
                stories=_within(stories),
            ).to_dict()

    def search(
        self,
        query: str,
        request: gr.Request,
        since: str = "",
        until: str = "",
        outlets: list[str] | None = None,
        count: int = 8,
    ) -> list[dict[str, Any]]:
        """Find the passages of the archive's articles that fit a query best, with the article of each and where in its text the passage stands. What addresses a model is blanked out.

        Args:
            query: What to search for.
            since: Only articles from then on: 2026-11-20, 7d, yesterday. Empty for all.
            until: Only articles before then; as for since.
            outlets: Only articles of these outlets.
            count: How many passages at most, 1 to 50.
        """  # noqa: E501 - Gradio takes the first line as the tool's description
        from pydantic import TypeAdapter

        from bot.entities import Passage
        from bot.grounding.injection import disarm

        with self._told(request):
            found = self._newsbot.search(
                query,
                since=since or None,
                until=until or None,
                outlets=tuple(outlets or ()),
                count=_within(count),
            )
            plain: list[dict[str, Any]] = TypeAdapter(tuple[Passage, ...]).dump_python(
                tuple(map(disarm, found)),
                mode="json",  # assistants read it
            )
            return plain

    def check(
        self,
        text: str,
        request: gr.Request,
        sources: list[str] | None = None,
        articles: list[str] | None = None,
    ) -> dict[str, Any]:
        """Check a summary or any other text, sentence by sentence, against articles: each sentence gets a verdict (supported, partly, unsupported, contradicted, not checked) with its evidence.

        Args:
            text: The text to check.
            sources: Texts of articles, or their http(s) addresses, to check against.
            articles: Ids of articles of the archive to check against.
        """  # noqa: E501 - Gradio takes the first line as the tool's description
        with self._told(request):
            given = [article for each in (sources or [])[:_MOST] for article in self._read(each)]
            kept = [self._newsbot.article(each) for each in (articles or [])[:_MOST]]
            if not given and not kept:
                raise SettingsError("Give what to check against: sources, or ids of articles.")
            return self._newsbot.check(_bounded(text), [*given, *kept]).to_dict()

    def _read(self, text: str) -> list[Article]:
        """A text as an article, or what its web address holds; never a file."""
        from bot.sources.addresses import is_web
        from bot.sources.given import article_from_text
        from bot.web.chat import find_articles

        if is_web(text.strip()) and len(text.split()) == 1:
            return find_articles(self._newsbot, text.strip())
        return [article_from_text(_bounded(text))]

    @contextmanager
    def _told(self, request: gr.Request) -> Iterator[None]:
        """Asks whose the call is; a failure as the one line that Gradio's clients show."""
        try:
            visitor(self._newsbot, request)
            yield
        except NewsbotError as error:
            raise gr.Error(str(error), print_exception=False) from error


def speak_json(page: gr.Blocks) -> None:
    """Have the page's MCP tools answer in JSON; Gradio's own server writes Python's `repr`."""
    from mcp.types import TextContent

    def write(values: list[Any], root_url: str) -> list[TextContent]:
        return [
            TextContent(type="text", text=json.dumps(value, ensure_ascii=False)) for value in values
        ]

    page.mcp_server_obj.postprocess_output_data = write


def _bounded(text: str) -> str:
    if len(text) > LONGEST:
        raise SettingsError(f"The text has {len(text):,} characters; give at most {LONGEST:,}.")
    return text


def _within(number: int) -> int:
    return min(int(number), _MOST)
