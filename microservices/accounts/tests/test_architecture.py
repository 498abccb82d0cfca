"""The import contracts hold, and each one fails for a planted violation."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_every_rule_holds() -> None:
    done = _lint(ROOT)
    assert done.returncode == 0, done.stdout
    assert "3 kept, 0 broken" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "planted", "broken"),
    [
        ("accounts/table.py", "import accounts.services", "HTTP is on top"),
        ("accounts/models.py", "import accounts.apis", "HTTP is on top"),
        ("accounts/extra.py", "", "HTTP is on top"),  # a module in no layer
        ("accounts/services.py", "import config.settings", "The app doesn't import"),
        ("accounts/apis.py", "import boto3", "Only the table calls"),
        ("accounts/tokens.py", "import urllib3", "Only the table calls"),
    ],
)
def test_a_planted_violation_fails(tmp_path: Path, file: str, planted: str, broken: str) -> None:
    for name in ("accounts", "config"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / file).open("a") as module:
        module.write(f"\n{planted}\n")
    done = _lint(tmp_path)
    assert done.returncode != 0
    verdict = next(line for line in done.stdout.splitlines() if line.startswith(broken))
    assert verdict.endswith("BROKEN")
