"""The tutorial's commands, run as they stand on the page, against a running target."""

import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[3]
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_commands_of_the_tutorial_work(base_url: str) -> None:
    assert shutil.which("curl"), "the tutorial uses curl: install it"
    blocks = _BLOCK.findall((ROOT / "docs" / "tutorial.md").read_text())
    script = "set -e\n" + "\n".join(blocks)
    assert script.count("BASE=http://127.0.0.1:8080") == 1
    script = script.replace("BASE=http://127.0.0.1:8080", f"BASE={base_url}")
    run = subprocess.run(
        ["sh", "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert '"detections"' in run.stdout
