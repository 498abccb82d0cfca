"""Many clients that wait for one response each: what each of them got."""

import asyncio
import time
from urllib.parse import urlsplit

_OPENING_AT_ONCE = 50
_LIMIT_SECONDS = 60.0


async def wait_at_once(
    base_url: str, path: str, *, token: str, clients: int, at_least_seconds: float
) -> list[str]:
    """Open all connections, then send all requests; return a word for what each client got.

    "held to the limit", "sent away" (with Retry-After), "early" (without) or "broken". The time
    counts from when the request was sent, as raw bytes: an HTTP client of Python takes seconds for
    a thousand requests, and would count them as the server's.
    """
    address = urlsplit(base_url)
    opening = asyncio.Semaphore(_OPENING_AT_ONCE)

    async def connect() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        async with opening:
            return await asyncio.open_connection(address.hostname, address.port)

    connections = await asyncio.gather(*(connect() for _ in range(clients)))
    lines = [f"GET {path} HTTP/1.1", f"Host: {address.netloc}", f"Authorization: {token}"]
    request = "\r\n".join([*lines, "Connection: close", "", ""]).encode()

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
        started = time.monotonic()
        writer.write(request)
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _LIMIT_SECONDS)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            return "broken"
        finally:
            writer.close()
        if b"\r\nretry-after:" in head.lower():
            return "sent away"
        return "early" if time.monotonic() - started < at_least_seconds else "held to the limit"

    return await asyncio.gather(*(one(*it) for it in connections))
