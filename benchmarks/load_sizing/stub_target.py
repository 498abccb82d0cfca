"""A target that keeps the contract as far as the load needs it; each submission is final at once.

    python -m benchmarks.load_sizing.stub_target --port 8085

It stores nothing but a number for each request, so it costs less than the generator that loads it.
"""

import argparse
import itertools
import json
import sys
from collections.abc import Callable, Iterable
from typing import Any

from gevent.pywsgi import WSGIServer

API = "/api/v1"
_numbers = itertools.count(1)
StartResponse = Callable[[str, list[tuple[str, str]]], Any]
_STATUS = {200: "200 OK", 201: "201 Created", 202: "202 Accepted", 404: "404 Not Found"}


def respond(method: str, path: str) -> tuple[int, dict[str, Any] | None]:
    """Return the status and the document of a response; None for the page."""
    parts = path.removeprefix(API).strip("/").split("/")
    submission_id = parts[1] if len(parts) > 1 else ""
    found: dict[tuple[str, str], tuple[int, dict[str, Any] | None]] = {
        ("GET", ""): (200, None),
        ("GET", "readyz"): (200, {}),
        ("POST", "accounts"): (201, {"id": str(next(_numbers))}),
        ("POST", "tokens"): (200, {"access_token": str(next(_numbers)), "expires_in": 900}),
        ("POST", "submissions"): (202, {"id": str(next(_numbers)), "state": "pending"}),
        ("GET", "account"): (200, {"submission_count": 0}),
        ("GET", "submissions"): (200, {"items": [], "next_cursor": None}),
        ("GET", "submissions/[id]"): (200, {"id": submission_id, "state": "succeeded"}),
        ("GET", "submissions/[id]/result"): (200, {"submission_id": submission_id}),
    }
    if submission_id:
        parts[1] = "[id]"
    return found.get((method, "/".join(parts)), (404, {"code": "not-found"}))


def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """Respond to a request, by WSGI (PEP 3333)."""
    environ["wsgi.input"].read()
    status, document = respond(environ["REQUEST_METHOD"], environ["PATH_INFO"])
    is_page = document is None
    body = b"<!doctype html><title>page</title>" if is_page else json.dumps(document).encode()
    media_type = "text/html" if is_page else "application/json"
    headers = [("Content-Type", media_type), ("Content-Length", str(len(body)))]
    start_response(_STATUS[status], headers)
    return [body]


def main(arguments: list[str]) -> int:
    """Serve on 127.0.0.1 until this process is ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args(arguments)
    WSGIServer(("127.0.0.1", options.port), application, log=None).serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
