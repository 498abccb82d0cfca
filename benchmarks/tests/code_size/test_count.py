"""What is counted as code, and where a count comes from."""

from dataclasses import fields
from pathlib import Path

import pytest

from benchmarks.code_size import sources
from benchmarks.code_size.count import TITLES, CodeSize, count, count_both, rows
from benchmarks.code_size.python_lines import code_lines
from benchmarks.projects import PROJECTS
from benchmarks.repository import REPOSITORY
from benchmarks.targets.architectures import ARCHITECTURES, unit_names


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", 0),
        ("# a comment\n\n", 0),
        ('"""A module."""\n\nx = 1  # beside it\n', 1),
        ('def f():\n    """What it does.\n\n    Twice.\n    """\n    return (\n        1)\n', 3),
        ('text = """\nis no docstring\n"""\n', 3),
        ('class A:\n    """Only documented."""\n', 1),
    ],
)
def test_a_line_of_code_is_no_comment_and_no_docstring(text: str, lines: int) -> None:
    assert code_lines(text) == lines


def test_everything_is_counted_from_its_own_source(tmp_path: Path) -> None:
    """A unit, and a second one without a lock; the tests and the migration aren't code."""
    for name, text in {
        "one/pyproject.toml": "[project]\n# a comment\nname = 'one'\n",
        "one/Procfile": "release: prepare\nweb: serve\nworker: work\n",
        "one/README.md": "| variable | default | what it is |\n| --- | --- | --- |\n"
        "| `A` | 1 | a |\n| `B` | | b |\n",
        "one/requirements.txt": "Django==6.0 \\\n    --hash=sha256:00\npsycopg[binary]==3.3\n",
        "one/app/models.py": "x = 1\ny = 2\n",
        "one/app/migrations/0001_initial.py": "migrations.CreateModel(\nmigrations.CreateModel(\n",
        "one/app/migrations/0002_gone.py": "migrations.DeleteModel(\n",
        "one/app/tasks.py": "@shared_task(name='a')\ndef a(): ...\n",
        "one/tests/test_it.py": "def test_it(): ...\n",
        "one/__pycache__/left.py": "left = 1\n",
        "two/pyproject.toml": "[project]\n",
        "two/table.py": "client.create_table(Name='a')\n",
        "two/README.md": "| variable | default | is |\n| --- | --- | --- |\n| `A` | 1 | a |\n",
        "two/requirements.txt": "django==6.1\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert count(tmp_path) == CodeSize(
        code_lines=5,
        code_files=3,
        test_lines=1,
        configuration_lines=6,
        units=2,
        processes=2,
        environments=2,
        dependencies=2,
        installed=3,
        settings=2,
        variables=3,
        tables=2,
        message_types=1,
    )


def test_the_counts_agree_with_what_the_harness_deploys() -> None:
    for side, size in count_both().items():
        assert size.units == len(unit_names(ARCHITECTURES[side]))
        assert size.environments == len(PROJECTS.units(side))
        procfiles = (REPOSITORY / side).rglob("Procfile")
        assert size.processes == sum(len(sources.processes(it.read_text())) for it in procfiles)
        assert min(getattr(size, it.name) for it in fields(CodeSize)) > 0


def test_each_count_has_a_title_and_both_sides() -> None:
    assert list(TITLES) == [it.name for it in fields(CodeSize)]
    assert all(len(values) == len(sources.SIDES) for _, values in rows(count_both()))
