"""thumbor as a process: its metadata endpoint with its own face detector, and no storage.

Its packages are locked in `thumbor_environment`; only this comparison needs them.
"""

import time
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

import httpx

from backing import ProcessSpec, Supervisor
from backing.ports import free_port
from benchmarks.recognizer.errors import RecognizerError
from benchmarks.targets.local import readiness
from benchmarks.targets.local.settings import environments_folder
from benchmarks.targets.measure.process_samples import take_samples

NAME = "thumbor"
_READY_SECONDS = 60.0
_TIMEOUT_SECONDS = 60.0
# Neither images nor detections are kept: every request does the whole work, as a submission does.
_CONFIGURATION = """\
ALLOW_UNSAFE_URL = True
LOADER = "thumbor.loaders.http_loader"
STORAGE = "thumbor.storages.no_storage"
DETECTORS = ["thumbor.detectors.face_detector"]
MAX_PIXELS = 75000000
"""


class Thumbor:
    """A running server. As a context manager it ends it."""

    def __init__(self, run_dir: Path, cores: frozenset[int]) -> None:
        """Start the server and wait until it responds. StartError if it doesn't."""
        self._supervisor = Supervisor(run_dir)
        port = free_port()
        configuration = run_dir / "thumbor.conf"
        configuration.write_text(_CONFIGURATION, encoding="utf-8")
        url = f"http://127.0.0.1:{port}"
        try:
            process = self._supervisor.start(
                ProcessSpec(
                    name=NAME,
                    unit=NAME,
                    role="unit",
                    command=(
                        str(environments_folder() / NAME / "bin" / "thumbor"),
                        *("--ip", "127.0.0.1", "--port", str(port)),
                        *("--conf", str(configuration), "--log-level", "warning"),
                    ),
                    directory=run_dir,
                    ready=readiness.responds_ok(f"{url}/healthcheck"),
                    ready_seconds=_READY_SECONDS,
                    cores=cores,
                )
            )
            self._supervisor.wait_ready(process)
        except BaseException:
            self._supervisor.stop_all()
            raise
        self._client = httpx.Client(base_url=url, timeout=_TIMEOUT_SECONDS, trust_env=False)

    def cpu_ms(self) -> float:
        """Return the CPU time that the server has used."""
        return sum(it.cpu_ms for it in take_samples(self._supervisor.processes.values()))

    def find_faces(self, image_url: str) -> tuple[float, int]:
        """Return the ms until the response, and the number of faces in it."""
        began = time.perf_counter()
        response = self._client.get(f"/unsafe/meta/smart/{quote(image_url, safe='')}")
        if response.is_error:
            raise RecognizerError(f"thumbor responded with {response.status_code}.")
        points = response.json()["thumbor"].get("focal_points", ())
        latency_ms = (time.perf_counter() - began) * 1000
        return latency_ms, sum(it["origin"] == "Face Detection" for it in points)

    def __enter__(self) -> "Thumbor":
        """Return the server; leaving the block ends it."""
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        """End the server."""
        self._client.close()
        self._supervisor.stop_all()
