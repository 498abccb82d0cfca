"""Serve the page, with the edge's security policy, and the fake API."""

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from urllib.parse import parse_qs, urlsplit

from tests.fake_api import FINAL, FakeApi, Json, Refusal
from tests.places import CADDYFILE, SITE


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    fake: FakeApi
    policy: str
    call = ""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Log nothing."""

    def do_GET(self) -> None:
        self._dispatch()

    def do_POST(self) -> None:
        self._dispatch()

    def do_DELETE(self) -> None:
        self._dispatch()

    def _dispatch(self) -> None:
        parts = urlsplit(self.path)
        self.query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.call = ""
        if not parts.path.startswith("/api/v1"):
            self._file(parts.path)
            return
        path = parts.path.removeprefix("/api/v1")
        call = f"{self.command} {re.sub(r'/submissions/[^/]+', '/submissions/ID', path)}"
        self.call = call
        self.fake.requests.append((*call.split(" ", 1), self.headers.get("Idempotency-Key")))  # type: ignore[arg-type]
        time.sleep(self.fake.slow_seconds.get(call, 0))
        waiting = self.fake.refusals[call]
        refusal = waiting.popleft() if waiting else None
        if refusal and refusal.status:
            self._refuse(refusal)
            return
        good = self.headers.get("Authorization") == f"Bearer {self.fake.token}"
        if not good and call not in {"POST /accounts", "POST /tokens"}:
            self._refuse(Refusal(401, "unauthenticated"))
            return
        status, response = self._response(call, path, body)
        if refusal:
            self._send(status, b"{", headers={"Connection": "close"}, length=1000)
        elif isinstance(response, Refusal):
            self._refuse(response)
        elif isinstance(response, bytes):
            self._send(status, response, "image/jpeg")
        else:
            self._send(status, json.dumps(response).encode())

    def _response(self, call: str, path: str, body: bytes) -> tuple[int, Json | bytes | Refusal]:
        fake = self.fake
        if call in {"POST /accounts", "POST /tokens"}:
            return self._account(call, json.loads(body))
        if call == "GET /account":
            return 200, {"email": "", "submission_count": len(fake.stored)}
        if path == "/submissions":
            return (202, self._submit(body)) if call.startswith("POST") else (200, self._page())
        return self._one(call, path)

    def _one(self, call: str, path: str) -> tuple[int, Json | bytes | Refusal]:
        fake = self.fake
        submission_id, _, what = path.removeprefix("/submissions/").partition("/")
        stored = fake.stored.get(submission_id)
        if stored is None:
            return 404, Refusal(404, "not-found")
        if call.startswith("DELETE"):
            del fake.stored[submission_id]
            return 204, b""
        if what == "image":
            return 200, stored.image
        if what == "result":
            return 200, {
                "image": {"width": 960, "height": 480},
                "recognizer": {"name": "fake", "version": "1"},
                "detections": stored.detections,
            }
        return 200, self._state(submission_id, stored.view)

    def _account(self, call: str, typed: Json) -> tuple[int, Json | Refusal]:
        email, accounts = typed["email"].lower(), self.fake.accounts
        if call == "POST /accounts":
            if email in accounts:
                return 409, Refusal(409, "email-taken")
            accounts[email] = typed["password"]
            return 201, {"email": email}
        if accounts.get(email) != typed["password"]:
            return 401, Refusal(401, "invalid-credentials")
        return 200, {"access_token": self.fake.token, "expires_in": self.fake.expires_in}

    def _submit(self, body: bytes) -> Json:
        key = self.headers["Idempotency-Key"]
        if key not in self.fake.keys:
            is_json = self.headers["Content-Type"] == "application/json"
            url = json.loads(body)["image_url"] if is_json else None
            self.fake.keys[key] = self.fake.add("url" if url else "upload", url)
        return self.fake.stored[self.fake.keys[key]].view

    def _page(self) -> Json:
        views = [stored.view for stored in self.fake.stored.values()]
        views.sort(key=lambda view: str(view["created_at"]), reverse=True)
        start, limit = int(self.query.get("cursor", 0)), int(self.query["limit"])
        end = start + limit
        return {
            "items": views[start:end],
            "next_cursor": str(end) if end < len(views) else None,
        }

    def _state(self, submission_id: str, view: Json) -> Json:
        if self.fake.finishes and view["state"] not in FINAL:
            self.fake.move(submission_id, "succeeded")
        with self.fake.changed:
            wait_seconds = float(self.query.get("wait", 0))
            self.fake.changed.wait_for(lambda: view["state"] in FINAL, wait_seconds)
        return view

    def _refuse(self, refusal: Refusal) -> None:
        problem = {"code": refusal.code, "status": refusal.status, "detail": "The fake's detail."}
        if refusal.errors:
            problem["errors"] = refusal.errors
        after = {} if refusal.retry_after is None else {"Retry-After": str(refusal.retry_after)}
        body = json.dumps(problem).encode()
        self._send(refusal.status, body, "application/problem+json", after)

    def _file(self, path: str) -> None:
        file = (SITE / path.lstrip("/")).resolve()
        file = file / "index.html" if file == SITE else file
        if not file.is_relative_to(SITE) or not file.is_file():
            self._refuse(Refusal(404, "not-found"))
            return
        headers = {"Content-Security-Policy": self.policy}
        self._send(200, file.read_bytes(), guess_type(file.name)[0] or "", headers)

    def _send(
        self,
        status: int,
        body: bytes,
        media_type: str = "application/json",
        headers: dict[str, str] | None = None,
        length: int | None = None,
    ) -> None:
        hold = self.fake.holds.get(self.call)
        if hold:
            hold.made.set()
            hold.released.wait()
        self.send_response(status)
        for name, value in {"Content-Type": media_type, **(headers or {})}.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(length or len(body)))
        self.end_headers()
        self.wfile.write(body)


def content_security_policy() -> str:
    """Return the policy that the edge sends with the page."""
    found = re.search(r'Content-Security-Policy "([^"]*script-src[^"]*)"', CADDYFILE.read_text())
    assert found, f"{CADDYFILE} sends no policy"
    return found[1]


class Server(ThreadingHTTPServer):
    """Doesn't wait for connections that the browser keeps open."""

    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore a browser that disconnects during a response."""


@contextmanager
def serve() -> Iterator[FakeApi]:
    """Serve a fake on a free port, and yield it."""
    fake = FakeApi()
    handler = type("Bound", (Handler,), {"fake": fake, "policy": content_security_policy()})
    with Server(("127.0.0.1", 0), handler) as server:
        fake.base_url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield fake
        server.shutdown()
        thread.join()
