"""moto's emulator of AWS, made to check conditions of parallel requests."""

import logging
import threading
from typing import TYPE_CHECKING

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Aws:
    """The emulator, one request at a time: its check and its write are not atomic."""

    def __init__(self, *, port: int) -> None:
        emulator, lock = DomainDispatcherApplication(create_backend_app), threading.Lock()

        def serve(environ: "WSGIEnvironment", start: "StartResponse") -> list[bytes]:
            with lock:
                return list(emulator(environ, start))

        self._server = make_server(
            "127.0.0.1", port, serve, threaded=True, request_handler=MotoRequestHandler
        )
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def start(self) -> None:
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
