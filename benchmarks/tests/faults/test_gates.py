"""Backing services and the recognizer that are slow, broken, full or gone, seen through gates."""

import time
from contextlib import ExitStack

import pytest

from benchmarks.oracle import RecordingClient
from benchmarks.reliability.records import Record
from benchmarks.targets import Target
from benchmarks.targets.injection import (
    DYNAMODB_THROTTLED,
    GARBAGE,
    S3_INTERNAL_ERROR,
    Fault,
    HttpFault,
    Reset,
    Stall,
    Truncate,
    full,
    throttled_recognizer,
)
from benchmarks.tests.faults.gated_target import Gated
from benchmarks.tests.faults.scenarios import (
    between,
    each_of,
    p99,
    record_others,
    record_recovery,
    under_load,
)
from benchmarks.tests.faults.verification import seconds_until

pytestmark = pytest.mark.full
BACK_SECONDS = 30.0
OUTAGE_SECONDS = 60.0
RETRY_AFTER_SECONDS = 20
BESIDE_SECONDS = 15.0
NOISE_SECONDS = 0.5


def read_everything(recorder: RecordingClient) -> None:
    """Read the result and the image of all that was accepted, twice: both must be the same."""
    for _ in range(2):
        for key in recorder.history.accepted:
            recorder.result(key)
            recorder.image(key)


@pytest.mark.row("s3-errors")
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(HttpFault(0.2, S3_INTERNAL_ERROR), id="errors"),
        pytest.param(HttpFault(0.2, delay_seconds=5), id="stalls"),
        pytest.param(Truncate(after_bytes=2000), id="truncated"),
    ],
)
def test_s3_with_errors(
    gated: Gated, gated_recorder: RecordingClient, record: Record, fault: Fault
) -> None:
    recorder, proxy = gated_recorder, gated.proxies["s3"]
    before = proxy.counts["spoiled"]
    with under_load(recorder, record):
        began = recorder.history.now()
        with proxy.injecting(fault):
            time.sleep(20)
            read_everything(recorder)
        back = recorder.history.now()
    record.note("requests spoiled", proxy.counts["spoiled"] - before)
    assert proxy.counts["spoiled"] > before
    read_everything(recorder)
    each_of(
        lambda: record_others(recorder, record, "s3", (began, back)),
        lambda: record_recovery(gated.target, recorder, record, back),
    )


@pytest.mark.row("dynamodb-throttles")
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(HttpFault(1, DYNAMODB_THROTTLED), id="throttled"),
        pytest.param(Stall(), id="stalled"),
    ],
)
def test_dynamodb_refuses(
    gated: Gated, gated_recorder: RecordingClient, record: Record, fault: Fault
) -> None:
    recorder = gated_recorder
    with under_load(recorder, record):
        began = recorder.history.now()
        with gated.proxies["dynamodb"].injecting(fault):
            time.sleep(10)
            back = recorder.history.now()
    events = between(recorder.history, began, back)
    sign_ins = {it.status for it in events if it.operation == "sign-in" and it.ended <= back}
    assert sign_ins == {503}
    with_token = {it.status for it in events if it.operation in {"submit", "read", "list"}}
    assert with_token <= {200, 202}
    signs_in = seconds_until(
        lambda: recorder.sign_in().status_code == 200, timeout_seconds=BACK_SECONDS
    )
    record.at_most("signs in after", signs_in, 10)
    each_of(
        lambda: record_others(recorder, record, "dynamodb", (began, back)),
        lambda: record_recovery(gated.target, recorder, record, back),
    )


@pytest.mark.row("recognizer-faults")
@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        pytest.param(Stall(), 30, id="stalled"),
        pytest.param(HttpFault(1, throttled_recognizer(5)), 20, id="throttled"),
        pytest.param(HttpFault(1, GARBAGE), 20, id="garbage"),
    ],
)
def test_the_recognizer_misbehaves(
    gated: Gated, gated_recorder: RecordingClient, record: Record, fault: Fault, seconds: int
) -> None:
    recorder, proxy = gated_recorder, gated.proxies["recognizer"]
    with under_load(recorder, record):
        time.sleep(BESIDE_SECONDS)
        began, calls = recorder.history.now(), proxy.counts["connections"]
        with proxy.injecting(fault):
            time.sleep(seconds)
        made = proxy.counts["connections"] - calls
        record.note("calls while it lasted", made)
        assert made > 0
        back = recorder.history.now()
        time.sleep(BESIDE_SECONDS)
    without = max(
        p99(between(recorder.history, 0, began)),
        p99(between(recorder.history, back, recorder.history.now())),
    )
    during = p99(between(recorder.history, began, back))
    record.note("web p99 before and after", without, "s")
    # Of a few dozen requests a p99 is their maximum, which a busy machine moves by itself.
    record.at_most("web p99", during, 1.2 * without + NOISE_SECONDS)
    record_recovery(gated.target, recorder, record, back)


def record_failed(target: Target, recorder: RecordingClient, record: Record) -> None:
    """Record how many of the accepted submissions failed; none should have."""
    rows = target.inventory().rows
    failed = [key for key in recorder.history.accepted if rows[key].state == "failed"]
    record.at_most("failed", len(failed), 0, "")


@pytest.mark.row("recognizer-outage")
@pytest.mark.parametrize("kind", ["reset", "throttled"])
def test_a_minute_without_the_recognizer(
    gated: Gated, gated_recorder: RecordingClient, record: Record, kind: str
) -> None:
    recorder, proxy = gated_recorder, gated.proxies["recognizer"]
    throttled = HttpFault(1, throttled_recognizer(RETRY_AFTER_SECONDS))
    with under_load(recorder, record):
        calls = proxy.counts["connections"]
        with proxy.injecting(Reset() if kind == "reset" else throttled):
            time.sleep(OUTAGE_SECONDS)
        made = proxy.counts["connections"] - calls
        back = recorder.history.now()
    # The breaker is open most of the time: it lets one call through each ten seconds.
    record.at_most("calls", made, OUTAGE_SECONDS / 5, "")
    assert made > 0
    each_of(
        lambda: record_recovery(gated.target, recorder, record, back),
        lambda: record_failed(gated.target, recorder, record),
    )
    if kind == "throttled":
        # One call, then one after each Retry-After; one more may fall on either edge.
        most = OUTAGE_SECONDS / RETRY_AFTER_SECONDS + 2
        record.at_most("calls in spite of Retry-After", made, most, "")


@pytest.mark.row("host-vanishes")
@pytest.mark.parametrize("service", ["postgres", "valkey"])
def test_a_host_vanishes(
    gated: Gated, gated_recorder: RecordingClient, record: Record, service: str
) -> None:
    if service not in gated.hosts:
        pytest.skip(gated.why_not)
    recorder = gated_recorder
    with under_load(recorder, record):
        began = recorder.history.now()
        with gated.hosts[service].vanished():
            time.sleep(45)
        back = recorder.history.now()
    ready = seconds_until(recorder.ready, timeout_seconds=2 * BACK_SECONDS)
    record.at_most("ready after", ready, BACK_SECONDS)
    each_of(
        lambda: record_others(recorder, record, service, (began, back)),
        lambda: record_recovery(gated.target, recorder, record, back),
    )


@pytest.mark.row("disk-full")
@pytest.mark.parametrize("service", ["postgres", "valkey", "s3"])
def test_a_full_disk(
    gated: Gated, gated_recorder: RecordingClient, record: Record, service: str
) -> None:
    if service not in gated.disks:
        pytest.skip(gated.why_not)
    recorder, target = gated_recorder, gated.target
    with under_load(recorder, record), ExitStack() as disk:
        began = recorder.history.now()
        disk.enter_context(full(target.run_dir / "data" / service))
        time.sleep(10)
        disk.close()
        # If the service ended because it couldn't write, its supervisor starts it again.
        if not all(process.alive for process in target.find(service)):
            record.note("ended by itself", 1)
            target.restart(service)
        back = recorder.history.now()
    submitted = {
        event.status
        for event in between(recorder.history, began, back)
        if event.operation == "submit"
    }
    assert submitted <= {202, 429, 503, 507}
    record.note("others: p99", p99(between(recorder.history, began, back, {"submit"})), "s")
    record_recovery(target, recorder, record, back)
