"""The command that refreshes the patches of all catalogues.

`python -m benchmarks.experiments.catalogue`; its status is 1 where a patch couldn't be re-made.
"""

import sys

from benchmarks.experiments.catalogue.changes import CatalogueError
from benchmarks.experiments.catalogue.refresh import catalogues, refresh
from benchmarks.targets.errors import TargetError


def main() -> int:
    """Refresh the patches and print what a person has to read."""
    try:
        outcomes = refresh(catalogues())
    except (CatalogueError, TargetError) as error:
        print(error, file=sys.stderr)
        return 1
    left = [outcome for outcome in outcomes if outcome.problem]
    for outcome in outcomes:
        if not outcome.problem:
            print(f"re-made {outcome.patch}")
        for line in outcome.review:
            print(f"  read: {line}")
    for outcome in left:
        print(f"LEFT AS IT WAS {outcome.patch}: {outcome.problem}")
    print(f"{len(outcomes) - len(left)} patches re-made, {len(left)} that a person has to edit.")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
