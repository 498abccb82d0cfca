"""The division of a database's connections among the processes of a unit.

A web process has a pool, whose size is a setting. Every other process that uses the database does
one thing at a time and holds one connection; a Celery worker holds one for each of its children, a
function one for each of its environments. So a total is kept, whatever the replicas, if the web
processes share what the others leave.
"""

from collections.abc import Mapping

from benchmarks.targets.architectures import Unit
from benchmarks.targets.local.function import CONCURRENCY, WORKER, is_function
from benchmarks.targets.local.procfile import RELEASE, read_procfile

POOL_SETTING = "DATABASE_POOL_SIZE"
_CHILDREN_SETTING = "WORKER_CONCURRENCY"


def held_without_pool(
    unit: Unit,
    counts: Mapping[str, int],
    settings: Mapping[str, str],
    concurrency: int = CONCURRENCY,
) -> int:
    """Return how many connections the processes without a pool hold; `counts` is by type.

    `concurrency` is the most environments that a function may have.
    """
    held = 0
    for kind, command in read_procfile(unit.folder).items():
        if kind in {RELEASE, "web"}:
            continue
        if kind == WORKER and unit.function is not None and is_function(settings):
            held += concurrency
            continue
        children = int(settings.get(_CHILDREN_SETTING, "1")) if _CHILDREN_SETTING in command else 1
        held += children * counts.get(f"{unit.name}-{kind}", 1)
    return held


def pool_size(number: int, *, webs: int, left: int) -> int:
    """Return the pool size of the `number`th (from 1) of `webs` processes that share `left`.

    The sizes add up to `left`. ValueError if there is less than one for each.
    """
    if left < webs:
        message = f"{webs} web processes can't share {left} database connections: allow more in all"
        raise ValueError(message)
    share, over = divmod(left, webs)
    return share + (1 if number <= over else 0)
