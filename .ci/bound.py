"""Binds a command's life to that of its starter: `bound.py COMMAND…`.

The kernel sends the command SIGINT when its starter is gone, so that a test run clears up behind
itself even if `make test` is killed outright.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1

if __name__ == "__main__":
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 - it takes this process over
