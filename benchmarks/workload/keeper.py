"""The user that prepares a load and counts at its end what the target reports; it has no task."""

from collections.abc import Sequence

from benchmarks.workload import tasks
from benchmarks.workload.accounts import Account
from benchmarks.workload.tasks import Refused
from benchmarks.workload.users import FlowUser


class Keeper(FlowUser):
    """Makes the accounts and reads them at the end, one call after another."""

    def prepare(self) -> None:
        """Note what must be known before the load begins; here nothing, as accounts are new."""

    def count_submissions(self, accounts: Sequence[Account]) -> int | None:
        """Return how many submissions the target reports for the accounts; None if unknown."""
        counts = []
        try:
            for self.account in accounts:
                self.keep_signed_in()
                counts.append(tasks.read_account(self.client, self.account))
        except Refused:
            return None
        return None if None in counts else sum(it for it in counts if it is not None)
