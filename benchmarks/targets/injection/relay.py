"""A TCP relay: `python -m benchmarks.targets.injection.relay HERE:PORT THERE:PORT`.

It prints "listening" when it accepts connections, and ends at the end of its standard input.
"""

import asyncio
import sys
from contextlib import suppress

_CHUNK_BYTES = 65536


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await reader.read(_CHUNK_BYTES):
            writer.write(chunk)
            await writer.drain()
    writer.close()


async def _serve(here: tuple[str, int], there: tuple[str, int]) -> None:
    async def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            from_there, to_there = await asyncio.open_connection(*there)
        except OSError:
            writer.transport.abort()
            return
        await asyncio.gather(_pump(reader, to_there), _pump(from_there, writer))

    await asyncio.start_server(accepted, *here, backlog=1024)
    sys.stdout.write("listening\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)


if __name__ == "__main__":
    asyncio.run(_serve(_address(sys.argv[1]), _address(sys.argv[2])))
