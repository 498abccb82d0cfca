"""Print the tests that the selection by impact would run, in a suite's own environment.

`python impact.py` in a suite's folder, beside the data that `pytest --testmon` left there when
nothing was planted, prints the names as JSON. What the tests ran of which file was seen by
coverage, function by function; what ran in another process, or is no Python, wasn't.
"""

import json
import sys
from pathlib import Path

DATA = ".testmondata"


def main() -> int:
    """Print the tests that what has changed since would touch; all where that can't be known."""
    from testmon.common import get_system_packages  # noqa: PLC0415
    from testmon.testmon_core import TestmonData  # noqa: PLC0415

    data = TestmonData.for_local_run(
        rootdir=str(Path.cwd()),
        environment="",
        system_packages=get_system_packages(),
    )
    data.determine_stable()
    names = data.all_tests if data.system_packages_change else data.unstable_test_names
    sys.stdout.write(json.dumps(sorted(names or ())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
