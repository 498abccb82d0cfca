"""Deploy an arm whose web processes can send the files of a release."""

import shutil
from contextlib import AbstractContextManager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.experiments.runner.arms import Arm
from benchmarks.experiments.runner.cores import Cores
from benchmarks.experiments.runner.deployment import deploy_arm
from benchmarks.experiments.runner.errors import MachineError
from benchmarks.targets.architectures import WEB_SITE
from benchmarks.targets.releases.web_release import make_web_release

PACKAGE = "whitenoise"


def release_of(run_dir: Path) -> Path:
    """Return the folder of the release that a deployment in `run_dir` sends."""
    return run_dir / "web"


def deploy_visited(
    arm: Arm, *, run_dir: Path, cores: Cores | None, edge_port: int | None = None
) -> AbstractContextManager[Any]:
    """Make a release of the page, and deploy an arm that can send it. See `deploy_arm`."""
    release = release_of(run_dir)
    shutil.rmtree(release, ignore_errors=True)
    make_web_release(WEB_SITE, release)
    settings = {
        **arm.settings,
        "EDGE_RELEASE": str(release),
        "EDGE_WHITENOISE": str(_whitenoise()),
    }
    return deploy_arm(
        replace(arm, settings=settings), run_dir=run_dir, cores=cores, edge_port=edge_port
    )


def _whitenoise() -> Path:
    """Return the folder of the package, which is installed for the harness and not for units."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise MachineError(
            f"{PACKAGE} isn't installed beside the harness: run `make .venvs/bench`."
        )
    return Path(spec.origin).parent
