"""The judgement of a soak: growth is found where it is planted, and only there."""

from collections.abc import Callable

import pytest

from benchmarks.soak.judgement import growth
from benchmarks.soak.readings import ProcessReading, Reading

MIB = 2**20


def steady(value: int) -> Callable[[int], int]:
    return lambda _: value


def readings(
    memory: Callable[[int], float] = lambda _: 100.0, **counts: Callable[[int], int]
) -> list[Reading]:
    """40 readings of a web process and a database; `memory` gives MiB, `counts` the rest."""

    def count(name: str, number: int, usual: int) -> int:
        return counts.get(name, steady(usual))(number)

    return [
        Reading(
            seconds=number * 15.0,
            processes=(
                ProcessReading(
                    "monolith-web-1",
                    "unit",
                    int(memory(number) * MIB),
                    threads=count("threads", number, 20),
                    files=count("files", number, 40),
                ),
                ProcessReading("postgres", "backing", (100 + 10 * number) * MIB, 8, 60),
            ),
            database_connections=count("database_connections", number, 10),
            broker_keys=count("broker_keys", number, 30),
            broker_clients=count("broker_clients", number, 12),
        )
        for number in range(40)
    ]


def exceeded(found: list[Reading]) -> set[tuple[str, str]]:
    return {(it.process, it.measure) for it in growth(found) if it.exceeded}


def test_steady_readings_exceed_nothing_though_a_backing_service_keeps_data() -> None:
    assert exceeded(readings()) == set()


def test_growth_while_warming_up_is_no_leak() -> None:
    assert exceeded(readings(memory=lambda number: min(100.0, 40 + 8 * number))) == set()


def test_memory_that_grows_slowly_is_found() -> None:
    found = readings(memory=lambda number: 100 + 0.6 * number)
    assert exceeded(found) == {("monolith-web-1", "memory_bytes")}


@pytest.mark.parametrize("measure", ["threads", "files"])
def test_a_leaked_thread_or_file_is_found(measure: str) -> None:
    assert exceeded(readings(**{measure: lambda number: 20 + number})) == {
        ("monolith-web-1", measure)
    }


@pytest.mark.parametrize("measure", ["database_connections", "broker_keys", "broker_clients"])
def test_a_leaked_connection_or_key_is_found(measure: str) -> None:
    assert exceeded(readings(**{measure: lambda number: 10 + number})) == {("all", measure)}


def test_counts_that_come_and_go_are_no_leak() -> None:
    assert exceeded(readings(files=lambda number: 40 + number % 7)) == set()


def test_too_few_readings_are_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        growth(readings()[:7])
