"""The import contracts hold, and each one fails for a planted violation."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
APPS = ("config", "submissions")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_every_rule_holds() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout
    assert "4 kept, 0 broken" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "planted", "broken"),
    [
        ("submissions/apis.py", "import config.settings", "The app doesn't import"),
        (
            "submissions/models.py",
            "import submissions.services",
            "Requests and messages are on top",
        ),
        ("submissions/services.py", "import submissions.consumers", "Requests and messages"),
        ("submissions/extra.py", "", "Requests and messages"),  # a module in no layer
        ("submissions/messages.py", "import httpx", "Only the keys call"),
        ("submissions/services.py", "import boto3", "Only the store calls"),
    ],
)
def test_a_planted_violation_fails(tmp_path: Path, file: str, planted: str, broken: str) -> None:
    for name in APPS:
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / file).open("a") as module:
        module.write(f"\n{planted}\n")
    done = lint(tmp_path)
    assert done.returncode != 0
    verdict = next(line for line in done.stdout.splitlines() if line.startswith(broken))
    assert verdict.endswith("BROKEN")
