"""The first page of a comparison of several experiments: the answer of each, in one table."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from rich.console import Console

from benchmarks.report import claim_texts, formats, lead
from benchmarks.report.cost.bill import Bill
from benchmarks.report.headlines import HEADLINES, facts, question_of
from benchmarks.report.template_environment import environment
from benchmarks.results_model.claims import JudgedClaim, Scale
from benchmarks.results_model.document import ResultsDocument

MONOLITH, SERVICES = "monolith", "microservices"
BILL = "What does a month cost on AWS?"
PLAIN: dict[str, Any] = {"highlight": False, "markup": False, "soft_wrap": True}


@dataclass(frozen=True, slots=True)
class Row:
    """A claim as a row: both sides' values and their ratio or difference, as texts."""

    statement: str
    answer: str
    measure: str
    monolith: str
    services: str
    compared: str  # the ratio or the difference
    of: str  # which is divided by, or subtracted from, which
    interval: str
    deciding: str  # the interval that decided, where it is another
    otherwise: str  # the verdicts of other ways of measuring
    plot: Markup
    verdict: str
    verdict_class: str
    reason: str


@dataclass(frozen=True, slots=True)
class Part:
    """An experiment of the comparison: its question, the claim that answers it, and all claims.

    `facts` are sentences with counts that no claim is about. `answer` is None without a claim.
    """

    name: str
    title: str
    question: str
    status: str
    answer: Row | None
    facts: tuple[str, ...]
    rows: tuple[Row, ...]
    unmeasured: tuple[str, ...]  # statements of claims without a value
    size: str  # how many blocks, or faults, the answer has
    is_settled: bool
    document: ResultsDocument


def part_of(document: ResultsDocument) -> Part:
    """Return the part of an experiment's results document."""
    name, results = document.experiment, document.results
    claims = list(results.claims)
    headline = HEADLINES.get(name)
    wanted = [claim for claim in claims if headline is not None and claim.name == headline.claim]
    answering = [claim for claim in [*wanted, *claims] if claim.value is not None][:1]
    return Part(
        name=name,
        title=results.title,
        question=question_of(name, results.title),
        status=document.run.status,
        answer=row_of(answering[0], claims) if answering else None,
        facts=facts(results),
        rows=tuple(row_of(claim, claims) for claim in claims if claim.value is not None),
        unmeasured=tuple(claim.statement for claim in claims if claim.value is None),
        size=lead.size(results, answering[0]) if answering else "",
        is_settled=bool(answering) and lead.is_settled(answering[0]),
        document=document,
    )


def render(
    parts: Sequence[Part],
    *,
    missing: Sequence[str],
    run: Mapping[str, Any],
    cpu: str,
    bill: Bill | None = None,
) -> str:
    """Return the page. `missing` are the experiments that haven't begun; `cpu` is the model."""
    template = environment().get_template("overview.html.j2")
    return template.render(
        parts=parts,
        missing=missing,
        run=run,
        cpu=cpu,
        bill=bill,
        settled=settled(parts, run["profile"]),
        profile_note=lead.profile_note(run["profile"], [part.document for part in parts]),
    )


def settled(parts: Sequence[Part], profile: str) -> str:
    """Return how many of the questions the run settles; empty where nothing was measured."""
    answers = [(part.size, part.is_settled) for part in parts if part.answer is not None]
    return lead.settled(profile, answers) if answers else ""


def show(parts: Sequence[Part], console: Console, bill: Bill | None = None) -> None:
    """Print the answers, each with its question, its verdict and the reason; then the bill."""
    for part in parts:
        console.print(part.question, style="bold", **PLAIN)
        row = part.answer
        if row is None:
            console.print("  Nothing was measured that counts.", **PLAIN)
            continue
        console.print(f"  {row.answer}", **PLAIN)
        console.print(
            f"  monolith {row.monolith}, services {row.services}; {row.of} = {row.compared} "
            f"[{row.interval}]",
            **PLAIN,
        )
        console.print(f"  “{row.statement}” {row.verdict}. {row.reason}", **PLAIN)
        for fact in part.facts:
            console.print(f"  {formats.capitalized(fact)}", style="dim", **PLAIN)
    if bill is not None:
        console.print(BILL, style="bold", **PLAIN)
        for claim in bill.claims:
            figures = f"{claim.costs} = {claim.compared}"
            console.print(f"  “{claim.statement}” {claim.verdict}: {figures}", **PLAIN)
        console.print(f"  Computed, not billed. All of it: {bill.command}", **PLAIN)


def row_of(claim: JudgedClaim, claims: Sequence[JudgedClaim] = ()) -> Row:
    """Return the row of a claim; `claims` are those that it may restate."""
    monolith, services = _columns(claim)
    of = claim_texts.of(claim)
    if monolith == services == formats.NONE:
        of = f"{of}: {claim_texts.sides(claim)}"
    return Row(
        statement=claim.statement,
        answer=_answer(claim),
        measure=claim.measure,
        monolith=monolith,
        services=services,
        compared=claim_texts.compared(claim.value, claim),
        of=of,
        interval=claim_texts.interval(claim, claim),
        deciding=claim_texts.deciding(claim),
        otherwise=_otherwise(claim),
        plot=claim_texts.plot(claim),
        verdict=claim_texts.verdict(claim),
        verdict_class=claim_texts.verdict_class(claim),
        reason=claim_texts.restated(claims, claim),
    )


def _otherwise(claim: JudgedClaim) -> str:
    """Return the verdicts that other ways of measuring would give, counted; empty without any."""
    ways = Counter(str(it.verdict) for it in claim.alternatives if it.value is not None)
    if not ways or claim.verdict is None:
        return ""
    counted = ", ".join(f"{amount} {verdict}" for verdict, amount in ways.items())
    return f"Measured in {formats.count(ways.total(), 'other way')}: {counted}."


def _answer(claim: JudgedClaim) -> str:
    """Return what was measured as a sentence: in words, or both sides of a difference."""
    if claim.scale is Scale.RATIO or claim.is_case or claim.value is None:
        return claim.words
    return f"{formats.capitalized(claim.measure)}: {claim_texts.sides(claim)}."


def _columns(claim: JudgedClaim) -> tuple[str, str]:
    """Return the values of the monolith and of the services; dashes where two others are compared.

    A side that is not the whole of an architecture has its name with its value.
    """
    sides = [(claim.first_side, claim.first), (claim.second_side, claim.second)]
    mine = [place for place, (name, _) in enumerate(sides) if name.startswith(MONOLITH)]
    if len(mine) != 1:
        return formats.NONE, formats.NONE
    monolith, services = sides[mine[0]], sides[1 - mine[0]]
    found = []
    for (name, value), whole in ((monolith, MONOLITH), (services, SERVICES)):
        text = claim_texts.side_value(value, claim)
        found.append(text if name == whole else f"{name}: {text}")
    return found[0], found[1]
