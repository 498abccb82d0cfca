"""What the parts of a target have counted: messages, statements, rows, bytes.

Read from the parts' own statistics, a few milliseconds each time. What the reading itself adds is
taken off, or happens where nothing is counted. Nothing here raises: what can't be read is None.
"""

from dataclasses import asdict, dataclass
from pathlib import Path

from backing import Backing
from benchmarks.targets.measure.backing_statistics import (
    BrokerStatistics,
    DatabaseStatistics,
    StatementLog,
)

_NETWORK = Path("/proc/net/dev")


@dataclass(frozen=True, slots=True)
class Counters:
    """Counted since the deployment; None for what can't be read now.

    - `messages_published`: LPUSH calls, which is how Celery publishes. A message that a worker
      gives back is pushed to the right, so it counts once; one that is rejected to the head of the
      queue counts again.
    - `broker_bytes`, `broker_commands`: what Valkey took and gave, as broker and as cache.
    - `database_statements`: those of the units, BEGIN and COMMIT among them; only where `deploy`
      was told to count statements.
    - `database_transactions`: ended ones in the units' databases; a statement of its own is one. A
      connection tells them once a second while it is used, and 10 s after it was used last. So a
      short window is wrong by up to a second's worth at each end.
    - `database_rows_read`, `database_rows_written`: rows that scans looked at, and rows inserted,
      updated or deleted, those of PostgreSQL's catalogs included; told as late as transactions.
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
        """What was counted in between, by name.

        What one of the two doesn't know is left out, and so is what has fallen: its part was
        started anew meanwhile.
        """
        before = asdict(earlier)
        return {
            name: value - before[name]
            for name, value in asdict(self).items()
            if value is not None and before[name] is not None and value >= before[name]
        }


class Meter:
    """Reads the counters of one deployment, over one connection to each part."""

    def __init__(
        self, backing: Backing, *, databases: tuple[str, ...], statement_log: Path | None
    ) -> None:
        self._broker = BrokerStatistics(backing.broker_environment()["BROKER_URL"])
        self._database = DatabaseStatistics(backing.database_url("postgres"), databases)
        self._statements = None if statement_log is None else StatementLog(statement_log)

    def read(self) -> Counters:
        """Read all."""
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
        """Close the connections."""
        self._broker.close()
        self._database.close()


def loopback_bytes(network: Path = _NETWORK) -> float | None:
    """Bytes that the loopback device has received, which is what was sent over it."""
    try:
        lines = network.read_text().splitlines()
    except OSError:
        return None
    for line in lines:
        name, _, values = line.partition(":")
        if name.strip() == "lo":
            return float(values.split()[0])
    return None
