"""A client that writes down what it was promised: every 202, and every answer that was none."""

import itertools
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.targets.inventory import FINAL_STATES

PHOTOGRAPH = Path(__file__).parents[3] / "shared" / "fixtures" / "images" / "portrait.jpg"
PASSWORD = "a long enough pass phrase"


@dataclass(frozen=True)
class Attempt:
    """One POST: its idempotency key, if it had one, and the answer (None: the connection broke)."""

    key: str | None
    answer: httpx.Response | None
    seconds: float


class Recorder:
    """Signs up once, submits, and follows what was accepted until it is final."""

    def __init__(self, base_url: str) -> None:
        self._client = httpx.Client(base_url=f"{base_url}/api/v1", timeout=30, trust_env=False)
        self._base_url = base_url
        self._photograph = PHOTOGRAPH.read_bytes()
        self._lock = threading.Lock()
        self.accepted: dict[str, str] = {}
        self._headers: dict[str, str] = {}
        self.account_id = ""
        self._email = f"faults-{uuid.uuid4().hex}@example.com"
        self._sign_up()

    def _sign_up(self) -> None:
        body = {"email": self._email, "password": PASSWORD}
        account = self._client.post("/accounts", json=body).raise_for_status().json()
        self.account_id = str(account["id"])
        token = self._client.post("/tokens", json=body).raise_for_status().json()["access_token"]
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **parameters: str) -> httpx.Response:
        """GET below /api/v1, signed in."""
        return self._client.get(path, params=parameters, headers=self._headers)

    def ready(self) -> bool:
        """Whether /readyz says so."""
        try:
            answer = httpx.get(f"{self._base_url}/readyz", timeout=5, trust_env=False)
        except httpx.TransportError:
            return False
        return answer.status_code == httpx.codes.OK

    def submit(self, key: str | None = None) -> Attempt:
        """POST the photograph, with an idempotency key if one is given; a 202 is recorded."""
        keyed = {} if key is None else {"Idempotency-Key": key}
        started = time.monotonic()
        try:
            answer = self._client.post(
                "/submissions",
                headers={**self._headers, **keyed},
                files={"image": ("portrait.jpg", self._photograph, "image/jpeg")},
            )
        except httpx.TransportError:
            return Attempt(key, None, time.monotonic() - started)
        if answer.status_code == httpx.codes.ACCEPTED:
            with self._lock:
                self.accepted[str(answer.json()["id"])] = self.account_id
        return Attempt(key, answer, time.monotonic() - started)

    def submit_accepted(self, count: int) -> list[str]:
        """POST so many times; each must be accepted. Gives the ids."""
        ids = []
        for _ in range(count):
            answer = self.submit().answer
            assert answer is not None
            assert answer.status_code == httpx.codes.ACCEPTED, answer.text
            ids.append(str(answer.json()["id"]))
        return ids

    @contextmanager
    def load(self, clients: int = 4, *, pause_seconds: float = 0.2) -> Iterator[list[Attempt]]:
        """Submit from several threads for the length of the block, with pauses in between."""
        attempts: list[Attempt] = []
        stop = threading.Event()

        def keep_submitting() -> None:
            while not stop.wait(pause_seconds):
                attempts.append(self.submit(uuid.uuid4().hex))

        threads = [threading.Thread(target=keep_submitting, daemon=True) for _ in range(clients)]
        for thread in threads:
            thread.start()
        try:
            yield attempts
        finally:
            stop.set()
            for thread in threads:
                thread.join(40)
            assert not any(thread.is_alive() for thread in threads), "a request hung"

    def state(self, submission_id: str) -> str:
        """The state that the API tells."""
        return str(self.get(f"/submissions/{submission_id}").raise_for_status().json()["state"])

    def wait_for_state(self, ids: list[str], state: str, *, timeout_seconds: float) -> str:
        """Wait until any of them is in this state; gives its id."""
        deadline = time.monotonic() + timeout_seconds
        for submission_id in itertools.cycle(ids):
            if self.state(submission_id) == state:
                return submission_id
            assert time.monotonic() < deadline, f"none became {state}"
            time.sleep(0.02)
        raise AssertionError("no ids")

    def drain(self, *, timeout_seconds: float) -> float:
        """Wait until all that was accepted is final; gives the seconds that it took."""
        started = time.monotonic()
        waiting = list(self.accepted)
        while waiting:
            waiting = [one for one in waiting if self._state_or_unknown(one) not in FINAL_STATES]
            if not waiting:
                break
            assert time.monotonic() - started < timeout_seconds, (
                f"{len(waiting)} of {len(self.accepted)} not final after {timeout_seconds} s"
            )
            time.sleep(0.2)
        return time.monotonic() - started

    def _state_or_unknown(self, submission_id: str) -> str:
        try:
            return self.state(submission_id)
        except (httpx.TransportError, httpx.HTTPStatusError):
            return "unknown"
