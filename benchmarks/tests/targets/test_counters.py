"""The counters of the backing services: exact, without their own reads, None for one away."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from benchmarks.targets import Counters
from benchmarks.targets.measure.backing_statistics import log_statements
from benchmarks.targets.measure.counters import Meter, loopback_bytes

from backing import Backing, Supervisor

UNIT, OTHER = "unit", "other"


@pytest.fixture(scope="module")
def backing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backing]:
    with Supervisor(tmp_path_factory.mktemp("run")) as supervisor:
        started = Backing.start(
            supervisor, services=["postgres", "valkey"], databases=[UNIT, OTHER]
        )
        log_statements(started.database_url("postgres"), [UNIT])
        with psycopg.connect(started.database_url(UNIT)) as connection:
            connection.execute("CREATE TABLE rows (number int)")
        yield started


def meter_of(backing: Backing, log: Path | None) -> Meter:
    return Meter(
        broker_url=backing.broker_environment()["BROKER_URL"],
        database_url=backing.database_url("postgres"),
        databases=(UNIT,),
        statement_log=log,
    )


@pytest.fixture
def meter(backing: Backing) -> Iterator[Meter]:
    log = backing.supervisor.processes["postgres"].log
    made = meter_of(backing, log)
    yield made
    made.close()


def settled(meter: Meter, before: Counters, name: str) -> float:
    """Return a count once it has stopped rising: an ended connection reports late."""
    counted, last = 0.0, -1.0
    while counted != last:
        last = counted
        time.sleep(0.5)
        counted = meter.read().since(before)[name]
    return counted


def test_reading_adds_nothing_to_what_is_read(meter: Meter) -> None:
    before = meter.read()
    for _ in range(20):
        meter.read()
    counted = meter.read().since(before)
    assert counted.pop("loopback_bytes") > 0  # no service counts these, so the reads are included
    assert set(counted.values()) == {0.0}
    assert len(counted) == 7


def test_five_messages_are_five_and_their_bytes_are_counted(meter: Meter, backing: Backing) -> None:
    before = meter.read()
    with redis.Redis.from_url(backing.environment()["BROKER_URL"]) as broker:
        for _ in range(5):
            broker.lpush("queue", "x" * 1000)
        broker.brpop(["queue"])
        broker.rpush("queue", "given back")
    counted = meter.read().since(before)
    assert counted["messages_published"] == 5
    # Five go in and one comes out; each connection begins with a few short commands.
    assert 6_000 < counted["broker_bytes"] < 8_000
    assert 7 <= counted["broker_commands"] < 7 + 8


def test_three_statements_are_three_however_they_are_sent(meter: Meter, backing: Backing) -> None:
    before = meter.read()
    with psycopg.connect(backing.database_url(UNIT), autocommit=True) as connection:
        connection.execute("SELECT 1")
        connection.execute("SELECT\n*\nFROM rows\nWHERE '\nx LOG:  statement: ' <> ''")
        connection.execute("INSERT INTO rows VALUES (%s), (%s)", (1, 2))
        assert meter.read().since(before)["database_statements"] == 3
    with psycopg.connect(backing.database_url(OTHER), autocommit=True) as connection:
        connection.execute("SELECT 1")
    assert meter.read().since(before)["database_statements"] == 3


def test_transactions_and_rows_are_those_of_the_units_databases(
    meter: Meter, backing: Backing
) -> None:
    before = meter.read()
    with psycopg.connect(backing.database_url(UNIT)) as connection:
        connection.execute("INSERT INTO rows VALUES (1), (2), (3)")
        connection.execute("SELECT count(*) FROM rows")
    assert settled(meter, before, "database_transactions") == 2  # the connection begins with one
    counted = meter.read().since(before)
    assert counted["database_rows_written"] == 3
    assert counted["database_rows_read"] >= 3
    middle = meter.read()
    with psycopg.connect(backing.database_url(OTHER)) as connection:
        connection.execute("SELECT 1")
    assert settled(meter, middle, "database_transactions") == 0


def test_statements_are_unknown_where_they_are_not_logged(backing: Backing) -> None:
    meter = meter_of(backing, None)
    try:
        counters = meter.read()
    finally:
        meter.close()
    assert counters.database_statements is None
    assert counters.database_transactions is not None


def test_reading_takes_less_than_50_ms(meter: Meter) -> None:
    meter.read()
    took = []
    for _ in range(10):
        began = time.perf_counter()
        meter.read()
        took.append(time.perf_counter() - began)
    assert sorted(took)[5] < 0.05


def test_a_stopped_service_is_unknown_and_comes_back(meter: Meter, backing: Backing) -> None:
    meter.read()
    services = list(backing.supervisor.processes.values())
    for process in services:
        backing.supervisor.kill(process, signal.SIGSTOP)
    try:
        began = time.monotonic()
        still = meter.read()
        assert time.monotonic() - began < 5
    finally:
        for process in services:
            backing.supervisor.kill(process, signal.SIGCONT)
    assert still.broker_commands is None
    assert still.database_transactions is None
    assert still.loopback_bytes is not None
    back = meter.read()
    assert back.broker_commands is not None
    assert back.database_transactions is not None


def test_a_killed_service_is_unknown_and_its_restarted_counter_is_left_out(
    meter: Meter, backing: Backing
) -> None:
    with redis.Redis.from_url(backing.environment()["BROKER_URL"]) as broker:
        broker.lpush("queue", "x")
    before = meter.read()
    for process in list(backing.supervisor.processes.values()):
        backing.supervisor.kill(process, signal.SIGKILL)
    gone = meter.read()
    assert gone.messages_published is None
    assert gone.database_transactions is None
    for process in list(backing.supervisor.processes.values()):
        backing.supervisor.restart(process)
    counted = meter.read().since(before)
    assert "messages_published" not in counted
    assert "loopback_bytes" in counted


def test_a_difference_needs_both_readings() -> None:
    known, unknown = Counters(messages_published=7.0), Counters()
    assert known.since(Counters(messages_published=3.0)) == {"messages_published": 4.0}
    assert known.since(unknown) == unknown.since(known) == {}


def test_the_loopback_is_found_among_the_devices(tmp_path: Path) -> None:
    devices = tmp_path / "dev"
    devices.write_text(
        "Inter-|   Receive        |  Transmit\n face |bytes packets|bytes packets\n"
        "  eth0: 10 1 2 0 0 0 0 0 30 1\n    lo: 4711 1 0 0 0 0 0 0 4711 1\n"
    )
    assert loopback_bytes(devices) == 4711
    assert loopback_bytes(tmp_path / "missing") is None
