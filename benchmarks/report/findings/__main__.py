"""`make findings`: write the findings pages and their figures into `docs`.

    python -m benchmarks.report.findings

Each file that changed is printed.
"""

import sys

from benchmarks.cost.document import UnreadableCost
from benchmarks.planning.document import UnreadablePlan
from benchmarks.report.findings.errors import FindingsError
from benchmarks.report.findings.pages import generate, write
from benchmarks.results_model.reading import UnreadableResults
from benchmarks.results_model.request_profile import UnreadableProfile


def main() -> int:
    """Write the pages; return 1 where one can't be generated."""
    try:
        written = write(generate())
    except (
        FindingsError,
        UnreadableCost,
        UnreadablePlan,
        UnreadableProfile,
        UnreadableResults,
    ) as error:
        print(error, file=sys.stderr)
        return 1
    for name in written:
        print(f"docs/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
