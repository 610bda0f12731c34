"""The articles of a library as a briefing needs them: with vectors, and found by topic."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.embeddings import translated
from bot.entities import Article, ArticleDetails

if TYPE_CHECKING:
    import numpy as np
    from langchain_core.embeddings import Embeddings
    from numpy.typing import NDArray

    from bot.archive import Archive
    from vectorstore.embeddings import OnnxEmbeddings
    from vectorstore.store import ChunkStore

    Vectors = NDArray[np.float32]

_LEAD = 600  # characters of an article that say what its story is
_COMPARED = 2_000  # chunks whose likeness to a topic is asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryShelf:
    """A `bot.briefings.Shelf`. `english` embeds what is compared, `embeddings` are the index's.

    They and the `store` are opened when they are first needed.
    """

    archive: Archive
    store: Callable[[], ChunkStore]
    embeddings: Callable[[], Embeddings]
    english: Callable[[], OnnxEmbeddings]

    def details(self) -> Sequence[ArticleDetails]:
        """Every live article, newest first."""
        return self.archive.details()

    def alternates(self) -> Mapping[str, str]:
        """Articles whose text is another's, or nearly: the id of each, and of what it repeats."""
        return self.archive.alternates()

    def load(self, ids: Sequence[str]) -> Sequence[Article]:
        """The articles with their text, in the order of the ids."""
        return self.archive.articles(ids)

    @translated()
    def vectors(self, articles: Sequence[Article]) -> Vectors:
        """A unit row for each article, of its headline and lead: that of its first chunk if kept.

        Always the embedded English model's: what groups stories was fixed on its cosines.
        """
        import numpy as np

        known = self._lead_vectors(articles)
        rows = [known.get(article.id) for article in articles]
        missing = [i for i, row in enumerate(rows) if row is None]
        leads = [f"{articles[i].title}\n\n{articles[i].text[:_LEAD]}" for i in missing]
        for i, row in zip(missing, self.english().embed(leads), strict=True):
            rows[i] = row
        return np.stack(rows) if rows else np.zeros((0, 0), np.float32)  # type: ignore[arg-type]

    @translated()
    def on_topic(self, topic: str, articles: Sequence[Article]) -> frozenset[str]:
        """The ids of the articles that are about the topic."""
        from bot.topics import is_about

        embeddings = self.embeddings()
        comparable = getattr(embeddings, "comparable", float)
        vector = embeddings.embed_query(topic)
        likeness: dict[str, float] = {}
        for chunk, similarity in self.store().nearest(vector, _COMPARED):
            likeness.setdefault(chunk.rsplit(":", 2)[0], comparable(similarity))
        about = (one for one in articles if is_about(topic, one, likeness.get(one.id, 0.0)))
        return frozenset(article.id for article in about)

    def topic_vector(self, topic: str) -> Vectors:
        """The unit vector of a topic, to be compared with those of articles."""
        vector: Vectors = self.english().embed([topic])[0]
        return vector

    def _lead_vectors(self, articles: Sequence[Article]) -> dict[str, Any]:
        """The vectors of first chunks, by article, as far as they were made by the same model."""
        from bot.archive.chunks import hash_chunk

        ids = [f"{article.id}:{article.revision}:0" for article in articles]
        firsts = self.archive.chunks.load(ids)
        hashes = {chunk.metadata["article"]: hash_chunk(chunk) for chunk in firsts}
        kept = self.archive.chunks.vectors(self.english().name, list(hashes.values()))
        return {article: kept[one] for article, one in hashes.items() if one in kept}
