"""What each part does: requests on several connections, or iterations of the floor's loop."""

import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from typing import Any

from benchmarks.experiments.runner.arms import MONOLITH
from benchmarks.experiments.scaling.overhead import parts
from benchmarks.experiments.scaling.overhead.client import Account, Body, Connection
from benchmarks.experiments.scaling.overhead.parts import Part
from benchmarks.targets.floor.references import ASGI, WSGI, References

WARM_UP_SHARE = 0.3  # of what a part has
SETTLE_SECONDS = 0.02  # what a target still does after its last response belongs to the part


@dataclass(slots=True)
class Done:
    """What a part did: how often, in how many seconds, and the ms of each where they count.

    `each_ms` are those of the floor's iterations, `ready_ms` a submission's by the target's own
    times, `client_ms` the same from the request to submit to the response that it is ready.
    """

    count: int = 0
    seconds: float = 0.0
    each_ms: list[float] = field(default_factory=list)
    ready_ms: list[float] = field(default_factory=list)
    client_ms: list[float] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return the fields that a window in trial.json has."""
        rounded = {
            name: [round(one, 3) for one in value] if isinstance(value, list) else value
            for name, value in asdict(self).items()
        }
        return rounded | {"seconds": round(self.seconds, 6)}


class Requests:
    """An account at a target, and its references. `accepted` and `succeeded` count submissions."""

    def __init__(
        self,
        target: Any,
        architecture: str,
        references: References,
        *,
        image_url: str,
        bodies: tuple[Body, Body],
        connections: Sequence[Connection],
        minimal: Mapping[str, Connection],
    ) -> None:
        """Sign up; `bodies` submit an upload and a URL, `minimal` is by the process's name."""
        self.accepted = self.succeeded = 0
        self._target = target
        self._worker = "monolith-worker" if architecture == MONOLITH else "recognition-worker"
        self._references = references
        self._sources = {
            parts.FLOOR_UPLOAD: references.upload_key,
            parts.FLOOR_URL: image_url,
        }
        self._upload, self._by_url = bodies
        self._connections = connections
        self._minimal = minimal
        self._account = Account(target.base_url)
        self._lock = threading.Lock()
        self._pending: list[str] = []
        self._read = ""  # a submission that has succeeded

    def warm_up(self, part: Part) -> None:
        """Do a little of a part that isn't measured."""
        with self.around(part):
            self.run(part, WARM_UP_SHARE * part.seconds)

    @contextmanager
    def around(self, part: Part) -> Iterator[None]:
        """Keep the workers stopped while submissions are only accepted; finish these afterwards."""
        if part.name != parts.SUBMIT:
            yield
            return
        self._target.kill(self._worker, signal.SIGSTOP)
        try:
            yield
        finally:
            self._target.kill(self._worker, signal.SIGCONT)
        for key in self._pending:
            self._account.wait(self._connections[0], key)
            self.succeeded += 1
        self._pending.clear()

    def run(self, part: Part, seconds: float) -> Done:
        """Do as much of a part as is planned for so many seconds; return when all has ended."""
        count = part.count_in(seconds)
        if part.name in self._sources:
            found = self._references.iterate(self._sources[part.name], count)
            each = [1000 * it for it in found.each_seconds]
            return Done(len(each), found.seconds, each_ms=each)
        done = Done(count * part.connections)
        for connection in (*self._connections, *self._minimal.values()):
            connection.close()  # a server may have closed it since its last part
        began = time.monotonic()
        connections = self._connections[: part.connections]
        with ThreadPoolExecutor(len(connections)) as pool:
            running = [
                pool.submit(self._repeat, part, connection, count, done)
                for connection in connections
            ]
        for one in running:
            one.result()
        done.seconds = time.monotonic() - began
        time.sleep(SETTLE_SECONDS)
        return done

    def _repeat(self, part: Part, connection: Connection, count: int, done: Done) -> None:
        request = self._request(part)
        for _ in range(count):
            request(connection, done)

    def _request(self, part: Part) -> Callable[[Connection, Done], Any]:
        requests: Mapping[str, Callable[[Connection, Done], Any]] = {
            parts.UPLOAD: lambda on, done: self._complete(on, self._upload, done),
            parts.BY_URL: lambda on, done: self._complete(on, self._by_url, done),
            parts.AT_REST: self._at_rest,
            parts.SUBMIT: lambda on, _: self._pending.append(self._submit(on, self._upload)),
            parts.READ: lambda on, _: self._account.read(on, self._read),
            parts.RESULT: lambda on, _: self._account.read(on, self._read, "result"),
            parts.IMAGE: lambda on, _: self._account.read(on, self._read, "image"),
            parts.MINIMAL: lambda _, __: self._minimal[ASGI].send("GET", "/json", {}),
            parts.MINIMAL_WSGI: lambda _, __: self._minimal[WSGI].send("GET", "/json", {}),
            parts.INSERT: lambda _, __: self._minimal[WSGI].send(
                "POST", "/insert", {}, b"{}", expected=HTTPStatus.ACCEPTED
            ),
        }
        return requests[part.name]

    def _submit(self, connection: Connection, body: Body) -> str:
        key = self._account.submit(connection, body)
        with self._lock:
            self.accepted += 1
        return key

    def _complete(self, connection: Connection, body: Body, done: Done) -> None:
        """Submit, wait, and read the result, as a user of the load sweep does."""
        key = self._submit(connection, body)
        self._wait(connection, key, done)
        self._account.read(connection, key, "result")

    def _at_rest(self, connection: Connection, done: Done) -> None:
        began = time.monotonic()
        self._wait(connection, self._submit(connection, self._upload), done)
        done.client_ms.append((time.monotonic() - began) * 1000)

    def _wait(self, connection: Connection, key: str, done: Done) -> None:
        ready_ms = self._account.wait(connection, key)
        with self._lock:
            self.succeeded += 1
            self._read = key
            done.ready_ms.append(ready_ms)
