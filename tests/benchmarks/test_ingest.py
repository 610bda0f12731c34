"""How fast articles are ingested, beside the bare embedding model and beside plain LangChain."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter, process_time

import pytest
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings

from bot.newsbot import Newsbot
from bot.settings import Settings
from tests.evals.datasets import read

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1200)]

SAMPLE = 100  # articles whose ingest is timed
PEER = 40  # articles for the peer, which is slow
LEAST_SHARE = 0.90  # of the bare model's rate
MOST_MEMORY = 600_000_000  # bytes, for the whole corpus


def corpus() -> list[dict[str, str]]:
    return read("realtimeqa2022_retrieval_corpus")


def write(articles: Sequence[dict[str, str]], path: Path) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in articles), encoding="utf-8")
    return path


def seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def processor_seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of the processor's work: the latter hold on a busy machine too."""
    start = process_time()
    by_clock = seconds(work)
    return by_clock, process_time() - start


def test_ingest_costs_little_beyond_the_embedding(tmp_path: Path) -> None:
    articles = corpus()[: 2 * SAMPLE]
    halves = [write(articles[n::2], tmp_path / f"{n}.jsonl") for n in range(2)]
    first = write(corpus()[-1:], tmp_path / "first.jsonl")
    with Newsbot(Settings(data=tmp_path / "data")) as newsbot:
        newsbot.ingest(first)  # everything is loaded now
        embeddings = newsbot._equipment.english
        kept: set[str] = set(newsbot._equipment.library.archive.chunks.pending("none"))
        rates = []
        for half in halves:  # in turns, since the machine's speed drifts
            took = processor_seconds(lambda half=half: newsbot.ingest(half))
            chunks = newsbot._equipment.library.archive.chunks
            new = [one for one in chunks.pending("none") if one not in kept]
            kept.update(new)
            texts = [chunk.page_content for chunk in chunks.load(new)]
            bare = processor_seconds(lambda texts=texts: embeddings.embed(texts))
            rates.append((len(new), *took, *bare))
    total, took, work, bare, bare_work = (sum(column) for column in zip(*rates, strict=True))
    print(f"\n{total} chunks: ingest {total / took:.1f} a second, the model {total / bare:.1f}")
    print(f"share of the bare model's rate: {bare / took:.3f}; of work: {bare_work / work:.3f}")
    assert bare / took >= LEAST_SHARE


class Plain(Embeddings):
    """Chroma's own MiniLM class, as plain LangChain users reach it."""

    def __init__(self, folder: Path) -> None:
        from chromadb.utils.embedding_functions.onnx_mini_lm_l6_v2 import ONNXMiniLM_L6_V2

        self._model = ONNXMiniLM_L6_V2()
        self._model.DOWNLOAD_PATH = folder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [vector.tolist() for vector in self._model(texts)]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def fill_cache(folder: Path) -> Path:
    """The folder that Chroma's class would download, with our graph and tokenizer in it."""
    from vectorstore.embeddings import _files

    model, tokenizer = _files(None)
    (folder / "onnx").mkdir(parents=True)
    (folder / "onnx/model.onnx").symlink_to(model)
    (folder / "onnx/tokenizer.json").symlink_to(tokenizer)
    for name in ("config", "special_tokens_map", "tokenizer_config"):
        (folder / f"onnx/{name}.json").write_text("{}")
    (folder / "onnx/vocab.txt").touch()
    return folder


def ingest_plainly(articles: Sequence[dict[str, str]], embeddings: Embeddings, path: Path) -> None:
    from langchain_chroma import Chroma
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    documents = [Document(f"{one['title']}\n\n{one['text']}") for one in articles]
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    store = Chroma(embedding_function=embeddings, persist_directory=str(path))
    store.add_documents(splitter.split_documents(documents))


def test_ingest_is_at_least_as_fast_as_plain_langchain(tmp_path: Path) -> None:
    articles = corpus()[:PEER]
    file, first = write(articles, tmp_path / "a.jsonl"), write(corpus()[-1:], tmp_path / "b.jsonl")
    plain = Plain(fill_cache(tmp_path / "cache"))
    plain.embed_query("Everything is loaded now.")
    with Newsbot(Settings(data=tmp_path / "data")) as newsbot:
        newsbot.ingest(first)
        ours = seconds(lambda: newsbot.ingest(file))
    theirs = seconds(lambda: ingest_plainly(articles, plain, tmp_path / "plain"))
    print(
        f"\n{PEER} articles: ours {ours:.1f} s, plain LangChain with Chroma's MiniLM {theirs:.1f} s"
    )
    assert ours <= theirs


def test_the_whole_corpus_fits_in_memory(tmp_path: Path) -> None:
    file = write(corpus(), tmp_path / "corpus.jsonl")
    program = f"""
import re, time
from pathlib import Path
from bot.newsbot import Newsbot
from bot.settings import Settings
start = time.perf_counter()
with Newsbot(Settings(data=Path({str(tmp_path / "data")!r}))) as newsbot:
    report = newsbot.ingest(Path({str(file)!r}))
    chunks = newsbot.status()["chunks"]
    took = time.perf_counter() - start
    # not ru_maxrss: Linux lets a child begin with the peak of the process that started it
    peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]
    print(len(list(report)), chunks, took, peak)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    articles, chunks, took, kilobytes = (float(word) for word in done.stdout.split())
    memory = kilobytes * 1024
    print(f"\n{articles:.0f} articles, {chunks:.0f} chunks in {took:.0f} s ", end="")
    print(f"({chunks / took:.1f} a second), at most {memory / 1e6:.0f} MB")
    assert memory <= MOST_MEMORY
