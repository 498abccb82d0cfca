"""A toy target for `job_queue.py`: a queue of jobs in memory, by the standard library alone.

    python benchmarks/examples/toy_queue.py --port 8090 --work-ms 20

One worker takes a job after another, so that it saturates as a real target does.
"""

import argparse
import json
import queue
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "toy"


class ToyQueue(ThreadingHTTPServer):
    """The server with its jobs; used as a context manager, it serves and works."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int = 0, *, work_ms: float = 20.0, lose_every: int = 0) -> None:
        """Listen on a port, 0 for a free one. Every `lose_every`-th job isn't counted."""
        super().__init__(("127.0.0.1", port), _Handler)
        self.base_url = f"http://127.0.0.1:{self.server_port}"
        self.work_ms, self.lose_every = work_ms, lose_every
        self.jobs: dict[str, dict[str, Any]] = {}
        self.waiting: queue.Queue[str | None] = queue.Queue()
        self.lock = threading.Lock()

    def add(self, job: dict[str, Any]) -> dict[str, Any]:
        """Accept a job; returns it with its number."""
        with self.lock:
            number = len(self.jobs) + 1
            accepted = {"number": number, "state": "queued", "numbers": job["numbers"]}
            self.jobs[str(number)] = accepted
        self.waiting.put(str(number))
        return accepted

    def count(self) -> int:
        """Return how many jobs there are."""
        lost = len(self.jobs) // self.lose_every if self.lose_every else 0
        return len(self.jobs) - lost

    def work(self) -> None:
        """Do jobs until None is put into the queue."""
        while (number := self.waiting.get()) is not None:
            time.sleep(self.work_ms / 1000)
            job = self.jobs[number]
            job |= {"output": sum(job["numbers"]), "state": "done"}

    def __enter__(self) -> "ToyQueue":
        for loop in (self.serve_forever, self.work):
            threading.Thread(target=loop, daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.shutdown()
        self.waiting.put(None)
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: ToyQueue

    def do_GET(self) -> None:
        """Respond with the health, the statistics, a job or its output."""
        match self.path.strip("/").split("/"):
            case ["health"]:
                self._respond(200, {})
            case _ if self.headers.get("X-Queue-Key") != KEY:
                self._respond(403, {"error": "key"})
            case ["statistics"]:
                self._respond(200, {"jobs": self.server.count()})
            case ["jobs", number] if number in self.server.jobs:
                self._respond(200, {"state": self.server.jobs[number]["state"]})
            case ["jobs", number, "output"] if "output" in self.server.jobs.get(number, {}):
                self._respond(200, {"output": self.server.jobs[number]["output"]})
            case _:
                self._respond(404, {"error": "unknown"})

    def do_POST(self) -> None:
        """Accept a job."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("X-Queue-Key") != KEY:
            self._respond(403, {"error": "key"})
        elif self.path != "/jobs":
            self._respond(404, {"error": "unknown"})
        else:
            self._respond(201, self.server.add(json.loads(body)))

    def _respond(self, status: int, document: dict[str, Any]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Log nothing: a line for each request would be part of its time."""


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--work-ms", type=float, default=20.0)
    options = parser.parse_args()
    with ToyQueue(options.port, work_ms=options.work_ms) as server:
        print(server.base_url, flush=True)  # noqa: T201 - for the terminal that it runs in
        threading.Event().wait()


if __name__ == "__main__":
    main()
