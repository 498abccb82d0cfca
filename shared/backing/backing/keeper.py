"""The keeper's own process: waits for its starter to end, then clears away; see `lifetime`."""

import sys

from backing.lifetime import kill_marked


def main() -> int:
    """Read the pipe until it closes; kill the marked processes unless `release` was written."""
    mark = sys.argv[1]
    if sys.stdin.buffer.read().strip() == b"release":
        return 0
    kill_marked(mark)
    kill_marked(mark)  # a process that was being started during the first pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
