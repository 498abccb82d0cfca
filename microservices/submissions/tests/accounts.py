"""A fake of the accounts service: signs tokens and serves its public keys."""

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.jwk import Key, KeySet, OKPKey
from joserfc.jws import JWSRegistry


class Accounts:
    """Can stop and start again on its port; counts requests."""

    def __init__(self, *, port: int) -> None:
        self.port = port
        self.received = 0
        self.keys: list[Key] = [self.new_key()]
        self._server: ThreadingHTTPServer | None = None

    @staticmethod
    def new_key() -> OKPKey:
        return OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "EdDSA"}, auto_kid=True)

    def start(self) -> None:
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                stand_in.received += 1
                body = json.dumps(KeySet(stand_in.keys).as_dict(private=False)).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Silent."""

        ThreadingHTTPServer.daemon_threads = True
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def token(self, account_id: UUID | str, *, key: Key | None = None, **claims: Any) -> str:
        """Return a token; what is None among the claims is left out."""
        now = int(time.time())
        whole = {
            "iss": "accounts",
            "aud": "api",
            "sub": str(account_id),
            "iat": now,
            "exp": now + 900,
        } | claims
        signing = key or self.keys[0]
        return jwt.encode(
            {"alg": "EdDSA", "kid": signing.kid},
            {name: value for name, value in whole.items() if value is not None},
            signing,
            registry=_registry(),
        )


def _registry() -> JWSRegistry:
    registry = JWSRegistry(algorithms=["EdDSA"])
    algorithm = JWSRegistry.algorithms["EdDSA"]
    registry.algorithms = {"EdDSA": _Quiet(algorithm)}  # type: ignore[dict-item]
    return registry


class _Quiet:
    """Return the algorithm without the library's warning about its name."""

    security_warning = None

    def __init__(self, algorithm: Any) -> None:
        self._algorithm = algorithm

    def __getattr__(self, name: str) -> Any:
        return getattr(self._algorithm, name)
