"""The check of the language: each rule fails when it is broken, and legitimate text passes."""

import subprocess
from pathlib import Path

import language
import pytest

RULES = language.read_rules()


def found(name: str, text: str) -> list[str]:
    return list(language.faults(RULES, name, text))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("docs/flow.md", "The worker is told to stop."),
        ("docs/flow.md", "Nobody reads it."),
        ("Makefile", "torture: ## break things"),
        ("benchmarks/x.py", "told = 1\n"),
        ("benchmarks/x.py", "image_put_if_asked = 1\n"),
        ("benchmarks/x.py", '"""What the client said."""\n'),
        ("monolith/x.py", "class Promise: ...\n"),
        ("shared/web/site/page.js", "// the user's picture\n"),
    ],
)
def test_a_retired_word_is_reported(name: str, text: str) -> None:
    (fault,) = found(name, text)
    assert fault.startswith(f"{name}:1: ")
    assert "is retired" in fault


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("docs/flow.md", "The field `asked` is the old name."),
        ("docs/flow.md", 'The page had “told” and "nobody" in it.'),
        ("docs/flow.md", "The email address of an account, a masked value, a task."),
        ("shared/web/site/page.js", "return new Promise(resolve => resolve());\n"),
        ("shared/web/site/index.html", "<picture><source></picture>"),
        ("benchmarks/x.py", "# `says` is a field of committed results\n"),
    ],
)
def test_quotations_and_other_words_pass(name: str, text: str) -> None:
    assert found(name, text) == []


def test_history_data_and_locks_are_skipped(tmp_path: Path) -> None:
    names = {
        "monolith/CHANGELOG.md": False,
        "docs/decisions/0018-slow-tests-apart.md": False,
        "docs/decisions/0027-one-failed-component.md": False,
        "docs/decisions/0032-one-table-of-projects.md": True,
        "benchmarks/results/example/report.html": False,
        "monolith/requirements.txt": False,
        "monolith/README.md": True,
    }
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("told\n")
    subprocess.run(["git", "init", "-q", "."], check=True, cwd=tmp_path)
    subprocess.run(["git", "add", "."], check=True, cwd=tmp_path)
    read = language.tracked(tmp_path)
    assert {name: name in read for name in names} == names


@pytest.mark.parametrize(
    ("docstring", "is_right"),
    [
        ("Return the rows.", True),
        ("Returns the rows.", False),
        ("The rows.", False),
        ("What is read.", False),
        ("return the rows.", False),
    ],
)
def test_a_docstring_begins_with_a_verb(docstring: str, is_right: bool) -> None:
    text = f'def rows() -> None:\n    """{docstring}"""\n'
    assert (found("benchmarks/x.py", text) == []) is is_right


def test_private_functions_properties_classes_and_tests_may_have_other_docstrings() -> None:
    text = (
        'class Row:\n    """One row."""\n    @property\n    def name(self) -> str:\n'
        '        """The name."""\ndef _part() -> None:\n    """The rest."""\n'
    )
    assert found("benchmarks/x.py", text) == []
    assert found("benchmarks/tests/x.py", 'def row() -> None:\n    """The row."""\n') == []


@pytest.mark.parametrize(
    ("code", "is_right"),
    [
        ("rows = [it for it in ()]\n", True),
        ("for it in ():\n    pass\n", False),
        ("it = 1\n", False),
        ("key = lambda it: it\n", False),
    ],
)
def test_it_is_a_variable_in_comprehensions_alone(code: str, is_right: bool) -> None:
    assert (found("benchmarks/x.py", code) == []) is is_right


def test_the_repository_follows_the_rules() -> None:
    assert language.all_faults(RULES) == []
