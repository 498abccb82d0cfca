"""The import contracts hold, and each one fails for a planted violation."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APPS = ("accounts", "config", "recognition", "submissions")


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
    assert "7 kept, 0 broken" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "planted", "broken"),
    [
        ("recognition/services.py", "import submissions.models", "Submissions import accounts"),
        ("recognition/services.py", "import accounts.models", "Submissions import accounts"),
        ("accounts/services.py", "import recognition.services", "Submissions import accounts"),
        ("accounts/selectors.py", "import submissions.selectors", "Submissions import accounts"),
        ("submissions/apis.py", "import config.settings", "Submissions import accounts"),
        ("submissions/apis.py", "import accounts.authentication", "An app is used through"),
        ("submissions/services.py", "import recognition.storage", "An app is used through"),
        ("submissions/selectors.py", "import recognition.models", "Only recognition imports"),
        ("submissions/models.py", "import submissions.services", "In submissions, requests"),
        ("submissions/services.py", "import submissions.tasks", "In submissions, requests"),
        ("submissions/extra.py", "", "In submissions, requests"),  # a module in no layer
        ("recognition/models.py", "import recognition.services", "In recognition, the store"),
        ("accounts/table.py", "import accounts.apis", "In accounts, HTTP is on top"),
        ("submissions/services.py", "import boto3", "Only the stores call"),
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
