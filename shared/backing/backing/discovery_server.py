"""A DNS server that publishes ports from a file.

`python discovery_server.py FILE PORT` serves 127.0.0.1 over UDP. The file is a JSON object of
names and ports, `{"web": [20017, 20018]}`. `web.target` has an SRV record for each port (RFC 2782),
all of the host `here.target`, whose address is 127.0.0.1. The file is read for every query and
responses have a TTL of 0, so a replaced file takes effect at once.
"""

import json
import socket
import sys
import threading
from pathlib import Path
from typing import Any

from dnslib import QTYPE, RCODE, RR, SRV, A
from dnslib.server import BaseResolver, DNSHandler, DNSLogger, DNSServer

DOMAIN = "target"
HOST = f"here.{DOMAIN}."
_CONNECT_SECONDS = 0.05


class Resolver(BaseResolver):  # type: ignore[misc]
    """Resolve names from the JSON file; see the module's docstring for its form."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def resolve(self, request: Any, _handler: DNSHandler) -> Any:
        """Return the reply to one query; NXDOMAIN for a name that the file doesn't have."""
        reply = request.reply()
        name, kind = request.q.qname, request.q.qtype
        if str(name) == HOST:
            if kind == QTYPE.A:
                reply.add_answer(RR(name, QTYPE.A, ttl=0, rdata=A("127.0.0.1")))
            return reply
        ports = json.loads(self._file.read_text())
        label, _, domain = str(name).partition(".")
        if domain != f"{DOMAIN}." or label not in ports:
            reply.header.rcode = RCODE.NXDOMAIN
        elif kind == QTYPE.SRV:
            for port in listening(ports[label]):
                reply.add_answer(RR(name, QTYPE.SRV, ttl=0, rdata=SRV(0, 0, port, HOST)))
        return reply


def listening(ports: list[int]) -> list[int]:
    """Return those of the ports at which connections aren't refused; all, if all are.

    As a service registry does with health checks. A process that was killed is left out before
    the file is.
    """
    return [port for port in ports if not _refused(port)] or ports


def _refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), _CONNECT_SECONDS).close()
    except ConnectionRefusedError:
        return True
    except OSError:  # too busy to take one right now
        return False
    return False


def main() -> None:
    """Serve the file and port of the command line until the process is ended."""
    file, port = Path(sys.argv[1]), int(sys.argv[2])
    quiet = DNSLogger(log="error")
    server = DNSServer(Resolver(file), port=port, address="127.0.0.1", logger=quiet)
    server.start_thread()
    threading.Event().wait()


if __name__ == "__main__":
    main()
