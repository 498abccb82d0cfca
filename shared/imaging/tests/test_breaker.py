"""The circuit breaker: alone with a fake clock, and around Clarifai with a failing stub."""

import signal
import threading
import time
from collections.abc import Iterator
from email.utils import formatdate
from types import FrameType

import pytest
import requests
from network import Server, response
from test_centerface import normalized
from test_clarifai import PATH, regions

from imaging import (
    Recognizer,
    RecognizerCrashed,
    RecognizerUnavailable,
    recognizer_from_environment,
)
from imaging.clarifai_stub import MODES, ClarifaiStub
from imaging.recognizers.breaker import CircuitBreaker

IMAGE = normalized("images/grey-progressive.jpg")


class Clock:
    """A clock that a test advances."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> CircuitBreaker:
    return CircuitBreaker(max_failures=3, open_seconds=10, max_retry_after_seconds=120, clock=clock)


def seconds_refused(breaker: CircuitBreaker) -> float | None:
    """Return how long the breaker is open, None if it admits a call."""
    try:
        breaker.check()
    except RecognizerUnavailable as error:
        return error.retry_after_seconds
    return None


def opened(breaker: CircuitBreaker) -> None:
    for _ in range(3):
        breaker.failed(breaker.admit())
    assert seconds_refused(breaker) == 10


def test_opens_after_failures_in_a_row_only(breaker: CircuitBreaker) -> None:
    for _ in range(5):
        assert breaker.failed(breaker.admit()) is None
        assert breaker.failed(breaker.admit()) is None
        breaker.succeeded(breaker.admit())
    breaker.failed(breaker.admit())
    breaker.failed(breaker.admit())
    assert seconds_refused(breaker) is None
    assert breaker.failed(breaker.admit()) == 10
    assert seconds_refused(breaker) == 10


def test_names_the_seconds_that_are_left(breaker: CircuitBreaker, clock: Clock) -> None:
    opened(breaker)
    clock.now += 7.5
    with pytest.raises(RecognizerUnavailable) as caught:
        breaker.admit()
    assert caught.value.retry_after_seconds == 2.5
    assert caught.value.retryable


def test_one_probe_closes_it(breaker: CircuitBreaker, clock: Clock) -> None:
    opened(breaker)
    clock.now += 10
    probe = breaker.admit()
    assert seconds_refused(breaker) == 10  # others wait for the probe
    breaker.succeeded(probe)
    assert seconds_refused(breaker) is None
    assert breaker.failed(breaker.admit()) is None  # and the count begins at 0


def test_one_probe_opens_it_again(breaker: CircuitBreaker, clock: Clock) -> None:
    opened(breaker)
    clock.now += 10
    probe = breaker.admit()
    clock.now += 4
    assert breaker.failed(probe) == 10


def test_one_probe_opens_it_again_after_a_time_that_was_named(
    breaker: CircuitBreaker, clock: Clock
) -> None:
    breaker.failed(breaker.admit(), retry_after_seconds=60)
    clock.now += 60
    probe = breaker.admit()
    clock.now += 4
    assert breaker.failed(probe) == 10


def test_a_probe_that_never_reports_is_replaced(breaker: CircuitBreaker, clock: Clock) -> None:
    opened(breaker)
    clock.now += 10
    lost = breaker.admit()
    clock.now += 10
    second = breaker.admit()
    breaker.succeeded(lost)  # too late to have an effect
    assert seconds_refused(breaker) == 10
    breaker.succeeded(second)
    assert seconds_refused(breaker) is None


@pytest.mark.parametrize(("named", "open_seconds"), [(30, 30), (0, 1), (5000, 120)])
def test_opens_at_once_for_the_time_that_is_named(
    breaker: CircuitBreaker, named: float, open_seconds: float
) -> None:
    assert breaker.failed(breaker.admit(), retry_after_seconds=named) == open_seconds
    assert seconds_refused(breaker) == open_seconds


def test_calls_that_began_before_it_opened_change_nothing(breaker: CircuitBreaker) -> None:
    early = [breaker.admit() for _ in range(3)]
    breaker.failed(breaker.admit(), retry_after_seconds=60)
    breaker.succeeded(early[0])
    breaker.failed(early[1])
    breaker.failed(early[2], retry_after_seconds=5)  # nor is a longer time shortened
    assert seconds_refused(breaker) == 60


def test_of_many_threads_one_is_the_probe(breaker: CircuitBreaker, clock: Clock) -> None:
    opened(breaker)
    clock.now += 10
    admitted: list[int] = []
    together = threading.Barrier(16)

    def call() -> None:
        together.wait()
        try:
            admitted.append(breaker.admit())
        except RecognizerUnavailable:
            return

    threads = [threading.Thread(target=call) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(admitted) == 1


def test_calls_run_side_by_side(stub: ClarifaiStub) -> None:
    """Calls run in parallel, which a lock around the call would prevent."""
    stub.set_mode("stall")
    recognizer = clarifai(stub)
    threads = [threading.Thread(target=recognizer.recognize, args=(IMAGE,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 10
    while stub.request_count < 4 and time.monotonic() < deadline:
        time.sleep(0.01)
    count = stub.request_count
    stub.set_mode("ok")
    for thread in threads:
        thread.join()
    assert count == 4


@pytest.fixture
def stub() -> Iterator[ClarifaiStub]:
    with ClarifaiStub(("127.0.0.1", 0), api_key="k", seed=1) as stub:
        thread = threading.Thread(target=stub.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield stub
        stub.set_mode("ok")
        stub.shutdown()
        thread.join()


def clarifai(stub: ClarifaiStub | Server, **settings: str) -> Recognizer:
    port = stub.port if isinstance(stub, Server) else stub.server_port
    return recognizer_from_environment(
        {
            "RECOGNIZER": "clarifai",
            "CLARIFAI_URL": f"http://127.0.0.1:{port}",
            "CLARIFAI_API_KEY": "k",
            "CLARIFAI_TIMEOUT_SECONDS": "5",
            **settings,
        }
    )


def failure(recognizer: Recognizer) -> RecognizerUnavailable:
    with pytest.raises(RecognizerUnavailable) as caught:
        recognizer.recognize(IMAGE)
    return caught.value


@pytest.mark.parametrize("mode", ["stall", "broken", "busy", "garbage", "cut", "throttled"])
def test_a_recognizer_that_fails_is_left_alone(stub: ClarifaiStub, mode: str) -> None:
    stub.set_mode(mode)
    recognizer = clarifai(stub, CLARIFAI_TIMEOUT_SECONDS="0.2", CLARIFAI_BREAKER_SECONDS="60")
    assert failure(recognizer).retry_after_seconds is None
    assert failure(recognizer).retry_after_seconds is None
    opening = failure(recognizer).retry_after_seconds
    assert opening is not None
    assert 50 < opening <= 60
    for _ in range(20):
        left = failure(recognizer).retry_after_seconds
        assert left is not None
        assert 0 < left <= opening
    with pytest.raises(RecognizerUnavailable):
        recognizer.check_available()
    assert stub.request_count == 3


def test_works_again_once_the_recognizer_does(stub: ClarifaiStub) -> None:
    stub.set_mode("broken")
    recognizer = clarifai(stub, CLARIFAI_BREAKER_SECONDS="0.2")
    for _ in range(3):
        failure(recognizer)
    stub.set_mode("ok")
    time.sleep(0.25)
    recognizer.check_available()
    assert len(recognizer.recognize(IMAGE)) == 1
    assert len(recognizer.recognize(IMAGE)) == 1


@pytest.mark.parametrize("mode", ["throttled", "busy"])
def test_retry_after_in_seconds_opens_it_at_once(stub: ClarifaiStub, mode: str) -> None:
    stub.set_mode(mode, retry_after_seconds=30)
    recognizer = clarifai(stub)
    first = failure(recognizer).retry_after_seconds
    assert first is not None
    assert 25 < first <= 30
    stub.set_mode("ok")
    failure(recognizer)
    assert stub.request_count == 1


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("Retry-After: {date}", 20, 41),
        ("Retry-After:  7 ", 6, 7),
        ("Retry-After: 0", 0.5, 1),
        ("Retry-After: Sun, 06 Nov 1994 08:49:37 GMT", 0.5, 1),
        ("Retry-After: 86400", 110, 120),
        ("Retry-After: " + "9" * 5000, 110, 120),
    ],
)
def test_retry_after_in_all_its_forms(
    server: Server, header: str, least: float, most: float
) -> None:
    date = formatdate(time.time() + 40, usegmt=True)
    server.on(PATH, response(b"{}", header.format(date=date), status="429 Too Many Requests"))
    seconds = failure(clarifai(server)).retry_after_seconds
    assert seconds is not None
    assert least < seconds <= most


@pytest.mark.parametrize(
    "header", ["Retry-After: soon", "Retry-After: -5", "Retry-After: 1.5", "Retry-After:", "A: b"]
)
def test_a_retry_after_that_names_no_time_is_a_failure_like_another(
    server: Server, header: str
) -> None:
    server.on(PATH, response(b"{}", header, status="503 Service Unavailable"))
    recognizer = clarifai(server)
    assert failure(recognizer).retry_after_seconds is None
    assert failure(recognizer).retry_after_seconds is None


def test_an_image_that_is_refused_stops_no_other(stub: ClarifaiStub) -> None:
    stub.set_mode("refused")
    recognizer = clarifai(stub)
    for _ in range(5):
        with pytest.raises(RecognizerCrashed, match="400"):
            recognizer.recognize(IMAGE)
    stub.set_mode("ok")
    assert len(recognizer.recognize(IMAGE)) == 1


def test_an_image_that_is_refused_within_a_200_stops_no_other(server: Server) -> None:
    output = b'{"status": {"code": 10000}, "outputs": [{"status": {"code": 30002}}]}'
    server.on(PATH, response(output))
    recognizer = clarifai(server)
    for _ in range(5):
        with pytest.raises(RecognizerCrashed):
            recognizer.recognize(IMAGE)
    server.on(PATH, response(regions()))
    assert recognizer.recognize(IMAGE) == ()


def test_a_time_limit_during_the_call_is_a_failure_and_passes_through(stub: ClarifaiStub) -> None:
    class SoftTimeLimitExceeded(Exception):
        """Like billiard's."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise SoftTimeLimitExceeded

    stub.set_mode("stall")
    recognizer = clarifai(stub, CLARIFAI_BREAKER_FAILURES="1")
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        with pytest.raises(SoftTimeLimitExceeded):
            recognizer.recognize(IMAGE)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    with pytest.raises(RecognizerUnavailable):
        recognizer.check_available()


def test_the_stubs_mode_changes_while_it_runs(stub: ClarifaiStub) -> None:
    control = f"http://127.0.0.1:{stub.server_port}/control"
    recognizer = clarifai(stub, CLARIFAI_BREAKER_FAILURES="100")
    for mode in set(MODES) - {"ok", "stall", "refused"}:
        body = requests.put(control, json={"mode": mode}, timeout=5).json()
        assert body["mode"] == mode
        failure(recognizer)
    count = requests.get(control, timeout=5).json()["request_count"]
    assert count == len(MODES) - 3
    wrongs: list[object] = [{"mode": "calm"}, {}, [], {"mode": "ok", "retry_after_seconds": "soon"}]
    for wrong in wrongs:
        assert requests.put(control, json=wrong, timeout=5).status_code == 400
    requests.put(control, json={"mode": "ok"}, timeout=5)
    assert len(recognizer.recognize(IMAGE)) == 1


def test_what_runs_in_the_process_is_always_available() -> None:
    for kind in ("centerface", "synthetic"):
        recognizer_from_environment({"RECOGNIZER": kind}).check_available()
