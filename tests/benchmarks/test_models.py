"""What a briefing takes of a model, beside LangChain's summarising chains; how soon text comes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import pytest

from bot import Article, Briefing, DraftText, Newsbot
from bot.settings import Settings
from bot.stories import group
from bot.writing.models import find_chat_model
from bot.writing.tokens import count
from tests.chat_server import ChatRequest, ChatServer
from tests.evals.datasets import read
from tests.kept_groups import find_alternates

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1_800)]

MODEL = "gpt-4o"
MOST_SENTENCES = 12  # of any reply of the scripted model
MOST_OVERHEAD = 0.1  # seconds
QUESTIONS = 15

_PASSAGE = re.compile(r"--- \[(\d+)\][^\n]*\n(.*?)\n--- end ---", re.DOTALL)
_SENTENCE = re.compile(r".{20,400}?[.!?](?=\s|$)", re.DOTALL)
_SUMMARY = re.compile(r'"(.*)"\s+CONCISE SUMMARY', re.DOTALL)
_REFINED = re.compile(r"certain point: (.*?)\nWe have .*?------------\n(.*?)\n-{3,}", re.DOTALL)


def copyist(request: ChatRequest) -> str:
    """A model that copies the first sentence of each text that it is shown, up to twelve."""
    text = request.messages[-1]
    if passages := _PASSAGE.findall(text):
        wanted = int(re.search(r"at most (\d+)", request.prompt)[1])  # type: ignore[index]
        lines = [f"- {_first(passage)} [{number}]" for number, passage in passages]
        return "\n".join(lines[:wanted])
    if refined := _REFINED.search(text):
        before = refined[1].strip().split("\n")[: MOST_SENTENCES - 1]
        return "\n".join([*before, _first(refined[2])])
    summary = _SUMMARY.search(text)
    shown = summary[1] if summary else text
    parts = [part for part in re.split(r"\n\n+|(?<=[.!?])\n", shown.strip()) if part.strip()]
    return "\n".join(_first(part) for part in parts[:MOST_SENTENCES])


def _first(text: str) -> str:
    sentence = _SENTENCE.search(text.strip())
    return " ".join((sentence[0] if sentence else text.strip()[:200] or "Nothing.").split())


def articles() -> list[Article]:
    """46 outlets on one recession; where a page gave no text, its headline is the text."""
    return [
        Article(
            id=f"{number:02}",
            title=row["title"],
            outlet=row["domain"],
            url=row["url"],
            text=row["content"].strip() or f"{row['title']}.",
        )
        for number, row in enumerate(read("multisource_recession46"))
    ]


def test_tokens_of_a_briefing(server: ChatServer, tmp_path: Path) -> None:
    given = articles()
    clusters = _clusters(given, tmp_path)
    server.reply(copyist)
    briefing = _brief(given, server, tmp_path)
    ours = _tokens(server)
    cited = {one.article for claim in briefing.claims for one in claim.citations}
    shares = {"Newsbot": _share(clusters, cited)}
    tokens = {"Newsbot": ours}
    for kind in ("map_reduce", "refine"):
        server.requests.clear()
        written = _summarise(kind, given, server)
        tokens[kind] = _tokens(server)
        shares[kind] = _share(clusters, _sources(written, given))
    print(f"\nTokens of a briefing on {len(given)} articles in {len(clusters)} stories:")
    for name, (asked, wrote, calls) in tokens.items():
        total = asked + wrote
        told = f"{total:,} tokens ({asked:,} in) in {calls} calls"
        print(f"  {name:<10} {told}, {shares[name]:.0%} of the stories cited")
    covered = {entry.article for entry in briefing.coverage}
    assert covered == {article.id for article in given}
    for kind in ("map_reduce", "refine"):
        assert sum(ours[:2]) <= 0.5 * sum(tokens[kind][:2])
        assert shares["Newsbot"] >= shares[kind]


def _brief(given: Sequence[Article], server: ChatServer, directory: Path) -> Briefing:
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        data=directory / "data",
        model=MODEL,
        openai_base_url=server.url,
        parallel=1,
    )
    with Newsbot(settings) as newsbot:
        newsbot.ingest(list(given))
        return newsbot.brief()


def _summarise(kind: str, given: Sequence[Article], server: ChatServer) -> str:
    from langchain_classic.chains.summarize import load_summarize_chain
    from langchain_core.documents import Document
    from langchain_openai import ChatOpenAI

    model = ChatOpenAI(
        model=MODEL,
        base_url=server.url,
        api_key="none",  # type: ignore[arg-type]
        # It counts with tiktoken otherwise, which downloads its vocabulary.
        custom_get_token_ids=lambda text: list(range(count(text, MODEL))),
    )
    chain = load_summarize_chain(model, chain_type=kind)
    documents = [Document(f"{one.title}\n\n{one.text}") for one in given]
    written: str = chain.invoke({"input_documents": documents})["output_text"]
    return written


def _tokens(server: ChatServer) -> tuple[int, int, int]:
    """Tokens asked with and written, and calls, by the very tokens of the model's vocabulary."""
    asked = sum(count(request.prompt, MODEL) for request in server.requests)
    wrote = sum(count(copyist(request), MODEL) for request in server.requests)
    return asked, wrote, len(server.requests)


def _clusters(given: Sequence[Article], directory: Path) -> list[set[str]]:
    """The stories that the articles are about, near-duplicates with what they repeat."""
    from bot.embeddings import open_english

    settings = Settings(_env_file=None, data=directory)  # type: ignore[call-arg]
    alternates = find_alternates(given)
    distinct = [one for one in given if one.id not in alternates]
    leads = [f"{one.title}\n\n{one.text[:600]}" for one in distinct]
    found = group(distinct, open_english(settings).embed(leads))
    return [
        {one.id for one in members}
        | {copy for copy, kept in alternates.items() if kept in {one.id for one in members}}
        for members in found
    ]


def _share(clusters: Sequence[set[str]], cited: set[str]) -> float:
    return sum(bool(members & cited) for members in clusters) / len(clusters)


def _sources(written: str, given: Sequence[Article]) -> set[str]:
    """The articles that the copied sentences stand in."""
    texts = {one.id: " ".join(f"{one.title} {one.text}".split()) for one in given}
    lines = [" ".join(line.split()) for line in written.split("\n") if line.strip()]
    return {name for name, text in texts.items() if any(line in text for line in lines)}


def test_how_soon_text_comes(server: ChatServer, tmp_path: Path) -> None:
    """From the question to the first draft text, less what the model's own call takes."""
    server.reply("Kim Jong Un arrived in Russia by train on Tuesday. [1]", delay=0.05)
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        data=tmp_path,
        model=MODEL,
        openai_base_url=server.url,
        reply_cache=False,
    )
    with Newsbot(settings) as newsbot:
        newsbot.ingest(Path(__file__).parents[2] / "seeds")
        question = "Where did Kim Jong Un meet Vladimir Putin?"
        newsbot.ask(question)
        whole = [_seconds(lambda: _first_text(newsbot, question)) for _ in range(QUESTIONS)]
        model = find_chat_model(settings).model
        prompt = server.requests[-1].body["messages"]
        raw = [_seconds(lambda: _first_chunk(model, prompt)) for _ in range(QUESTIONS)]
    overhead = median(whole) - median(raw)
    print(
        f"\nFirst draft text after {median(whole) * 1000:.0f} ms, of the raw call after "
        f"{median(raw) * 1000:.0f} ms: overhead {overhead * 1000:.0f} ms"
    )
    assert overhead <= MOST_OVERHEAD


def _first_text(newsbot: Newsbot, question: str) -> None:
    events = newsbot.ask_stream(question)
    next(event for event in events if isinstance(event, DraftText))


def _first_chunk(model: Any, prompt: Sequence[dict[str, str]]) -> None:
    messages = [(one["role"], one["content"]) for one in prompt]
    next(chunk for chunk in model.stream(messages) if chunk.text)


def _seconds(do: Callable[[], object]) -> float:
    begun = perf_counter()
    do()
    return perf_counter() - begun
