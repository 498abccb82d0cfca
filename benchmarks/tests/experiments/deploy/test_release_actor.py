"""What a release leaves in the results."""

from benchmarks.experiments.deploy.release_actor import refusal_of
from benchmarks.targets.architectures import REPOSITORY
from benchmarks.targets.errors import TargetError


def test_why_a_release_was_refused_has_no_path_of_this_machine() -> None:
    log = REPOSITORY / ".run" / "compare" / "logs" / "web-2.log"
    error = TargetError(f"web-2 ended before it was ready. Its log ({log}) ends with:\n  | x")
    assert refusal_of(error) == (
        "web-2 ended before it was ready. Its log (.run/compare/logs/web-2.log) ends with:"
    )
