"""Every failure of the vector store. The messages say what happened, to what, and what to do.

    VectorStoreError
    ├── EmbeddingsError             an embedding model did not deliver
    │   ├── WeightsMissingError     the model's file or package is not there
    │   └── WeightsAlteredError     the file is not the one that it should be
    └── ChunkIndexError             the index of chunks cannot do what was asked
        ├── ChunkIndexDamagedError  its files are not what was written
        └── ChunkIndexMismatchError  it holds another model's vectors

This module knows nothing about the application's own errors, which translate these.
"""


class VectorStoreError(Exception):
    """The root of every failure of chunks, embeddings, keywords and the index."""


class EmbeddingsError(VectorStoreError):
    """An embedding model cannot be used, or did not deliver."""


class WeightsMissingError(EmbeddingsError):
    """The file or the package that holds a model's weights is not there."""


class WeightsAlteredError(EmbeddingsError):
    """A model's file is not the one that it should be, or cannot be loaded."""


class ChunkIndexError(VectorStoreError):
    """The index of chunks cannot do what was asked."""


class ChunkIndexDamagedError(ChunkIndexError):
    """The files of the index are not what was written."""


class ChunkIndexMismatchError(ChunkIndexError):
    """The index holds vectors of another embedding model or another width."""
