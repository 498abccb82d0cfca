"""The page on cost: what a month of each deployment costs on AWS, and where costs cross."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from benchmarks.cost.document import CostDocument, CostRow, CrossingEntry, PriceEntry
from benchmarks.report.cost import names
from benchmarks.report.findings.claims import by_name
from benchmarks.report.findings.errors import require
from benchmarks.report.formats import label, number, significant

NAME = "findings-cost"
FEW, MANY, HIGHEST = 1e4, 1e7, 1e8  # submissions a day, of the tables and of the range
DAY_SECONDS = 86_400.0
MONOLITH, SERVICES = "monolith-fargate", "microservices-fargate"
FUNCTION = "monolith-lambda-arm"
SMALLEST = 0.02
ARCHITECTURES = ("monolith", "microservices")
PROCESSES = (  # of one submission, by how their names end
    ("web", "-web"),
    ("worker", "-worker"),
    ("consumer", "-consumer"),
    (label("postgres"), "postgres"),
    (label("valkey"), "valkey"),
)
VILLAMIZAR = (0.50, 0.77)  # what Lambda saved in 2017, of a web application's infrastructure
GROUPS = {  # of items, by how their names end, in the order of the table
    "web processes": ("-web",),
    "recognition": ("-worker", "function", "queue"),
    "consumers and sweepers": ("-consumer", "-sweeper"),
}


def context(document: CostDocument) -> dict[str, Any]:
    """Return what the template needs: the document, its claims, tables, and formats."""
    monolith, services = document.deployment(MONOLITH), document.deployment(SERVICES)
    ec2 = [_row(document.deployment(f"{side}-ec2").rows, FEW).total for side in ARCHITECTURES]
    require(
        f"whether both architectures cost the same on EC2 at {FEW:g} submissions a day",
        shown=abs(ec2[0] / ec2[1] - 1) < SMALLEST,
        assumed=True,
    )
    (peak,) = (
        it
        for it in document.break_evens
        if (it.architecture, it.platform) == ("monolith", "lambda-arm")
    )
    require("a peak at which functions pay", shown=peak.peak_to_mean is not None, assumed=True)
    saved = _saved(document)
    require(
        "whether functions save more than Villamizar et al. report with few submissions, and less "
        "with many",
        shown=(saved[0][-1] > VILLAMIZAR[1], saved[-1][-1] < VILLAMIZAR[0]),
        assumed=(True, True),
    )
    many = _row(monolith.rows, MANY)
    assumed = {it.name: it.value for it in document.assumptions}
    seconds = document.architectures["monolith"].function_seconds
    return {
        "document": document,
        "claims": by_name(document.claims),
        "deployment": names.deployment,
        "dollars": names.dollars,
        "load": names.load,
        "crossing": names.crossing,
        "break_even": names.break_even,
        "peak": peak,
        "store_share": many.items["object store"] / many.total,
        "totals": [
            (it, _row(it.rows, FEW).total, _row(it.rows, MANY).total) for it in document.deployments
        ],
        "items": _items(
            [_row(it.rows, load) for load in (FEW, MANY) for it in (monolith, services)]
        ),
        "crossings": _side_by_side(document),
        "saved": saved,
        "villamizar": VILLAMIZAR,
        "variations": [
            (it, _ratios(it.ratios, f"{FUNCTION} ÷ {MONOLITH}", f"{SERVICES} ÷ {MONOLITH}"))
            for it in document.variations
        ],
        "measured": _measured(document),
        "sources": _by_source(document.prices.entries),
        "peak_to_mean": assumed["peak_to_mean"],
        "at_once": HIGHEST / DAY_SECONDS * assumed["peak_to_mean"] * seconds,
        "merged_share": 1 - _row(monolith.rows, FEW).total / _row(services.rows, FEW).total,
        "merged_share_many": 1 - many.total / _row(services.rows, MANY).total,
        "figure_file": f"images/{NAME}.svg",
        "is_committed": True,
    }


def _row(rows: Iterable[CostRow], per_day: float) -> CostRow:
    (found,) = (row for row in rows if row.per_day == per_day)
    return found


def _group(item: str) -> str:
    return next((group for group, ends in GROUPS.items() if item.endswith(ends)), item)


def _items(rows: list[CostRow]) -> list[tuple[str, list[float]]]:
    """Return each group of items with its dollars in every row; those without any are left out."""
    groups = dict.fromkeys([*GROUPS, *(_group(item) for row in rows for item in row.items)])
    found = [(group, [_of_group(row.items, group) for row in rows]) for group in groups]
    return [(group, values) for group, values in found if any(values)]


def _of_group(items: Mapping[str, float], group: str) -> float:
    return sum(value for item, value in items.items() if _group(item) == group)


def _side_by_side(document: CostDocument) -> list[tuple[CrossingEntry, CrossingEntry]]:
    """Return each pair's crossing as assumed, and with the same load all day."""
    (even,) = (it for it in document.variations if it.name == "even load")
    return list(zip(document.crossings, even.crossings, strict=True))


def _saved(document: CostDocument) -> list[tuple[float, float, float, float]]:
    """Return load, dollars of the monolith's workers and of its functions, and the share saved."""
    found = []
    for worker, function in zip(
        document.deployment(MONOLITH).rows, document.deployment(FUNCTION).rows, strict=True
    ):
        before = _of_group(worker.items, "recognition")
        after = _of_group(function.items, "recognition")
        found.append((worker.per_day, before, after, 1 - after / before))
    return found


def _ratios(ratios: Mapping[str, Any], *pairs: str) -> list[float]:
    """Return the ratios of some pairs at the lowest and the highest of their loads."""
    return [value for pair in pairs for value in (ratios[pair][0], ratios[pair][-1])]


def _measured(document: CostDocument) -> list[tuple[str, str, str, str]]:
    """Return what was measured or counted of one submission: name, both sides, where it is from."""
    monolith, services = (document.architectures[name] for name in ARCHITECTURES)
    origin = "measured" if monolith.is_function_measured else "derived"
    found = [
        (
            f"CPU-ms, {title}",
            number(_cpu(monolith.cpu_ms, end), 1),
            number(_cpu(services.cpu_ms, end), 1),
            "run",
        )
        for title, end in PROCESSES
    ]
    found += [
        (
            title,
            number(getattr(monolith, name), digits),
            number(getattr(services, name), digits),
            of,
        )
        for title, name, digits, of in (
            ("submissions a second on one core", "capacity", 2, "run"),
            ("cores used at that rate", "cores_at_capacity", 2, "run"),
        )
    ]
    counted = [document.operations[name] for name in ARCHITECTURES]
    found += [
        (name, significant(counted[0][name]), significant(counted[1].get(name)), "counted")
        for name in counted[0]
    ]
    found += [
        (
            title,
            number(getattr(monolith, name), digits),
            number(getattr(services, name), digits),
            of,
        )
        for title, name, digits, of in (
            ("memory of the function, MB", "function_memory_mb", 0, "derived"),
            ("seconds of a warm call, x86", "function_seconds", 3, origin),
        )
    ]
    return found


def _cpu(cpu_ms: Mapping[str, float], end: str) -> float:
    return sum(value for name, value in cpu_ms.items() if name.endswith(end))


def _by_source(entries: Iterable[PriceEntry]) -> dict[str, tuple[str, str]]:
    """Return the title and the prices, as one text, of each page that they were entered from."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        text = f"{entry.name.replace('_', ' ')} ${entry.dollars:.10f}".rstrip("0").rstrip(".")
        found.setdefault(entry.source, []).append(text)
    return {source: (_title(source), ", ".join(texts)) for source, texts in found.items()}


def _title(source: str) -> str:
    """Return the words of a URL's path: a table has no room for the whole of it on a phone."""
    parts = urlsplit(source)
    words = (*parts.path.split("/"), parts.fragment)
    return " ".join(it for it in words if it not in {"", "pricing"}).replace("_", " ")
