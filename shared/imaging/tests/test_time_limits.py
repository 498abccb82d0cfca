"""An exception of the caller that is raised in the middle propagates unchanged.

Celery's soft time limit is raised by a signal handler, wherever the process is. As "the image is
corrupt" it would be final. billiard is no dependency here, so its class stands in for it.
"""

import importlib.util
import io
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest
from conftest import FIXTURES
from network import Network
from PIL import Image, WebPImagePlugin
from test_centerface import normalized
from test_decode import encoded, read
from test_fetch import dripping

import imaging
from imaging import ImageCorrupt, Limits, fetch_image, inspect_image, normalize_image
from imaging.pillow_errors import RAISED_ON_BROKEN_IMAGES, corrupt_image

_COVERAGE = importlib.util.find_spec("coverage")
COVERAGE = str(Path(_COVERAGE.origin).parent) if _COVERAGE and _COVERAGE.origin else "\0"
LATER_SECONDS = 0.0001


class SoftTimeLimitExceeded(Exception):
    """Like billiard's: a direct child of Exception."""


class Foreign(OSError):
    """A child of a caught class: TimeoutError is an OSError too."""


FOREIGN = [SoftTimeLimitExceeded, Foreign, TimeoutError, KeyboardInterrupt, SystemExit, MemoryError]


@contextmanager
def limit(seconds: float) -> Iterator[None]:
    """Raise SoftTimeLimitExceeded from a signal handler after so many seconds.

    Not within the tracer of coverage.py, which some runs of the suite have: it takes a lock without
    a `finally`, and an exception there would let the next test wait for the lock without an end.
    """

    def strike(_number: int, frame: FrameType | None) -> None:
        if frame is not None and frame.f_code.co_filename.startswith(COVERAGE):
            signal.setitimer(signal.ITIMER_REAL, LATER_SECONDS)
            return
        raise SoftTimeLimitExceeded

    before = signal.signal(signal.SIGALRM, strike)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("kind", FOREIGN)
@pytest.mark.parametrize("function", [inspect_image, normalize_image])
def test_what_a_decoder_is_struck_by_comes_out(
    monkeypatch: pytest.MonkeyPatch, function: Callable[..., object], kind: type[BaseException]
) -> None:
    def strike(*_args: object) -> None:
        raise kind

    monkeypatch.setattr(WebPImagePlugin.WebPImageFile, "_open", strike)
    with pytest.raises(kind):
        function(read("images/lossy.webp"), limits=Limits())


@pytest.mark.parametrize("kind", FOREIGN)
def test_what_the_pixels_are_struck_by_comes_out(
    monkeypatch: pytest.MonkeyPatch, kind: type[BaseException]
) -> None:
    def strike(*_args: object) -> None:
        raise kind

    monkeypatch.setattr(WebPImagePlugin.WebPImageFile, "_get_next", strike)
    with pytest.raises(kind):
        normalize_image(read("images/lossy.webp"), limits=Limits())


@pytest.mark.parametrize("kind", RAISED_ON_BROKEN_IMAGES - {UnicodeDecodeError})
def test_what_pillow_raises_is_a_corrupt_image(kind: type[BaseException]) -> None:
    with pytest.raises(ImageCorrupt, match="That"), corrupt_image("That."):
        raise kind


def slow_image() -> bytes:
    return encoded(Image.new("RGB", (4000, 4000), "teal"), "PNG")


def test_a_time_limit_within_a_slow_decode_comes_out() -> None:
    data = slow_image()
    begun = time.perf_counter()
    normalize_image(data, limits=Limits())
    whole_seconds = time.perf_counter() - begun
    outcomes = []
    for share in (0.1, 0.3, 0.5, 0.7):
        try:
            with limit(whole_seconds * share):
                normalize_image(data, limits=Limits())
                outcomes.append("done")
        except SoftTimeLimitExceeded:
            outcomes.append("struck")
    assert "struck" in outcomes
    assert set(outcomes) <= {"struck", "done"}


@pytest.mark.parametrize(
    "name",
    ["images/gps.jpg", "images/orientation-6.jpg", "images/gps.png", "images/gps.webp",
     "images/palette.png", "images/first-frame-face.gif", "bad/truncated.jpg"],
)  # fmt: skip
def test_a_time_limit_at_any_moment_never_becomes_another_error(name: str) -> None:
    """Interrupted at many moments, an image has its usual outcome."""
    data = read(name)
    draw = random.Random(name)
    _outcome(data)  # for one-time initialization
    begun = time.perf_counter()
    expected = _outcome(data)
    whole_seconds = time.perf_counter() - begun
    struck = 0
    for _ in range(60):
        try:
            with limit(draw.uniform(0.00001, whole_seconds)):
                outcome = _outcome(data)
            assert outcome == expected
        except SoftTimeLimitExceeded:
            struck += 1
    assert struck


def _outcome(data: bytes) -> str:
    try:
        inspect_image(data, limits=Limits())
        return normalize_image(data, limits=Limits()).sha256
    except imaging.ImagingError as error:
        return error.code


def test_a_time_limit_within_the_recognizer_comes_out() -> None:
    recognizer = imaging.recognizer_from_environment({})
    image = normalized("load.jpg")
    recognizer.recognize(image)

    def recognize_for_ever() -> None:
        while True:
            recognizer.recognize(image)

    for moment in (0.0002, 0.001, 0.01):
        with pytest.raises(SoftTimeLimitExceeded), limit(moment):
            recognize_for_ever()


def test_a_time_limit_within_a_fetch_comes_out(network: Network, limits: Limits) -> None:
    network.server.on("/a", dripping(b"HTTP/1.1 200 OK\r\n\r\n", b"x"))
    with pytest.raises(SoftTimeLimitExceeded), limit(0.3):
        fetch_image("http://images.test/a", limits=limits)


def test_a_time_limit_within_a_resolution_comes_out(network: Network, limits: Limits) -> None:
    network.resolver_delay_seconds = 3
    with pytest.raises(SoftTimeLimitExceeded), limit(0.2):
        fetch_image("http://images.test/a", limits=limits)
    assert threading.current_thread() is threading.main_thread()


def test_no_source_catches_everything() -> None:
    """``except Exception`` would catch time limits, wherever it stands."""
    package = FIXTURES.parent / "imaging" / "src" / "imaging"
    broad = [
        f"{path.name}: {line.strip()}"
        for path in package.rglob("*.py")
        for line in io.StringIO(path.read_text())
        if line.strip().startswith(("except Exception", "except:", "except BaseException"))
    ]
    # Both pass the exception on: one raises it again, one stores it for the waiting thread.
    assert sorted(broad) == [
        "clarifai.py: except BaseException:",
        "transport.py: except BaseException as error:  # noqa: BLE001 - raised in the caller",
    ]
