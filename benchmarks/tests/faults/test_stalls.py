"""A backing service stands still: nothing refused, nothing closed. All goes on by itself after."""

import time

import pytest

from benchmarks.oracle import RecordingClient
from benchmarks.reliability.records import Record
from benchmarks.targets import Target
from benchmarks.targets.injection import stalled
from benchmarks.tests.faults.scenarios import each_of, record_others, record_recovery, under_load

BETWEEN_SECONDS = 3.0
LONG = [
    pytest.param((10,), id="10s", marks=pytest.mark.full),
    pytest.param((70,), id="70s", marks=pytest.mark.full),
    pytest.param((5, 5, 5), id="3x5s", marks=pytest.mark.full),
]


@pytest.mark.row("stall")
@pytest.mark.parametrize("stalls", [pytest.param((2,), id="2s"), *LONG])
@pytest.mark.parametrize("service", ["valkey", "postgres", "s3", "dynamodb"])
def test_a_stalled_service(  # noqa: PLR0917 - pytest gives them by name
    target: Target,
    recorder: RecordingClient,
    record: Record,
    service: str,
    stalls: tuple[int, ...],
    repetition: int,
) -> None:
    with under_load(recorder, record):
        began = recorder.history.now()
        for number, seconds in enumerate(stalls):
            time.sleep(BETWEEN_SECONDS if number else 0)
            with stalled(target, service):
                time.sleep(seconds)
        back = recorder.history.now()
    each_of(
        lambda: record_others(recorder, record, service, (began, back)),
        lambda: record_recovery(target, recorder, record, back),
    )
