"""What a target is measured against, beside it: the floor's loop, and minimal endpoints.

They run on the target's cores and use its object store, database and broker, so that both meet the
same machine at the same time. The loop waits until it is ordered to iterate; the endpoints until
they get a request.
"""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from backing import Process, ProcessSpec, StartError
from backing.ports import free_port
from benchmarks import ports
from benchmarks.targets.architectures import ARCHITECTURES
from benchmarks.targets.floor.target import UNIT, loop_spec, read_stamps, stage
from benchmarks.targets.local import readiness
from benchmarks.targets.local.procfile import read_procfile
from benchmarks.targets.local.settings import environments_folder
from benchmarks.targets.local.target import Target

ASGI, WSGI = "floor-asgi-1", "floor-wsgi-1"
BUCKETS = {"IMAGE_BUCKET": "floor-images", "RESULT_BUCKET": "floor-results"}
ORDER_SECONDS = 60.0
_MINIMAL = Path(__file__).with_name("minimal")
_HOST = ARCHITECTURES["monolith"].unit("monolith")  # in whose environment they run
_APPLICATION = "config.asgi:application"


@dataclass(frozen=True, slots=True)
class Iterations:
    """What the loop did by one order: the seconds of each iteration, and of all together."""

    each_seconds: tuple[float, ...]
    seconds: float


class References:
    """The running loop and endpoints; they end with the target. `urls` is by process name."""

    def __init__(
        self, loop: Process, completed: Path, orders: Path, urls: Mapping[str, str], upload_key: str
    ) -> None:
        self.urls = dict(urls)
        self.upload_key = upload_key
        self._loop = loop
        self._completed = completed
        # Open for both, so that neither side waits for the other and the loop meets no end
        self._orders = os.open(orders, os.O_RDWR)

    def iterate(self, source: str, count: int) -> Iterations:
        """Have the loop iterate `count` times; return when it has.

        `source` is a URL, or `upload_key`. StartError if the loop ends, or takes too long.
        """
        before = len(read_stamps(self._completed))
        began = time.monotonic()
        os.write(self._orders, f"{source} {count}\n".encode())
        while len(stamps := read_stamps(self._completed)[before:]) < count:
            if not self._loop.alive or time.monotonic() > began + ORDER_SECONDS:
                lines = "\n".join(f"  | {line}" for line in self._loop.last_lines())
                message = f"The floor's loop did not iterate. Its log ends with:\n{lines}"
                raise StartError(message)
            time.sleep(0.002)
        edges = [began, *stamps]
        each = tuple(later - earlier for earlier, later in zip(edges, stamps, strict=False))
        return Iterations(each, stamps[-1] - began)

    def close(self) -> None:
        """Close the pipe, after which the loop takes no further orders."""
        os.close(self._orders)


def start_references(target: Target, *, settings: Mapping[str, str], image: Path) -> References:
    """Start the loop and the endpoints beside a target; return when they are ready (about 2 s).

    `settings` name the recognizer. StartError if one of them doesn't become ready.
    """
    supervisor = target.supervisor
    cores = next(it.spec.cores for it in target.processes if it.spec.role == "backing")
    stores = target.store_environment() | target.broker_environment()
    admitted = {"IMAGE_FETCH_ALLOW": f"127.0.0.1:{ports.configured('images')}"}
    environment = {**stores, **admitted, **BUCKETS, **settings}
    upload_key = stage(environment, image)
    data = supervisor.run_dir / "data"
    completed, orders = data / "floor-completed.txt", data / "floor-orders"
    os.mkfifo(orders, 0o600)
    loop = supervisor.start(
        loop_spec(upload_key, completed, environment, cores=cores, orders=orders)
    )
    specifications = [_endpoints(name, environment, cores) for name in (ASGI, WSGI)]
    endpoints = [supervisor.start(it) for it in specifications]
    supervisor.wait_ready(loop, *endpoints)
    urls = {it.name: f"http://127.0.0.1:{it.spec.environment['PORT']}" for it in endpoints}
    return References(loop, completed, orders, urls, upload_key)


def endpoint_command(web: str, interface: str) -> str:
    """Return the command of a web process, with the minimal application and its interface.

    It has every other option of the target's own web process. ValueError if that isn't granian.
    """
    words = web.split()
    if words[0] != "granian" or _APPLICATION not in words:
        message = f"a web process is granian with {_APPLICATION}, not {web!r}"
        raise ValueError(message)
    place = words.index("--interface") + 1
    changed = {place: interface, words.index(_APPLICATION): "endpoints:application"}
    if interface == "wsgi" and "--no-ws" in words:
        changed[words.index("--no-ws")] = ""  # WSGI has none
    kept = (changed.get(number, word) for number, word in enumerate(words))
    return " ".join(word for word in kept if word)


def _endpoints(
    name: str, environment: Mapping[str, str], cores: frozenset[int] | None
) -> ProcessSpec:
    interface = name.split("-")[1]
    port = free_port()
    executables = environments_folder() / _HOST.name / "bin"
    path = f"{executables}:{os.environ.get('PATH', '/usr/bin:/bin')}"
    command = endpoint_command(read_procfile(_HOST.folder)["web"], interface)
    return ProcessSpec(
        name=name,
        unit=UNIT,
        role="unit",
        command=("/bin/sh", "-c", f"exec {command}"),
        directory=_MINIMAL,
        environment={**environment, "PATH": path, "PORT": str(port), "INTERFACE": interface},
        ready=readiness.responds_ok(f"http://127.0.0.1:{port}/json"),
        ready_seconds=60.0,
        cores=cores,
    )
