"""Writes ONNX graphs: as much of the format as a transformer of packed weights needs.

    graph = Graph()
    found = graph.add("Add", ["x", graph.tensor(bias)])
    session = graph.open(["x"], found, width=384)

The format is protocol buffers (onnx.proto); a field is its number, its kind and its bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import onnxruntime
    from numpy.typing import NDArray

_TYPES = {"float32": 1, "uint8": 2}
_FLOAT = 1
_IR, _OPSET = 8, 17
MICROSOFT = "com.microsoft"  # the operators that onnxruntime adds to the standard's


class Graph:
    """A graph that grows by operators; names of what they give are made up here."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._tensors: list[bytes] = []

    def tensor(self, values: NDArray[Any]) -> str:
        """Keeps constant values; their name."""
        name = f"t{len(self._tensors)}"
        dims = b"".join(_field(1, size) for size in values.shape)
        kind = _field(2, _TYPES[values.dtype.name])
        self._tensors.append(dims + kind + _field(8, name) + _field(9, values.tobytes()))
        return name

    def add(
        self, operator: str, inputs: Sequence[str], domain: str = "", **attributes: float
    ) -> str:
        """Adds an operator; the name of what it gives. "" among `inputs` is one left out."""
        name = f"n{len(self._nodes)}"
        node = b"".join(_field(1, one) for one in inputs) + _field(2, name)
        node += _field(4, operator) + _field(7, domain)
        node += b"".join(_field(5, _attribute(key, value)) for key, value in attributes.items())
        self._nodes.append(node)
        return name

    def open(
        self, given: str, found: str, width: int, options: onnxruntime.SessionOptions
    ) -> onnxruntime.InferenceSession:
        """A session from `given`, of shape (1, tokens, width), to `found` of the same shape."""
        import onnxruntime

        graph = b"".join(_field(1, node) for node in self._nodes) + _field(2, "graph")
        graph += b"".join(_field(5, tensor) for tensor in self._tensors)
        graph += _field(11, _shape(given, width)) + _field(12, _shape(found, width))
        model = _field(1, _IR) + _field(7, graph)
        for domain, version in (("", _OPSET), (MICROSOFT, 1)):
            model += _field(8, _field(1, domain) + _field(2, version))
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _field(number: int, value: int | str | bytes | float) -> bytes:
    """One field: a whole number, a float, or bytes with their length."""
    if isinstance(value, float):
        return _varint(number << 3 | 5) + struct.pack("<f", value)
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    whole = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(whole)) + whole


def _varint(number: int) -> bytes:
    """A whole number in groups of seven bits, the lowest first."""
    groups = []
    while number > 0x7F:
        groups.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*groups, number])


def _attribute(name: str, value: float) -> bytes:
    is_float = isinstance(value, float)
    return _field(1, name) + _field(2 if is_float else 3, value) + _field(20, 1 if is_float else 2)


def _shape(name: str, width: int) -> bytes:
    sizes = (_field(1, 1), _field(2, "tokens"), _field(1, width))
    dimensions = b"".join(_field(1, size) for size in sizes)
    tensor = _field(1, _FLOAT) + _field(2, dimensions)
    return _field(1, name) + _field(2, _field(1, tensor))
