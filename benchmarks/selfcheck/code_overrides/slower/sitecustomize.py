"""Code override of a target's processes: a slower release, and more thread CPU for each image.

Python imports this module at its start if PYTHONPATH names the folder. A release command sleeps for
PLANTED_RELEASE_SECONDS first; each image costs PLANTED_CPU_MS. The arms that aren't slowed down
have the module too, with 0, so that nothing else differs.
"""

import os
import sys
import time
from contextlib import suppress
from typing import Any

if "release" in sys.orig_argv:
    time.sleep(float(os.environ.get("PLANTED_RELEASE_SECONDS", "0")))

with suppress(ImportError):  # a unit without the wheel
    from imaging.recognizers.centerface import (  # type: ignore[import-not-found,unused-ignore]
        CenterFace,
    )

    _planted_ns = int(float(os.environ.get("PLANTED_CPU_MS", "0")) * 1_000_000)
    _recognize = CenterFace.recognize

    def _slower(self: Any, image: Any) -> Any:
        # The thread's own CPU time, whatever else holds the core.
        end_ns = time.thread_time_ns() + _planted_ns
        while time.thread_time_ns() < end_ns:
            pass
        return _recognize(self, image)

    CenterFace.recognize = _slower
