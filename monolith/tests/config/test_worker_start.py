"""What a worker does before it forks its children."""

from collections.abc import Iterator

import pytest
from celery.signals import worker_init
from pytest_django import Settings

from config.celery import app
from recognition import services


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """Begin without a recognizer, and leave none behind."""
    services._recognizer.cache_clear()
    yield
    services._recognizer.cache_clear()


def test_the_recognizer_is_made_before_the_fork(settings: Settings) -> None:
    settings.RECOGNIZER_ENVIRONMENT = {"RECOGNIZER": "synthetic"}
    worker_init.send(sender=app)
    assert services._recognizer.cache_info().currsize == 1


def test_a_library_that_is_missing_ends_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: object) -> None:
        raise ImportError("no module named onnxruntime")

    monkeypatch.setattr(services, "recognizer_from_environment", missing)
    with pytest.raises(SystemExit, match="no module named onnxruntime"):
        worker_init.send(sender=app)


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"RECOGNIZER": "nonsense"}, "RECOGNIZER must be centerface, clarifai or synthetic"),
        ({"RECOGNIZER": "clarifai"}, "CLARIFAI_API_KEY"),
    ],
)
def test_a_worker_whose_recognizer_cannot_be_made_ends(
    settings: Settings, environment: dict[str, str], named: str
) -> None:
    """Otherwise it would fail every submission after four attempts, within seconds."""
    settings.RECOGNIZER_ENVIRONMENT = environment
    with pytest.raises(SystemExit, match=named):
        worker_init.send(sender=app)
