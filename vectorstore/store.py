"""Chunks' vectors in Chroma: LangChain's store, safe for many processes, and given its vectors.

    store = open_store(directory, open_embeddings())
    store.upsert(ids, vectors, metadatas)
    store.nearest(vector, k=8, where=Where(since=1700000000))

Texts are not kept here: whoever removes a text must be able to remove it for good, so that one
database holds it, and this index ids, vectors and what filters need.

Importing this module imports Chroma, which takes a second: import it where it is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from chromadb.errors import NotFoundError
from langchain_chroma import Chroma
from langchain_core.embeddings import Embeddings

from vectorstore.errors import ChunkIndexDamagedError, ChunkIndexError, ChunkIndexMismatchError
from vectorstore.filters import ANYWHERE, Where
from vectorstore.sharing import SharedClient, shared_client

COLLECTION = "chunks"
BATCH = 5_000  # the most that goes to Chroma at once; it takes 5,461

# Chroma's own 16, 100 and 100 leave one in forty vectors of small tight groups without a link from
# any other, never to be found. On 5,400 chunks of news these raise the recall of the nearest 100
# from .978 to .999, for .5 milliseconds of work a vector instead of .3.
_CONFIGURATION = {
    "hnsw": {"space": "cosine", "max_neighbors": 32, "ef_construction": 200, "ef_search": 200}
}
_WRITES = frozenset({"add", "upsert", "update", "modify", "delete"})
_PERSISTED = 2_000  # vectors from which an index has files of its own; Chroma writes one per 1,000


def open_store(
    directory: Path, embeddings: Embeddings, url: str | None = None, mend: str = ""
) -> ChunkStore:
    """The store in a directory, or on the Chroma server at `url`; it is made when first used.

    `embeddings` have a `name`, which the index remembers. `mend` is the sentence, added to the
    error about a damaged or foreign index, that says what to do about it.
    """
    return ChunkStore(directory, embeddings, url, mend)


class ChunkStore(Chroma):
    """LangChain's Chroma store on a collection that many processes share.

    Every operation may raise `ChunkIndexError`: `ChunkIndexDamagedError` when the files are not
    what Chroma wrote, `ChunkIndexMismatchError` when the index holds another model's vectors or
    another Chroma wrote it. `reset` mends both, by emptying it.
    """

    def __init__(
        self, directory: Path, embeddings: Embeddings, url: str | None = None, mend: str = ""
    ) -> None:
        self.model: str = getattr(embeddings, "name", type(embeddings).__name__)
        self.directory = directory
        self._shared = SharedCollection(shared_client(directory, url), self.model, mend)
        super().__init__(
            collection_name=COLLECTION,
            embedding_function=embeddings,
            client=_Opened(self._shared),
        )

    @property
    def identity(self) -> str:
        """Changes whenever the index starts anew, empty."""
        return self._shared.identity

    def exclusive(self) -> AbstractContextManager[None]:
        """Keeps other threads and processes from the index for a block of several operations."""
        return self._shared.client.exclusive()

    def upsert(
        self, ids: Sequence[str], vectors: Any, metadatas: Sequence[Mapping[str, Any]]
    ) -> None:
        """Adds chunks or replaces them: `vectors` of shape (ids, width), metadata for filters."""
        for part in _batches(len(ids)):
            self._shared.upsert(
                ids=list(ids[part]), embeddings=vectors[part], metadatas=list(metadatas[part])
            )

    def delete(self, ids: Sequence[str] | None = None, **kwargs: Any) -> None:
        """Removes chunks; an id that is not there is nothing to remove."""
        wanted = list(ids or ())
        for part in _batches(len(wanted)):
            self._shared.delete(ids=wanted[part])

    def nearest(self, vector: Any, k: int, where: Where = ANYWHERE) -> list[tuple[str, float]]:
        """The ids of the `k` chunks most similar to `vector`, best first, with their cosine."""
        if k < 1:
            return []
        found = self._shared.query(
            query_embeddings=[vector], n_results=k, where=where.to_chroma(), include=["distances"]
        )
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(identity, 1.0 - distance) for identity, distance in pairs]

    def ids(self) -> set[str]:
        """The ids of all chunks (half a second for 100,000)."""
        return set(self._shared.get(include=[])["ids"])

    def count(self) -> int:
        """How many chunks the index holds."""
        number: int = self._shared.count()
        return number

    def reset(self) -> str:
        """Starts the index anew, empty, even when it is damaged; returns its new `identity`."""
        return self._shared.reset()

    def close(self) -> None:
        """Lets go of the files; a later operation opens them again."""
        self._shared.client.close()


class SharedCollection:
    """A Chroma collection, each of whose methods runs under the lock and sees every write."""

    def __init__(self, client: SharedClient, model: str, mend: str) -> None:
        self.client = client
        self._model = model
        self._mend = mend
        self._opening = 0
        self._collection: Any = None

    def __getattr__(self, method: str) -> Callable[..., Any]:
        if method.startswith("_"):
            raise AttributeError(method)
        return partial(self._run, method)

    @property
    def identity(self) -> str:
        """Chroma's own identity of the collection."""
        with self._advised():
            return self.client.run(lambda client: str(self._current(client).id), writes=False)

    def reset(self) -> str:
        """Deletes the collection and makes it anew."""
        with self.client.exclusive():
            self._opening = 0
            if self.client.url:
                self.client.run(_delete_collection, writes=True)
            else:
                self.client.erase()
            return self.identity

    def _run(self, method: str, *arguments: Any, **named: Any) -> Any:
        def operate(client: Any) -> Any:
            return getattr(self._current(client), method)(*arguments, **named)

        with self._advised():
            return self.client.run(operate, writes=method in _WRITES)

    def _current(self, client: Any) -> Any:
        if self.client.url or self._opening != self.client.opening:
            self._collection = self._open(client)
            self._opening = self.client.opening
        return self._collection

    def _open(self, client: Any) -> Any:
        """The collection that is there, or a new one.

        Without an embedding function: Chroma would download a model for its default one.
        """
        expected = {"model": self._model, "chroma": client.get_version()}
        try:
            collection = client.get_collection(COLLECTION, embedding_function=None)
        except NotFoundError:
            return client.create_collection(
                COLLECTION,
                embedding_function=None,
                metadata=expected,
                configuration=_CONFIGURATION,
            )
        _compare(collection.metadata or {}, expected)
        if not self.client.url:
            _look_for_files(self.client.directory, collection)
        return collection

    @contextmanager
    def _advised(self) -> Iterator[None]:
        """Adds to the error about a damaged or foreign index what to do about it."""
        try:
            yield
        except (ChunkIndexDamagedError, ChunkIndexMismatchError) as error:
            raise type(error)(f"{error} {self._mend}".strip()) from error


class _Opened:
    """As much of a Chroma client as LangChain's store asks for."""

    def __init__(self, collection: SharedCollection) -> None:
        self._shared = collection

    def get_or_create_collection(self, **_: Any) -> SharedCollection:
        return self._shared

    def delete_collection(self, _: str) -> None:
        self._shared.reset()


def _compare(found: Mapping[str, Any], expected: Mapping[str, str]) -> None:
    for key, what in (("model", "the embedding model"), ("chroma", "Chroma")):
        if found.get(key) != expected[key]:
            raise ChunkIndexMismatchError(
                f"The index was made with {what} {found.get(key)}, and {expected[key]} is in use."
            )


def _look_for_files(directory: Path, collection: Any) -> None:
    """Without its files Chroma would find only the newest vectors, and say nothing."""
    if not any(directory.glob("*/index_metadata.pickle")) and collection.count() >= _PERSISTED:
        raise ChunkIndexDamagedError(f"The index in {directory} is damaged: files are missing.")


def _delete_collection(client: Any) -> None:
    try:
        client.delete_collection(COLLECTION)
    except (NotFoundError, ChunkIndexError):
        return


def _batches(count: int) -> Iterator[slice]:
    return (slice(start, start + BATCH) for start in range(0, count, BATCH))
