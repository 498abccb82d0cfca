"""The whole flow of one architecture as a contender: submit a URL, wait, read the result."""

import time
import uuid
from http import HTTPStatus
from types import TracebackType

from backing.ports import free_port
from benchmarks.oracle import History, RecordingClient
from benchmarks.recognizer.errors import RecognizerError
from benchmarks.repository import REPOSITORY
from benchmarks.targets import Target, deploy

WAIT_SECONDS = 20


class Flow:
    """A deployed architecture and a client of one account. As a context manager it ends both."""

    def __init__(self, architecture: str, cores: frozenset[int], **settings: str) -> None:
        """Deploy it with these settings. Raises what `deploy` raises."""
        self.target: Target = deploy(
            architecture,
            run_dir=REPOSITORY / ".run" / f"recognizer-{architecture}",
            edge_port=free_port(),
            settings=settings,
            cores=cores,
        )
        self.client = RecordingClient(self.target.base_url, History())

    def cpu_ms(self) -> float:
        """Return the CPU time that all processes have used."""
        return sum(it.cpu_ms for it in self.target.sample())

    def find_faces(self, image_url: str) -> tuple[float, int]:
        """Return the ms from the submission to its result, and the number of faces in it."""
        began = time.perf_counter()
        accepted = self.client.submit(uuid.uuid4().hex, image_url=image_url)
        submission_id = str(accepted.event.submission_id)
        waited = self.client.wait(submission_id, WAIT_SECONDS)
        result = self.client.result(submission_id)
        if result.response is None or result.status != HTTPStatus.OK:
            state = waited.event.state
            raise RecognizerError(
                f"A submission of {self.target.arch} is {state}, without a result."
            )
        faces = len(result.response.json()["detections"])
        return (time.perf_counter() - began) * 1000, faces

    def __enter__(self) -> "Flow":
        """Return the flow; leaving the block ends its target."""
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        """End the client and the target."""
        self.client.close()
        self.target.stop()
