"""Which hosts may be fetched: public ones, and private ones that the user names.

A name is resolved once and the connection goes to an address that was judged here, so a name that
changes its address between judgement and connection ("rebinding") gains nothing. Every notation of
an address (127.1, 0x7f000001, ::ffff:127.0.0.1) is judged by what it resolves to.
"""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
from collections.abc import Iterable
from dataclasses import dataclass

from bot.errors import AddressRefusedError, FetchTimeoutError, HostUnreachableError

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_REFUSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "168.63.129.16/32",  # Azure's metadata, at a public address
        "192.0.0.0/24",  # protocol assignments, Oracle's metadata among them
        "192.88.99.0/24",  # 6to4 relays
        "fec0::/10",  # site-local
        "64:ff9b:1::/48",  # local NAT64
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_WEB_PORTS = (80, 443)


@dataclass(frozen=True, slots=True)
class Hosts:
    """The rule of which hosts may be fetched. `allowed` names private hosts, as host or host:port.

        Hosts.named("wiki.intranet, 127.0.0.1:8080")

    An allowed host may have any address and any port; it is the user's own.
    """

    allowed: frozenset[str] = frozenset()

    @classmethod
    def named(cls, hosts: str | Iterable[str] | None) -> Hosts:
        """The rule that allows the hosts of a list, or of text that separates them by commas."""
        names = hosts.split(",") if isinstance(hosts, str) else (hosts or ())
        return cls(frozenset(name.strip().lower().rstrip(".") for name in names if name.strip()))

    def is_allowed(self, host: str, port: int) -> bool:
        """Whether the user named this host (an IPv6 address with or without its brackets)."""
        host = host.lower().rstrip(".").strip("[]")
        return not self.allowed.isdisjoint(
            (host, f"{host}:{port}", f"[{host}]", f"[{host}]:{port}")
        )

    def resolve(self, host: str, port: int, seconds: float) -> tuple[str, ...]:
        """The addresses of `host` that may be connected to, in the system's order.

        Raises `AddressRefusedError` when one of them may not: a name with a public and a private
        address is not one that honest sites have. Waits for the name at most `seconds`.
        """
        is_allowed = self.is_allowed(host, port)
        if not is_allowed and port < 1024 and port not in _WEB_PORTS:
            raise AddressRefusedError(f"Port {port} of {host} is no web port; it was not fetched.")
        addresses = _look_up(host, port, seconds)
        refused = next((one for one in addresses if not is_public(one)), None)
        if refused is not None and not is_allowed:
            where = host if host.strip("[]") == refused else f"{host}, at {refused},"
            raise AddressRefusedError(f"{where} is no public address; {_advice(host, refused)}")
        return addresses


PUBLIC = Hosts()  # public hosts alone


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, whatever it is wrapped in."""
    try:
        judged = _unwrapped(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    return (
        judged.is_global
        and not judged.is_multicast
        and not judged.is_reserved
        and not any(judged in network for network in _REFUSED)
    )


def _advice(host: str, address: str) -> str:
    """What to do about a private address; nobody is led to where clouds keep secrets."""
    if _unwrapped(ipaddress.ip_address(address.partition("%")[0])).is_link_local:
        return "no article is kept there."
    return f"add {host} to NEWSBOT_ALLOWED_HOSTS if it may be fetched."


def _unwrapped(address: _Address) -> _Address:
    """The IPv4 address inside one of IPv6, when there is one."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address.teredo is not None:
        return address.teredo[1]
    return address.ipv4_mapped or address.sixtofour or address


def _look_up(host: str, port: int, seconds: float) -> tuple[str, ...]:
    """The addresses of a name. A thread waits, because the system's own look-up has no time-out."""
    answers: queue.SimpleQueue[tuple[str, ...] | Exception] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put(tuple(dict.fromkeys(str(one[4][0]) for one in found)))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=look_up, name=f"look up {host}", daemon=True).start()
    try:
        answer = answers.get(timeout=max(seconds, 0))
    except queue.Empty as error:
        raise FetchTimeoutError(
            f"The name {host} was not resolved within {seconds:g} s; try again later."
        ) from error
    if isinstance(answer, Exception) or not answer:
        reason = getattr(answer, "strerror", None) or "it has no address"
        raise HostUnreachableError(
            f"The name {host} is not known ({reason}); check the address and the network."
        )
    return answer
