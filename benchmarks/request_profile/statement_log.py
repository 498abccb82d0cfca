"""Counts statements by their first word, and transactions, in PostgreSQL's log of statements.

PostgreSQL's own counter of transactions comes up to ten seconds late; the log has each at once.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

# The log's prefix has the process, `[1234]`; the text of a statement may begin on the next line.
_STATEMENT = re.compile(
    rb"^\S[^\n]*?\[(?P<process>\d+)\][^\n]*? LOG:  (?:statement|execute [^\n:]*): "
    rb"\s*(?P<verb>[A-Za-z]+)(?P<to>\s+TO\b)?",
    re.MULTILINE,
)
_BEGINS, _ENDS = frozenset({"BEGIN", "START"}), frozenset({"COMMIT", "ROLLBACK", "END", "ABORT"})


@dataclass(frozen=True, slots=True)
class Statements:
    """Statements by their first word, BEGIN and COMMIT among them, and ended transactions."""

    by_verb: Counter[str] = field(default_factory=Counter)
    transactions: int = 0


class StatementLog:
    """Reads a log; each read goes on where the last one ended."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._read_bytes = 0
        self._verbs: Counter[str] = Counter()
        self._transactions = 0
        self._open: set[bytes] = set()

    def read(self) -> Statements:
        """Return what was logged so far. A statement without a transaction is one of its own."""
        with self._log.open("rb") as log:
            log.seek(self._read_bytes)
            text = log.read()
        whole = text[: text.rfind(b"\n") + 1]
        self._read_bytes += len(whole)
        for found in _STATEMENT.finditer(whole):
            self._take(found["process"], found["verb"].decode().upper(), bool(found["to"]))
        return Statements(self._verbs.copy(), self._transactions)

    def _take(self, process: bytes, verb: str, is_partial: bool) -> None:
        self._verbs[verb] += 1
        if verb in _BEGINS:
            self._open.add(process)
        elif verb in _ENDS and not is_partial:
            self._open.discard(process)
            self._transactions += 1
        elif process not in self._open:
            self._transactions += 1
