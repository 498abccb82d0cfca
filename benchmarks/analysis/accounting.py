"""The accounting of a trial: accepted submissions, rows and result objects must agree."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ledger:
    """The counts of the generator, the database and the object store after the drain."""

    accepted: int  # distinct ids for which the generator got 202
    ready: int  # of these, those that the generator saw succeed
    answers_lost: int  # submissions sent without a response
    rows: int | None  # in the database; of an external target, the count of its API
    rows_succeeded: int | None = None  # None, like the next two, if the stores can't be read
    rows_failed: int | None = None
    results: int | None = None


def imbalances(ledger: Ledger) -> list[str]:
    """Return a sentence for each disagreement of the counts; empty if all agree."""
    found = []
    if ledger.rows is None:
        found.append("the rows could not be counted")
    elif ledger.rows != ledger.accepted:
        found.append(
            f"the generator got 202 for {ledger.accepted} submissions, "
            f"the target holds {ledger.rows}"
        )
    if ledger.answers_lost:
        found.append(f"{ledger.answers_lost} submissions were sent and got no response")
    if ledger.rows is None or ledger.rows_succeeded is None or ledger.rows_failed is None:
        return found + _unready(ledger)
    unfinished = ledger.rows - ledger.rows_succeeded - ledger.rows_failed
    if unfinished:
        found.append(f"{unfinished} rows are not final")
    if ledger.results != ledger.rows_succeeded:
        found.append(
            f"{ledger.rows_succeeded} rows succeeded, "
            f"the object store holds {ledger.results} results"
        )
    if ledger.ready != ledger.rows_succeeded:
        found.append(
            f"{ledger.rows_succeeded} rows succeeded, the generator saw {ledger.ready} succeed"
        )
    return found


def _unready(ledger: Ledger) -> list[str]:
    """Return the disagreements that the generator's own counts show."""
    missing = ledger.accepted - ledger.ready
    return [f"{missing} accepted submissions were not seen to succeed"] if missing else []
