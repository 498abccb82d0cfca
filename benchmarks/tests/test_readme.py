"""The README's tables and commands are those of the code."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.tests.workload.locust_process import locust

FOLDER = Path(__file__).resolve().parents[1]
README = (FOLDER / "README.md").read_text()


@pytest.fixture(scope="module")
def tables() -> dict[str, list[str]]:
    command = [sys.executable, "-m", "benchmarks.tests.documents"]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, cwd=FOLDER.parent, timeout=60
    )
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("table", "heading"),
    [
        ("profiles", "| profile |"),
        ("tasks", "| task |"),
        ("arguments", "| argument |"),
        ("steps", "| argument |"),
        ("arrivals", "| argument |"),
    ],
)
def test_a_table_has_the_rows_that_the_code_gives(
    tables: dict[str, list[str]], table: str, heading: str
) -> None:
    rows = "\n".join(tables[table])
    assert f"{rows}\n\n" in README, "python -m benchmarks.tests.documents prints what it must be"
    before = README[: README.index(rows)].splitlines()
    assert before[-2].startswith(heading)


def test_the_sum_of_the_weights_is_right(tables: dict[str, list[str]]) -> None:
    weights = {row.split("|")[3].strip(): 0 for row in tables["tasks"]}
    for row in tables["tasks"]:
        weights[row.split("|")[3].strip()] += int(row.split("|")[2])
    submitting, others = weights.pop("submit"), sum(weights.values())
    assert f"of {submitting + others} tasks {submitting} submit and {others} look around" in README


def test_the_commands_are_accepted(tmp_path: Path) -> None:
    """Each Locust command of the README parses; --list stops it before it would load anything."""
    commands = re.findall(r"^\$ locust -f (\S+) (.*)$", README, re.MULTILINE)
    assert len(commands) == 4
    for file, options in commands:
        done = locust("-f", str(FOLDER.parent / file), *options.split(), "--list", cwd=tmp_path)
        assert done.returncode == 0, done.stderr


def test_every_folder_is_in_the_table() -> None:
    folders = {
        path.name
        for path in FOLDER.iterdir()
        if path.is_dir() and not path.name.startswith((".", "_"))
    }
    named = set(re.findall(r"^\| `(\w+)/` \|", README, re.MULTILINE))
    assert named >= folders - {"tests"}


def test_the_help_names_what_the_readme_names(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["compare", "--help"])
    shown = capsys.readouterr().out
    for option in ("--profile", "--experiments", "--seed"):
        assert option in shown
        assert option in README
