"""A stand-in for a unit: it serves HTTP, consumes from the broker, uses CPU in a child."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

BURN = "import time; end = time.process_time() + 0.3\nwhile time.process_time() < end: pass"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps({"pid": os.getpid(), "mode": os.environ["ENVIRONMENT"]}).encode()
        if self.path == "/burn":
            subprocess.run([sys.executable, "-c", BURN], check=True)
        if self.path == "/slow":
            time.sleep(1.5)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)


def web() -> None:
    if os.environ.get("FAKE_WEB") == "broken":
        sys.exit("the fake web process is configured to break")
    address = (os.environ["HOST"], int(os.environ["PORT"]))
    ThreadingHTTPServer(address, Handler).serve_forever()


def end_of_work(*_: object) -> None:
    if Path(os.environ["BUSY"]).exists():  # longer than a process has when all are stopped
        time.sleep(6)
        sys.stdout.write("the work is done\n")
        sys.stdout.flush()
    sys.exit()


def worker() -> None:
    """Block in BRPOP, as a Celery worker does; a child holds on as a prefork child does."""
    signal.signal(signal.SIGTERM, end_of_work)
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    broker = urlsplit(os.environ["BROKER_URL"])
    with socket.create_connection((broker.hostname, broker.port)) as connection:
        password = unquote(broker.password or "")
        connection.sendall(f"AUTH {password}\r\nBRPOP fake 0\r\n".encode())
        while connection.recv(4096):
            pass
    time.sleep(600)


def main() -> None:
    kind = sys.argv[1]
    sys.stdout.write(f"{kind} starts\n")
    sys.stdout.flush()
    if kind == "release":
        Path(os.environ["RELEASED"]).write_text(os.environ["DATABASE_URL"])
        sys.exit(os.environ.get("FAKE_RELEASE") == "broken")
    if kind == "sweeper":
        time.sleep(600)
    {"web": web, "worker": worker}[kind]()


main()
