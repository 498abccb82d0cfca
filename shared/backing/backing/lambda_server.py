"""Run ministack as a program with two things of AWS that it lacks.

* Every idle environment of a function ends, the last one included, so that a function that isn't
  called takes no memory. The time is ministack's own setting LAMBDA_WARM_TTL_SECONDS.
* Each start of an environment is reported, as AWS reports the init duration: a line of JSON on
  stdout, {"started": FUNCTION, "at": Unix time, "seconds": until it took its first call}.

Runs in the emulator's environment, where this repository's packages don't exist. ministack has no
public names for either, so the names of its lock's version are used.
"""

import json
import sys
import threading
import time
from typing import Any

from ministack.app import main
from ministack.core import lambda_runtime

_INTERVAL_SECONDS = 0.5


def end_idle(idle_seconds: float) -> int:
    """End the environments without a call since `idle_seconds`; return how many.

    A call counts until its end. ministack notes only its beginning, so that an environment would
    end right after a long one; here each look at a busy environment is noted.
    """
    now = time.time()
    earliest = now - idle_seconds
    ended: list[Any] = []
    with lambda_runtime._lock:  # ministack holds it while it leases an environment to a call
        pools = lambda_runtime._workers
        for key, pool in list(pools.items()):
            for environment in pool:
                if environment.in_use:
                    environment.last_used = now
            kept = [it for it in pool if it.in_use or it.last_used > earliest]
            ended += [it for it in pool if it not in kept]
            if kept:
                pools[key] = kept
            else:
                del pools[key]
    lambda_runtime.kill_workers(ended)
    return len(ended)


def report_starts() -> None:
    """Report each start of an environment from now on."""
    start = lambda_runtime.ProvidedWorker._spawn

    def reported(worker: Any, *arguments: Any, **options: Any) -> None:
        begun = time.monotonic()
        start(worker, *arguments, **options)
        seconds = round(time.monotonic() - begun, 4)
        line = {"started": worker.func_name, "at": round(time.time(), 3), "seconds": seconds}
        sys.stdout.write(f"{json.dumps(line)}\n")
        sys.stdout.flush()

    lambda_runtime.ProvidedWorker._spawn = reported


def _end_idle_for_ever() -> None:
    while True:
        time.sleep(_INTERVAL_SECONDS)
        end_idle(lambda_runtime._LOCAL_WORKER_TTL)


if __name__ == "__main__":
    report_starts()
    threading.Thread(target=_end_idle_for_ever, name="end-idle", daemon=True).start()
    main()
