"""The interpreter and the settings that a suite is run with at a commit."""

from pathlib import Path

from benchmarks.experiments.isolation.copies import lay_out_wheel_source
from benchmarks.experiments.isolation.revisions import Revisions
from benchmarks.experiments.isolation.suites import WHEEL, Suite
from benchmarks.targets.local.settings import environments_folder
from benchmarks.targets.releases.artifacts import make_environment


def suite_python(suite: Suite, commit: str, place: Path, revisions: Revisions) -> Path:
    """Return the suite's interpreter; build an environment in `place` if the lock changed.

    Raises ReleaseError where that environment can't be built.
    """
    lock = revisions.changed_file(commit, suite.lock)
    if lock is None:
        return environments_folder() / suite.environment / "bin" / "python"
    written = place / "requirements.txt"
    written.write_text(lock)
    wheels = list((revisions.repository / ".build" / "wheels").glob("flow_imaging-*.whl"))
    wheel = wheels[0] if wheels and WHEEL[0] in suite.paths else None
    make_environment(suite.name, written, wheel, place / "environment")
    return place / "environment" / "bin" / "python"


def suite_settings(
    suite: Suite, commit: str, place: Path, python: Path, revisions: Revisions
) -> dict[str, str]:
    """Return the environment variables of a suite whose interpreter is `python`.

    Where the commit's imaging differs from the installed wheel, its source is written to `place`
    and found before the wheel. Imaging's own suite always tests the source that lies beside it.
    """
    settings = {"PATH": f"{python.parent}:/usr/local/bin:/usr/bin:/bin"}
    if holds_wheel_source(suite) or (suite.sees and revisions.is_wheel_changed(commit)):
        source = lay_out_wheel_source(
            commit, place, python.parents[1], repository=revisions.repository
        )
        settings["PYTHONPATH"] = str(source)
    return settings


def holds_wheel_source(suite: Suite) -> bool:
    """Return whether the source of imaging is among what the suite's folder holds."""
    return "shared/imaging" in suite.holds
