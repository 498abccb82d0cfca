"""Run ministack as a program, and end each idle environment of a function, the last one included.

ministack keeps one environment of each function for ever. AWS ends every idle one, so that a
function that isn't called takes no memory. The time after which an environment is idle is
ministack's own setting LAMBDA_WARM_TTL_SECONDS. Runs in the emulator's environment, where this
repository's packages don't exist.
"""

import threading
import time
from typing import Any

from ministack.app import main
from ministack.core import lambda_runtime

_INTERVAL_SECONDS = 0.5


def end_idle(idle_seconds: float) -> int:
    """End the environments without a call since `idle_seconds`; return how many."""
    earliest = time.time() - idle_seconds
    ended: list[Any] = []
    with lambda_runtime._lock:  # ministack holds it while it leases an environment to a call
        pools = lambda_runtime._workers  # there is no public name for it
        for key, pool in list(pools.items()):
            kept = [it for it in pool if it.in_use or it.last_used > earliest]
            ended += [it for it in pool if it not in kept]
            if kept:
                pools[key] = kept
            else:
                del pools[key]
    lambda_runtime.kill_workers(ended)
    return len(ended)


def _end_idle_for_ever() -> None:
    while True:
        time.sleep(_INTERVAL_SECONDS)
        end_idle(lambda_runtime._LOCAL_WORKER_TTL)


if __name__ == "__main__":
    threading.Thread(target=_end_idle_for_ever, name="end-idle", daemon=True).start()
    main()
