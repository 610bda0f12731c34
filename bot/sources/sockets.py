"""Connections for httpx that go only where `Hosts` permits, and end when their time is up.

httpcore hands the name to `connect_tcp`; the connection is made to the very address that was
judged, while TLS and the Host header keep the name. The time that a whole fetch may take is kept in
a context variable of the thread that fetches: httpx itself limits single reads only, and a server
that sends a byte a second would never exceed those.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from ssl import SSLContext
from typing import Any

import httpcore
import httpx

from bot.sources.hosts import Hosts

_ends: ContextVar[float | None] = ContextVar("ends", default=None)
_CONNECTIONS = 64


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Limit what this thread does on its connections to `seconds` altogether."""
    token = _ends.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends.reset(token)


def open_transport(hosts: Hosts) -> httpx.HTTPTransport:
    """A transport whose connections are all made by `_JudgedBackend`."""
    context = httpx.create_ssl_context()  # honours SSL_CERT_FILE, for the CA of an intranet
    transport = httpx.HTTPTransport(verify=context)
    transport._pool.close()
    transport._pool = httpcore.ConnectionPool(  # httpx has no parameter for it
        ssl_context=context,
        max_connections=_CONNECTIONS,
        max_keepalive_connections=_CONNECTIONS,
        keepalive_expiry=5.0,
        network_backend=_JudgedBackend(hosts),
    )
    return transport


class _JudgedBackend(httpcore.NetworkBackend):
    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts
        self._real = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self._hosts.resolve(host, port, _left(timeout))
        problem: Exception | None = None
        for address in addresses:
            try:
                stream = self._real.connect_tcp(
                    address, port, _left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
            else:
                return _TimedStream(stream)
        raise problem or httpcore.ConnectError("no address")

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class _TimedStream(httpcore.NetworkStream):
    """A connection of which no read or write outlasts the time of its fetch."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        with suppress(OSError, AttributeError):  # wakes a thread that waits for the server
            self._stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        self._stream.close()

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(timeout: float | None) -> float:
    """The seconds that the next step may take; raises when the fetch's time is up."""
    limit = timeout if timeout is not None else 60.0
    ends = _ends.get()
    left = limit if ends is None else min(limit, ends - time.monotonic())
    if left <= 0:
        raise httpcore.ReadTimeout("the time for the whole fetch is up")
    return left
