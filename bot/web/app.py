"""The web page: built with `build`, served with `serve`.

    with Newsbot() as newsbot:
        serve(newsbot)          # until Ctrl-C, at http://127.0.0.1:7860

The page listens on this machine only, unless users were added, who then sign in (`signing`); it
answers only requests that come from itself (`guard`). Gradio takes seconds to import, so that
nothing here imports it before it is needed.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.errors import PortInUseError, SettingsError
from bot.web.guard import PageGuard, is_loopback
from bot.web.signing import SignIn

if TYPE_CHECKING:
    import gradio

    from bot.newsbot import Newsbot

THREADS = 120  # of handlers at a time: what waits for a model holds one, and delays nobody else
_SILENT = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_SHARE": "False",
    "GRADIO_RUN_HISTORY": "False",
    "GRADIO_MCP_SERVER": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
}


def build(newsbot: Newsbot) -> gradio.Blocks:
    """The page as Gradio Blocks, for whoever serves it otherwise than `serve` does."""
    os.environ.update(_SILENT)
    from bot.web.endpoints import Endpoints
    from bot.web.page import build_page

    page = build_page(newsbot)
    page.max_threads = THREADS
    with page:
        Endpoints(newsbot).add()
    return page


def serve(
    newsbot: Newsbot, host: str = "127.0.0.1", port: int = 7860, names: Sequence[str] = ()
) -> None:
    """Serve the page until it is interrupted; `port` 0 takes a free one.

    `names` are further names under which people open it, such as a proxy's. Raises PortInUseError
    when the port is taken, and SettingsError for a host beyond loopback while there are no users.
    """
    _check_host(newsbot, host)
    with _listen(host, port) as listener:  # before the slow imports, so that a failure is told soon
        import uvicorn

        config = uvicorn.Config(
            open_app(build(newsbot), newsbot, (host, *names)),
            log_level="warning",
            timeout_graceful_shutdown=2,
        )
        server = _announced(uvicorn.Server(config), _address(listener))
        server.run(sockets=[listener])


def open_app(page: gradio.Blocks, newsbot: Newsbot, names: Sequence[str] = ()) -> Any:
    """The page as a guarded ASGI application, which answers on loopback and under `names`."""
    import gradio
    from fastapi import FastAPI

    from bot.web.endpoints import speak_json
    from bot.web.login import add_routes
    from bot.web.theme import open_theme, read_styles

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_routes(app, newsbot)
    gradio.mount_gradio_app(
        app,
        page,
        path="/",
        theme=open_theme(),
        css=read_styles(),
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=True,
        show_error=False,
        max_file_size="50mb",
    )
    speak_json(page)
    return PageGuard(SignIn(app, newsbot), names)


def _check_host(newsbot: Newsbot, host: str) -> None:
    if not is_loopback(host) and not newsbot.users.exist():
        raise SettingsError(
            f"The page is served at {host} only to users who sign in, and there are none; add one "
            "with `newsbot user add NAME`, or use 127.0.0.1."
        )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":  # there it would let two servers share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise _refusal(host, port, error) from error
    return listener


def _refusal(host: str, port: int, error: OSError) -> PortInUseError | SettingsError:
    if error.errno == errno.EADDRINUSE:
        return PortInUseError(
            f"Port {port} of {host} is taken; choose another with --port, or --port 0 for a free "
            "one."
        )
    return SettingsError(f"The page cannot be served at {host}:{port}: {error.strerror}.")


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _announced(server: Any, address: str) -> Any:
    """The server, which says where it is once it answers."""
    start = server.startup

    async def startup(sockets: list[socket.socket] | None = None) -> None:
        await start(sockets=sockets)
        print(f"Newsbot is at {address} (Ctrl-C ends it)", file=sys.stderr, flush=True)  # noqa: T201

    server.startup = startup
    return server
