"""CPU time and memory of a process with everything below it, read from /proc in one pass.

CPU is user + system time of the living processes plus that of children that have ended and were
waited for (cutime, cstime), so short-lived children count. The kernel counts in ticks of 10 ms
per process. What a process used whose parent died before it is lost.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

_TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Usage:
    """What a process and its descendants have used.

    `rss_bytes` counts a shared page once per process that maps it; `pss_bytes` shares it out.
    """

    cpu_ms: float
    rss_bytes: int
    pss_bytes: int
    processes: int


@dataclass(frozen=True)
class Entry:
    """One line of /proc/<pid>/stat, as far as it is needed."""

    pid: int
    parent: int
    session: int
    state: str
    cpu_ticks: int
    own_ticks: int  # without those of children that ended
    rss_pages: int


def process_table() -> dict[int, Entry]:
    """Return all processes of the machine by pid, from one pass over /proc."""
    table = {}
    for folder in os.scandir("/proc"):
        if folder.name.isdecimal():
            entry = read_entry(int(folder.name))
            if entry is not None:
                table[entry.pid] = entry
    return table


def read_entry(pid: int) -> Entry | None:
    """Return the entry of one process; None if it has ended."""
    try:
        line = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return None
    # The name in parentheses may itself hold spaces and parentheses.
    fields = line[line.rindex(b")") + 2 :].split()
    return Entry(
        pid=pid,
        state=fields[0].decode(),
        parent=int(fields[1]),
        session=int(fields[3]),
        cpu_ticks=sum(map(int, fields[11:15])),
        own_ticks=sum(map(int, fields[11:13])),
        rss_pages=int(fields[21]),
    )


def members(leader: int, table: dict[int, Entry]) -> list[Entry]:
    """Return the leader, its descendants, and what else is in its session (orphans included)."""
    children: dict[int, list[int]] = {}
    for entry in table.values():
        children.setdefault(entry.parent, []).append(entry.pid)
    found = {entry.pid for entry in table.values() if entry.session == leader}
    pending = [leader, *found]
    while pending:
        pid = pending.pop()
        found.add(pid)
        pending.extend(child for child in children.get(pid, ()) if child not in found)
    return [table[pid] for pid in sorted(found) if pid in table]


def usage_of(leader: int, table: dict[int, Entry] | None = None) -> Usage:
    """Return the sums over the leader and everything below it."""
    return _sums(members(leader, process_table() if table is None else table))


def own_cpu_ms(pids: Iterable[int]) -> float:
    """Return the CPU-ms of these processes without those of any child."""
    found = (read_entry(pid) for pid in pids)
    return sum(entry.own_ticks for entry in found if entry is not None) * _TICK_MS


def usage_of_all(pids: Iterable[int]) -> Usage:
    """Return the sums over these processes alone; one that has ended adds nothing."""
    return _sums([entry for pid in pids if (entry := read_entry(pid)) is not None])


def _sums(entries: Sequence[Entry]) -> Usage:
    return Usage(
        cpu_ms=sum(entry.cpu_ticks for entry in entries) * _TICK_MS,
        rss_bytes=sum(entry.rss_pages for entry in entries) * _PAGE_BYTES,
        pss_bytes=_pss_bytes(entry.pid for entry in entries),
        processes=len(entries),
    )


def _pss_bytes(pids: Iterable[int]) -> int:
    total = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_bytes()
        except OSError:
            continue  # ended meanwhile, or a zombie
        for line in text.splitlines():
            if line.startswith(b"Pss:"):
                total += int(line.split()[1]) * 1024
                break
    return total
