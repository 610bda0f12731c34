"""A server on loopback that sends bytes as a test says, be they HTTP or not."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

Answer = Callable[[socket.socket, bytes], None]


@contextlib.contextmanager
def serving(answer: Answer, *, robots: bool = False) -> Iterator[str]:
    """The address of a server that calls `answer` with each connection and what it was sent.

    It has no robots.txt, unless `answer` is to be asked for that too.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_accept, args=(listener, answer, robots), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()


def _accept(listener: socket.socket, answer: Answer, robots: bool) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_speak, args=(connection, answer, robots), daemon=True).start()


def _speak(connection: socket.socket, answer: Answer, robots: bool) -> None:
    with connection, contextlib.suppress(OSError):
        asked = connection.recv(65_536)
        if asked.startswith(b"GET /robots.txt") and not robots:
            connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            asked = connection.recv(65_536)
        if asked:
            answer(connection, asked)
