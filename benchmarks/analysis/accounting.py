"""Whether a trial's numbers add up: accepted by the generator = rows = result objects."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ledger:
    """What each place holds when all is drained."""

    accepted: int  # distinct ids that the generator was answered 202 for
    ready: int  # of these, how many it saw succeed
    answers_lost: int  # submissions sent whose answer never came
    rows: int | None  # as the database has them; of an external target, as its API counts them
    rows_succeeded: int | None = None  # None, like the next two, where nobody can look
    rows_failed: int | None = None
    results: int | None = None


def imbalances(ledger: Ledger) -> list[str]:
    """Each way in which the places disagree, in words; empty if everything adds up."""
    found = []
    if ledger.rows is None:
        found.append("nobody could count the rows")
    elif ledger.rows != ledger.accepted:
        found.append(
            f"the generator was answered 202 for {ledger.accepted} submissions, "
            f"the target holds {ledger.rows}"
        )
    if ledger.answers_lost:
        found.append(f"{ledger.answers_lost} submissions were sent and never answered")
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
            f"{ledger.rows_succeeded} rows succeeded, "
            f"the generator saw {ledger.ready} of them do so"
        )
    return found


def _unready(ledger: Ledger) -> list[str]:
    """All that can be said where only the generator counts."""
    missing = ledger.accepted - ledger.ready
    return [f"{missing} accepted submissions were not seen to succeed"] if missing else []
