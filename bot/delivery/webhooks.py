"""An edition by HTTP POST, as plain JSON or as a Slack message.

The Idempotency-Key is the delivery's token. Private addresses are the owner's own choice here;
redirects are not followed, because they would take the edition and its token to somebody else.
Of an address only the host is ever told: the rest may be a secret.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.delivery.credentials import Secrets, quote_server
from bot.delivery.destinations import Webhook, check_address
from bot.delivery.parcels import Parcel
from bot.delivery.slack import write_message
from bot.errors import (
    AddressRefusedError,
    DeliveryFailedError,
    DeliveryRefusedError,
    FetchTimeoutError,
    HostUnreachableError,
)

if TYPE_CHECKING:
    import httpx

_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_READ = 2_000  # bytes of an answer that are looked at


def post(parcel: Parcel, webhook: Webhook, token: str, secrets: Secrets) -> str:
    """Sends the edition; says what the server answered. Raises a DeliveryError."""
    url = _address(webhook, secrets)
    headers = {"Content-Type": "application/json", "Idempotency-Key": token}
    if webhook.token_variable:
        headers["Authorization"] = f"Bearer {_header(webhook.token_variable, secrets)}"
    payload = write_message(parcel) if webhook.format == "slack" else to_payload(parcel)
    body = json.dumps(payload).encode()  # ASCII, so that a lone surrogate is no matter
    response, said = _send(url, {**headers, "User-Agent": "newsbot"}, body, webhook.timeout)
    return _judge(urlsplit(url).hostname or "", response, quote_server(secrets.redact(said)))


def to_payload(parcel: Parcel) -> dict[str, Any]:
    """The edition as plain JSON values: who it is, its text, and all that is known of it."""
    return {
        "id": parcel.id,
        "name": parcel.name,
        "slot": parcel.slot.isoformat(),
        "created": parcel.created.isoformat(),
        "subject": parcel.subject,
        "markdown": parcel.markdown,
        "edition": json.loads(parcel.json),
    }


def _address(webhook: Webhook, secrets: Secrets) -> str:
    if webhook.url:
        secrets.hide(webhook.url)
        return webhook.url
    variable = webhook.url_variable or ""
    try:
        return check_address(secrets.get(variable).strip())
    except ValueError as error:
        raise DeliveryRefusedError(f"{variable} holds no address: {error}.") from error


def _header(variable: str, secrets: Secrets) -> str:
    token = secrets.get(variable).strip()
    if not token.isascii() or not token.isprintable():
        raise DeliveryRefusedError(f"{variable} holds what cannot stand in a header.")
    return token


def _send(
    url: str, headers: dict[str, str], body: bytes, seconds: float
) -> tuple[httpx.Response, str]:
    """The answer to one request, and how its body begins.

    Goes past httpx's client, whose log tells whole addresses.
    """
    import httpx

    from bot.sources.hosts import Hosts
    from bot.sources.sockets import open_transport, within

    host = urlsplit(url).hostname or ""
    timeouts = httpx.Timeout(seconds).as_dict()
    request = httpx.Request(
        "POST", url, headers=headers, content=body, extensions={"timeout": timeouts}
    )
    with open_transport(Hosts.named([host])) as transport, within(seconds):
        try:
            response = transport.handle_request(request)
            return response, _read(response)
        except (AddressRefusedError, HostUnreachableError, FetchTimeoutError) as error:
            raise DeliveryFailedError(str(error)) from error
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise _unreached(host, error) from error
        except httpx.TransportError as error:
            raise DeliveryFailedError(
                f"{host} did not answer within {seconds:g} s, or broke off; nobody knows whether "
                "the edition arrived",
                unknown=True,
            ) from error


def _unreached(host: str, error: Exception) -> DeliveryFailedError | DeliveryRefusedError:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return DeliveryRefusedError(
            f"{host} shows a certificate that is not trusted; if it is yours, name its authority's "
            "in SSL_CERT_FILE."
        )
    return DeliveryFailedError(f"no connection to {host}: {quote_server(str(error))}")


def _read(response: httpx.Response) -> str:
    """The beginning of the answer, which says why where the edition was refused."""
    import httpx

    read = b""
    try:
        for part in response.iter_raw():
            read += part
            if len(read) > _READ:
                break
    except httpx.TransportError:
        pass  # the status has come, and it is what counts
    finally:
        response.close()
    return read[:_READ].decode("utf-8", "replace")


def _judge(host: str, response: httpx.Response, said: str) -> str:
    from bot.sources.retries import retry_after

    status = response.status_code
    told = f"{host} answered {status}" + (f": {said}" if said else "")
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        raise DeliveryRefusedError(
            f"{host} redirects ({status}), which is not followed; give the address it leads to"
        )
    if status in _PASSING:
        wait = retry_after(response.headers.get("retry-after"))
        raise DeliveryFailedError(told, wait=wait)
    raise DeliveryRefusedError(told)
