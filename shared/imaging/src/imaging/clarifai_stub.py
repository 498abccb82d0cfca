"""A stub of Clarifai's face detection API, for tests and experiments.

    python -m imaging.clarifai_stub --port 8070 --latency-ms 200 --fault-rate 0.1

It accepts Clarifai's requests and responds as Clarifai does, always with the same face, after the
latency. The fault rate is the share of requests that end in a fault: in turn 429, 500, text that
isn't JSON, and a closed connection.

Its mode can be changed while it runs: `PUT /control` with JSON, for example
`{"mode": "throttled", "retry_after_seconds": 30}`. Every request then ends as the mode defines (see
MODES) until the next change. `GET /control` returns the mode and the number of requests so far.
"""

import argparse
import base64
import binascii
import json
import random
import sys
import threading
import time
import uuid
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from typing import Any

_PATH = "/v2/models/face-detection/outputs"
_CONTROL_PATH = "/control"
MODES = {
    "ok": "the response, or a fault of the drawn share",
    "stall": "nothing, until the mode changes: the connection stays open",
    "throttled": "429, with Retry-After where retry_after_seconds is set",
    "busy": "503, with Retry-After where retry_after_seconds is set",
    "broken": "500",
    "garbage": "200 with text that isn't JSON",
    "cut": "a connection that is closed without a response",
    "refused": "400: the image can't be decoded",
}
_MAY_NAME_A_TIME = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
_MAX_STALL_SECONDS = 600
_MAX_REQUEST_BYTES = 64 * 1024 * 1024
_FACE = {"top_row": 0.25, "left_col": 0.375, "bottom_row": 0.75, "right_col": 0.625}
_SCORE = 0.99

# Clarifai's own status codes: docs.clarifai.com, "Status codes".
_OK = (10000, "Ok")
_TOO_MANY = (11005, "Making too many requests")
_BAD_KEY = (11009, "API key not found")
_BAD_REQUEST = (11100, "Bad request format")
_NO_SUCH_PATH = (11101, "Resource does not exist")
_BAD_IMAGE = (30300, "Input image decoding failed. Check URLs and bytes sent")
_BUSY = (40030, "Sorry, the server is too busy at the moment. Please try again later")


class ClarifaiStub(ThreadingHTTPServer):
    """The server. ``latency_ms`` and ``fault_rate`` (0 to 1) may be set while it runs.

    ``request_count`` is the number of recognition requests received.
    """

    daemon_threads = True
    request_queue_size = 128  # connections that wait while many workers send requests

    def __init__(
        self,
        address: tuple[str, int],
        *,
        api_key: str,
        latency_ms: float = 0,
        fault_rate: float = 0,
        seed: int | None = None,
    ) -> None:
        super().__init__(address, _Handler)
        self.api_key = api_key
        self.latency_ms = latency_ms
        self.fault_rate = fault_rate
        self._random = random.Random(seed)  # noqa: S311 - not for cryptography
        self._faults = cycle(["throttled", "broken", "garbage", "cut"])
        self._changed = threading.Condition()
        self.request_count = 0
        self.mode = "ok"
        self.retry_after_seconds: float | None = None

    def draw_fault(self) -> str | None:
        """Return the fault of the next response, mostly none."""
        with self._changed:
            return next(self._faults) if self._random.random() < self.fault_rate else None

    def set_mode(self, mode: str, *, retry_after_seconds: float | None = None) -> None:
        """Set the mode of all requests, also of stalled ones. Raises ValueError if unknown."""
        if mode not in MODES:
            raise ValueError(f"mode must be one of {', '.join(MODES)}.")
        with self._changed:
            self.mode, self.retry_after_seconds = mode, retry_after_seconds
            self._changed.notify_all()

    def count_request(self) -> None:
        """Count a recognition request."""
        with self._changed:
            self.request_count += 1

    def settled_mode(self) -> str:
        """Wait while the mode is "stall", and return the next mode."""
        with self._changed:
            self._changed.wait_for(lambda: self.mode != "stall", timeout=_MAX_STALL_SECONDS)
            return self.mode


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ClarifaiStub
    timeout = 30

    def do_GET(self) -> None:
        if self.path != _CONTROL_PATH:
            self._response(HTTPStatus.NOT_FOUND, _failure(_NO_SUCH_PATH))
            return
        self._response(
            HTTPStatus.OK, {"mode": self.server.mode, "request_count": self.server.request_count}
        )

    def do_PUT(self) -> None:
        body = self._body()
        if self.path != _CONTROL_PATH or body is None:
            self._response(HTTPStatus.NOT_FOUND, _failure(_NO_SUCH_PATH))
            return
        try:
            change = json.loads(body)
            retry_after_seconds = change.get("retry_after_seconds")
            self.server.set_mode(
                change["mode"],
                retry_after_seconds=None
                if retry_after_seconds is None
                else float(retry_after_seconds),
            )
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            self._response(HTTPStatus.BAD_REQUEST, {"detail": str(error)})
            return
        self.do_GET()

    def do_POST(self) -> None:
        body = self._body()
        if body is None:
            self._response(HTTPStatus.BAD_REQUEST, _failure(_BAD_REQUEST))
            return
        self.server.count_request()
        time.sleep(self.server.latency_ms / 1000)
        mode = self.server.settled_mode()
        fault = self.server.draw_fault() if mode == "ok" else mode
        if fault == "throttled":
            self._response(HTTPStatus.TOO_MANY_REQUESTS, _failure(_TOO_MANY))
        elif fault == "busy":
            self._response(HTTPStatus.SERVICE_UNAVAILABLE, _failure(_BUSY))
        elif fault == "broken":
            self._response(HTTPStatus.INTERNAL_SERVER_ERROR, _failure(_BUSY))
        elif fault == "garbage":
            self._send(HTTPStatus.OK, b"<html>upstream connect error</html>")
        elif fault == "refused":
            self._response(HTTPStatus.BAD_REQUEST, _failure(_BAD_IMAGE))
        elif fault == "cut":
            self.close_connection = True
        elif self.path != _PATH:
            self._response(HTTPStatus.NOT_FOUND, _failure(_NO_SUCH_PATH))
        elif self.headers.get("Authorization") != f"Key {self.server.api_key}":
            self._response(HTTPStatus.UNAUTHORIZED, _failure(_BAD_KEY))
        else:
            self._response(*_outputs(body))

    def _body(self) -> bytes | None:
        """Return the request's body; None if its length is missing or too large."""
        length = int(self.headers.get("Content-Length") or 0)
        if 0 < length <= _MAX_REQUEST_BYTES:
            return self.rfile.read(length)
        self.close_connection = True
        return None

    def _response(self, status: HTTPStatus, response: dict[str, Any]) -> None:
        self._send(status, json.dumps(response).encode())

    def _send(self, status: HTTPStatus, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if status in _MAY_NAME_A_TIME and self.server.retry_after_seconds is not None:
            self.send_header("Retry-After", f"{self.server.retry_after_seconds:.0f}")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Log nothing: an experiment sends thousands of requests."""


def _outputs(body: bytes) -> tuple[HTTPStatus, dict[str, Any]]:
    """Return Clarifai's response to a request's body: one output for each input."""
    try:
        images = [item["data"]["image"]["base64"] for item in json.loads(body)["inputs"]]
    except (ValueError, LookupError, TypeError):
        return HTTPStatus.BAD_REQUEST, _failure(_BAD_REQUEST)
    try:
        empty = [not base64.b64decode(image, validate=True) for image in images]
    except (binascii.Error, TypeError, ValueError):
        return HTTPStatus.BAD_REQUEST, _failure(_BAD_IMAGE)
    if not images or any(empty):
        return HTTPStatus.BAD_REQUEST, _failure(_BAD_IMAGE)
    return HTTPStatus.OK, {
        "status": _status(_OK) | {"req_id": uuid.uuid4().hex},
        "outputs": [_output() for _ in images],
    }


def _output() -> dict[str, Any]:
    return {
        "id": uuid.uuid4().hex,
        "status": _status(_OK),
        "created_at": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        "model": {
            "id": "face-detection",
            "name": "Face",
            "app_id": "main",
            "user_id": "clarifai",
            "model_type_id": "visual-detector",
            "model_version": {"id": "6dc7e46bc9124c5c8824be4822abe105", "status": _status(_OK)},
        },
        "input": {"id": uuid.uuid4().hex, "data": {"image": {"base64": "dHJ1ZQ=="}}},
        "data": {
            "regions": [
                {
                    "id": uuid.uuid4().hex,
                    "region_info": {"bounding_box": _FACE},
                    "data": {
                        "concepts": [
                            {
                                "id": "ai_8jtPl3Xj",
                                "name": "face",
                                "value": _SCORE,
                                "app_id": "main",
                            }
                        ]
                    },
                    "value": _SCORE,
                }
            ]
        },
    }


def _failure(status: tuple[int, str]) -> dict[str, Any]:
    return {"status": _status(status) | {"req_id": uuid.uuid4().hex}, "outputs": []}


def _status(status: tuple[int, str]) -> dict[str, Any]:
    code, description = status
    return {"code": code, "description": description}


def main() -> None:
    """Serve on 127.0.0.1 until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m imaging.clarifai_stub")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one")
    parser.add_argument("--api-key", default="stub", help="the key that requests must carry")
    parser.add_argument("--latency-ms", type=float, default=0)
    parser.add_argument("--fault-rate", type=float, default=0, help="share of responses, 0 to 1")
    parser.add_argument("--mode", choices=MODES, default="ok", help="how every request ends")
    parser.add_argument("--retry-after", type=float, help="seconds, in a 429 or 503 of the mode")
    parser.add_argument("--seed", type=int, help="makes the draw of faults repeatable")
    options = parser.parse_args()
    with ClarifaiStub(
        (options.host, options.port),
        api_key=options.api_key,
        latency_ms=options.latency_ms,
        fault_rate=options.fault_rate,
        seed=options.seed,
    ) as server:
        server.set_mode(options.mode, retry_after_seconds=options.retry_after)
        host, port = server.server_address[:2]
        sys.stdout.write(f"Clarifai's stub listens on http://{host!s}:{port}\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    main()
