"""The counters of a target's backing services: messages, statements, rows, bytes.

They are read from the services' own statistics, in a few milliseconds. What the reading itself adds
is subtracted or isn't counted. Nothing here raises: a counter that can't be read is None.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.targets.measure.backing_statistics import (
    BrokerStatistics,
    DatabaseStatistics,
    StatementLog,
)

_NETWORK = Path("/proc/net/dev")


@dataclass(frozen=True, slots=True)
class Counters:
    """Counts since the deployment; None for a counter that can't be read now.

    - `messages_published`: LPUSH calls, which is how Celery publishes. A message that a worker
      gives back is pushed to the right, so it counts once; one that is rejected to the head of the
      queue counts again.
    - `broker_bytes`, `broker_commands`: what Valkey received and sent, as broker and as cache.
    - `database_statements`: those of the units, BEGIN and COMMIT among them; only with
      `deploy(count_statements=True)`.
    - `database_transactions`: ended ones in the units' databases; a statement of its own is one. A
      connection reports them once a second while it is used, and 10 s after its last use. So a
      short window is wrong by up to a second's worth at each end.
    - `database_rows_read`, `database_rows_written`: rows that scans looked at, and rows inserted,
      updated or deleted, those of PostgreSQL's catalogs included; reported as late as transactions.
    - `loopback_bytes`: all that went over this machine's loopback, the load generator's included,
      and that of whatever else runs here.
    """

    messages_published: float | None = None
    broker_bytes: float | None = None
    broker_commands: float | None = None
    database_statements: float | None = None
    database_transactions: float | None = None
    database_rows_read: float | None = None
    database_rows_written: float | None = None
    loopback_bytes: float | None = None

    def since(self, earlier: "Counters") -> dict[str, float]:
        """Return what was counted since `earlier`, by name.

        A counter that is None in either is left out, and so is one that has fallen, because its
        service was restarted in between.
        """
        before = asdict(earlier)
        return {
            name: value - before[name]
            for name, value in asdict(self).items()
            if value is not None and before[name] is not None and value >= before[name]
        }


class Meter:
    """Reads the counters of one deployment, over one connection to each service."""

    def __init__(
        self,
        *,
        broker_url: str,
        database_url: str,
        databases: Sequence[str],
        statement_log: Path | None = None,
    ) -> None:
        """Read the broker, and `databases` from the one at `database_url`, which isn't counted."""
        self._broker = BrokerStatistics(broker_url)
        self._database = DatabaseStatistics(database_url, databases)
        self._statements = None if statement_log is None else StatementLog(statement_log)

    def read(self) -> Counters:
        """Return all counters as they are now."""
        found: dict[str, float] = {}
        if (broker := self._broker.read()) is not None:
            found |= {
                "messages_published": broker.pushes,
                "broker_bytes": broker.bytes,
                "broker_commands": broker.commands,
            }
        if (database := self._database.read()) is not None:
            found |= {
                "database_transactions": database.transactions,
                "database_rows_read": database.rows_read,
                "database_rows_written": database.rows_written,
            }
        statements = None if self._statements is None else self._statements.read()
        return Counters(**found, database_statements=statements, loopback_bytes=loopback_bytes())

    def close(self) -> None:
        """Close the connections to the backing services."""
        self._broker.close()
        self._database.close()


def loopback_bytes(network: Path = _NETWORK) -> float | None:
    """Return the bytes that the loopback device has received; None if they can't be read."""
    try:
        lines = network.read_text().splitlines()
    except OSError:
        return None
    for line in lines:
        name, _, values = line.partition(":")
        if name.strip() == "lo":
            return float(values.split()[0])
    return None
