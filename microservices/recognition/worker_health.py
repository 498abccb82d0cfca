"""Report whether a worker makes progress: `python -m worker_health FILE [MAX_AGE_SECONDS]`.

FILE is the worker's WORKER_HEARTBEAT_FILE. Ends with 0 if it was touched within MAX_AGE_SECONDS
(60 by default), otherwise with 1 and a sentence. It imports nothing that Python hasn't loaded by
itself at its start, pathlib neither, since a probe runs every few seconds.
"""

import os
import sys
import time

_MAX_AGE_SECONDS = 60.0


def main(arguments: list[str]) -> int:
    """Return the exit status for a file and, optionally, its maximum age in seconds."""
    if not arguments or not arguments[0]:
        sys.stderr.write("Set WORKER_HEARTBEAT_FILE and pass it as the first argument.\n")
        return 1
    file = arguments[0]
    max_age_seconds = float(arguments[1]) if len(arguments) > 1 else _MAX_AGE_SECONDS
    try:
        age_seconds = time.time() - os.stat(file).st_mtime  # noqa: PTH116 - see above
    except FileNotFoundError:
        sys.stderr.write(f"The worker hasn't consumed yet: {file} is missing.\n")
        return 1
    if age_seconds > max_age_seconds:
        sys.stderr.write(f"The worker made no progress for {age_seconds:.0f} s.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
