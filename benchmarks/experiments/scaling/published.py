"""Published figures: throughput of a monolith over that of its microservices.

The figures that our ratio by work per request is drawn beside. None of these sources states how
many CPU-ms a request takes, so each can only be drawn in the band of its kind of work, nowhere on
our axis of CPU-ms.

* Blinowski, Ojdowska and Przybyłek 2022: both architectures on one machine, each in Java and in
  .NET; a call that looks up a city (cheap) and one that computes a route through 10 000 points
  (CPU-heavy). The ratios are of the median throughputs of the paper's own raw data
  (github.com/przybylek/Monolith-vs-Microservices, LocalTests/): in requests a second 967.1 / 511.8
  and 453.3 / 329.9 for the city, 0.916 / 0.900 and 0.958 / 0.915 for the route. They are of the
  services that call each other by HTTP; those by RPC, and the runs in the cloud, are not drawn.
* Al-Debagy and Martinek 2018: "6 %" more throughput under rising concurrency, as the abstract
  has it, which also reports that its load test found no significant difference. It doesn't
  distinguish what the requests did.
* Bahaaio 2026, a public repository: 3420.1 / 1291.1 requests a second without faults, means of 3
  runs each, in paper/tables/scenario_architecture_stats.csv. 80 % reads of one row, 20 % orders,
  which read two rows and write one: no call computes. Each application had 2 CPUs in all. An
  earlier table of the same repository has 3558.2 / 1011.2, which is 3.52.
"""

from dataclasses import dataclass
from enum import StrEnum


class Work(StrEnum):
    """What a request of the source does, as far as the source states it."""

    CHEAP = "cheap"  # reads or writes some rows
    CPU_HEAVY = "CPU-heavy"  # computes
    MIXED = "mixed"  # several kinds, measured as one


@dataclass(frozen=True, slots=True)
class Published:
    """One published figure; `ratio` is throughput of the monolith over that of the services."""

    source: str
    year: int
    citation: str
    label: str
    work: Work
    ratio: float


_BLINOWSKI = (
    "Blinowski, Ojdowska, Przybyłek",
    2022,
    (
        "Monolithic vs. Microservice Architecture: A Performance and Scalability Evaluation, "
        "IEEE Access 10, 20357-20374, doi:10.1109/ACCESS.2022.3152803"
    ),
)

PUBLISHED = (
    Published(*_BLINOWSKI, "look up a city, .NET", Work.CHEAP, 1.89),
    Published(*_BLINOWSKI, "look up a city, Java", Work.CHEAP, 1.37),
    Published(*_BLINOWSKI, "compute a route, .NET", Work.CPU_HEAVY, 1.02),
    Published(*_BLINOWSKI, "compute a route, Java", Work.CPU_HEAVY, 1.05),
    Published(
        "Al-Debagy, Martinek",
        2018,
        "A Comparative Review of Microservices and Monolithic Architectures, "
        "IEEE CINTI 2018, 149-154, doi:10.1109/CINTI.2018.8928192",
        "concurrency test",
        Work.MIXED,
        1.06,
    ),
    Published(
        "Bahaaio",
        2026,
        "Monolith vs Microservices Benchmark, "
        "github.com/Bahaaio/monolith-vs-microservices-benchmark",
        "shop, reads and orders",
        Work.CHEAP,
        2.65,
    ),
)
