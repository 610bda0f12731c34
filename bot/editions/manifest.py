"""What an edition was made from and with, and what tells two editions apart."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from bot.chronicle import Difference, Edition, Manifest, Reference, ToldStory
from bot.editions.drafting import Draft
from bot.editions.newsroom import Newsroom
from bot.rendering.phrases import count

_PACKAGES = ("chromadb", "langchain-core", "onnxruntime", "spacy")


def make_manifest(
    room: Newsroom,
    standing: str,
    draft: Draft,
    stories: Sequence[ToldStory],
    relied: tuple[Reference, ...],
    seconds: dict[str, float],
) -> Manifest:
    """The manifest of an edition with these stories."""
    claims = [claim for story in stories for claim in (*story.claims, *story.folded)]
    cited = dict.fromkeys(citation for claim in claims for citation in claim.citations)
    return Manifest(
        standing=standing,
        version=_version("newsbot"),
        versions=_versions(room),
        writer=draft.writer,
        parameters=draft.parameters,
        prompts=draft.prompts,
        articles=draft.read,
        relied=relied,
        repeats=draft.repeats,
        chunks=room.memory.chunks_of(list(cited)),
        verdicts=dict(Counter(claim.verdict.value for claim in claims)),
        estimated_tokens=draft.estimated_tokens,
        tokens=draft.tokens,
        cost=draft.cost,
        seconds=draft.seconds | seconds,
    )


def compare(first: Edition, second: Edition) -> Difference:
    """What two editions tell differently, and the values of their manifests that differ."""
    one, other = _lines(first), _lines(second)
    return Difference(
        first=f"{first.standing}/{first.number}",
        second=f"{second.standing}/{second.number}",
        only_first=tuple(line for line in one if line not in set(other)),
        only_second=tuple(line for line in other if line not in set(one)),
        values=_values(first.manifest, second.manifest),
    )


def _lines(edition: Edition) -> list[str]:
    """What an edition tells, a line each: headlines, claims with their changes, withdrawals."""
    lines = []
    for story in edition.stories:
        articles, outlets = count(len(story.articles), "article"), count(story.outlets, "outlet")
        lines.append(f"{story.headline} ({articles}, {outlets})")
        for claim in story.claims:
            before = f", before: {claim.change.before}" if claim.change.before else ""
            lines.append(f"{claim.text} [{claim.change.novelty}{before}; {claim.verdict}]")
        lines += [f"{claim.text} [folded]" for claim in story.folded]
    return [*lines, *(f"{one.text} [{one.reason}]" for one in edition.withdrawn)]


def _values(first: Manifest, second: Manifest) -> dict[str, tuple[str, str]]:
    names = ("standing", "version", "writer", "tokens", "cost", "estimated_tokens")
    pairs = {name: (str(getattr(first, name)), str(getattr(second, name))) for name in names}
    for name in ("versions", "parameters", "prompts", "verdicts"):
        one, other = getattr(first, name), getattr(second, name)
        for key in {**one, **other}:
            pairs[f"{name}: {key}"] = (str(one.get(key, "")), str(other.get(key, "")))
    pairs["articles"] = (_count(first), _count(second))
    found = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if first.articles != second.articles and "articles" not in found:
        found["articles"] = (_count(first), f"{_count(second)}, others")
    return found


def _count(manifest: Manifest) -> str:
    return f"{len(manifest.articles)} read"


def _versions(room: Newsroom) -> dict[str, str]:
    named = {name: _version(name) for name in _PACKAGES}
    return {**named, "python": sys.version.split()[0], "embeddings": room.settings.embeddings}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
