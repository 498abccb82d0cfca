"""Whether a trial's numbers add up: accepted by the generator = rows = result objects."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ledger:
    """What each place holds when all is drained."""

    accepted: int  # distinct ids that the generator was answered 202 for
    ready: int  # of these, how many it saw succeed
    answers_lost: int  # submissions sent whose answer never came
    rows: int
    rows_succeeded: int
    rows_failed: int
    results: int


def imbalances(ledger: Ledger) -> list[str]:
    """Each way in which the places disagree, in words; empty if everything adds up."""
    found = []
    if ledger.rows != ledger.accepted:
        found.append(
            f"the generator was answered 202 for {ledger.accepted} submissions, "
            f"the database holds {ledger.rows}"
        )
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
    if ledger.answers_lost:
        found.append(f"{ledger.answers_lost} submissions were sent and never answered")
    return found
