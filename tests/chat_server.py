"""A scripted OpenAI-compatible chat server on loopback, with a vocabulary of its own.

    with ChatServer() as server:
        server.reply("Kim arrived on Tuesday. [1]")
        server.fail(429, retry_after=1)
        ChatOpenAI(base_url=server.url, api_key="k", model="scripted").invoke("Who arrived?")

Each request takes the next step of the script; the last step repeats. It speaks enough of
`POST /v1/chat/completions`, streamed and whole, for the real clients, and knows nothing of Newsbot.
"""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Reply = str | Callable[["ChatRequest"], str]


@dataclass(frozen=True)
class ChatRequest:
    """One request as it came in; header names are in lower case."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def messages(self) -> list[str]:
        """The text of each message."""
        return [message["content"] for message in self.body.get("messages", [])]

    @property
    def prompt(self) -> str:
        """All messages in one text."""
        return "\n\n".join(self.messages)


@dataclass(frozen=True)
class _Step:
    text: Reply = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    error: dict[str, Any] | None = None
    raw: str | None = None
    finish: str | None = "stop"
    choices: bool = True
    usage: bool = True
    odds: dict[str, float] | None = None
    pause: float = 0.0
    delay: float = 0.0
    ending: str = "done"  # or "cut" (a clean close), "drop" (an unclean one), "hang"


class ChatServer:
    """The server; a context manager, so that its thread and port end with the test."""

    def __init__(self) -> None:
        self.requests: list[ChatRequest] = []
        self.left = threading.Event()  # a client went away before its reply was complete
        self._script: list[_Step] = []
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._http = _QuietServer(("127.0.0.1", 0), _Exchange)
        self._http.daemon_threads = True
        self._http.chat = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)

    @property
    def url(self) -> str:
        """The base URL, with /v1."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    # The vocabulary. Every word adds a step to the script.

    def reply(
        self, text: Reply, *, usage: bool = True, pause: float = 0.0, delay: float = 0.0
    ) -> None:
        """This text (or what a function makes of the request); `pause` seconds between pieces."""
        self._add(_Step(text, usage=usage, pause=pause, delay=delay))

    def judge(self, **odds: float) -> None:
        """One token, the most probable of these, and the logarithms of their probabilities."""
        self._add(_Step(max(odds, key=lambda token: odds[token]), finish="length", odds=odds))

    def fail(
        self,
        status: int,
        message: str = "it failed",
        *,
        code: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        """An HTTP error with OpenAI's error body."""
        headers = {} if retry_after is None else {"Retry-After": f"{retry_after:g}"}
        error = {"message": message, "type": "error", "param": None, "code": code}
        self._add(_Step(status=status, headers=headers, error=error))

    def hang(self, text: Reply = "") -> None:
        """This text, and then nothing for ever."""
        self._add(_Step(text, ending="hang"))

    def cut(self, text: Reply) -> None:
        """This text, and then a clean close without a finish reason."""
        self._add(_Step(text, ending="cut"))

    def drop(self, text: Reply) -> None:
        """This text, and then a broken connection."""
        self._add(_Step(text, ending="drop"))

    def fill(self, text: Reply) -> None:
        """This text, ended by the limit of output tokens."""
        self._add(_Step(text, finish="length"))

    def censor(self, text: Reply = "") -> None:
        """This text, ended by a content filter."""
        self._add(_Step(text, finish="content_filter"))

    def garble(self, raw: str = '{"choices": [') -> None:
        """Bytes that are no JSON."""
        self._add(_Step(raw=raw))

    def omit_choices(self) -> None:
        """A completion whose list of choices is empty."""
        self._add(_Step(choices=False))

    def forget(self) -> None:
        """The script so far; for a server that several tests share."""
        with self._lock:
            self._script.clear()
            self.left.clear()

    def _add(self, step: _Step) -> None:
        with self._lock:
            self._script.append(step)

    def _next(self, request: ChatRequest) -> _Step:
        with self._lock:
            self.requests.append(request)
            if not self._script:
                return _Step(status=500, error={"message": "nothing is scripted"})
            return self._script.pop(0) if len(self._script) > 1 else self._script[0]


class _QuietServer(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A client that goes away is no error here."""


class _Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Keep tests quiet."""

    def do_POST(self) -> None:
        request = self._request()
        step = self._chat._next(request)
        text = step.text if isinstance(step.text, str) else step.text(request)
        self._chat._closing.wait(step.delay)
        try:
            if step.error is not None:
                self._send(step.status, json.dumps({"error": step.error}), step.headers)
            elif request.body.get("stream"):
                self._stream(step, text, request)
            else:
                self._whole(step, text, request)
        except OSError:
            self.close_connection = True
            self._chat.left.set()

    @property
    def _chat(self) -> ChatServer:
        return self.server.chat  # type: ignore[attr-defined,no-any-return]

    def _request(self) -> ChatRequest:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        return ChatRequest(self.path, headers, json.loads(body or b"{}"))

    def _send(self, status: int, body: str, headers: dict[str, str]) -> None:
        encoded = body.encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(encoded)))
        self.end_headers()
        self.wfile.write(encoded)

    def _whole(self, step: _Step, text: str, request: ChatRequest) -> None:
        if step.ending != "done":
            self._end(step)
            return
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": step.finish}
        if step.odds and request.body.get("logprobs"):
            choice["logprobs"] = _logprobs(step.odds)
        completion = _envelope(request, "chat.completion", [choice] if step.choices else [])
        if step.usage:
            completion["usage"] = _usage(request, text)
        self._send(200, step.raw if step.raw is not None else json.dumps(completion), {})

    def _stream(self, step: _Step, text: str, request: ChatRequest) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for event in _events(step, text, request):
            self._chunk(f"data: {event}\n\n")
            time.sleep(step.pause)
        if step.ending in ("hang", "drop"):
            self._end(step)
        else:
            self.wfile.write(b"0\r\n\r\n")

    def _chunk(self, text: str) -> None:
        encoded = text.encode()
        self.wfile.write(f"{len(encoded):x}\r\n".encode() + encoded + b"\r\n")
        self.wfile.flush()

    def _end(self, step: _Step) -> None:
        if step.ending == "hang":
            self._chat._closing.wait(60)
        self.close_connection = True


def _events(step: _Step, text: str, request: ChatRequest) -> Iterator[str]:
    if step.raw is not None:
        yield step.raw
        return
    for piece in _pieces(text):
        choice = {"index": 0, "delta": {"role": "assistant", "content": piece}}
        yield _event(request, [choice | {"finish_reason": None}])
    if step.ending != "done":
        return
    if step.choices:
        yield _event(request, [{"index": 0, "delta": {}, "finish_reason": step.finish}])
    if step.usage and request.body.get("stream_options", {}).get("include_usage"):
        yield json.dumps(
            _envelope(request, "chat.completion.chunk", []) | {"usage": _usage(request, text)}
        )
    yield "[DONE]"


def _pieces(text: str) -> Iterator[str]:
    """Pieces of four characters, so that marks, words and sentences come apart."""
    return (text[start : start + 4] for start in range(0, len(text), 4))


def _event(request: ChatRequest, choices: list[dict[str, Any]]) -> str:
    return json.dumps(_envelope(request, "chat.completion.chunk", choices))


def _envelope(request: ChatRequest, kind: str, choices: list[Any]) -> dict[str, Any]:
    model = request.body.get("model", "scripted")
    return {"id": "chat-1", "object": kind, "created": 0, "model": model, "choices": choices}


def _logprobs(odds: dict[str, float]) -> dict[str, Any]:
    ranked = sorted(odds.items(), key=lambda pair: -pair[1])
    tokens = [{"token": token, "logprob": math.log(chance)} for token, chance in ranked]
    return {"content": [{**tokens[0], "top_logprobs": tokens}], "refusal": None}


def _usage(request: ChatRequest, text: str) -> dict[str, int]:
    prompt, completion = len(request.prompt.split()), len(text.split())
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }
