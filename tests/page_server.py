"""The page of a Newsbot, served from a thread of the test's own process.

with serving_page(newsbot) as address:
    httpx.get(f"{address}/config")
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from bot.newsbot import Newsbot
from bot.web.app import build, open_app


@contextmanager
def serving_page(newsbot: Newsbot, *names: str) -> Iterator[str]:
    """The address of the page, as `serve` would serve it on a free port."""
    listener = socket.create_server(("127.0.0.1", 0))
    app = open_app(build(newsbot), newsbot, names)
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1, lifespan="on")
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
