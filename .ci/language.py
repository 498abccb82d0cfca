"""Check the language of the repository: retired words, and docstrings that begin with a verb.

`language.py` reads every file that git tracks. Three rules, whose data is `language.toml`:

* a retired word appears in no text and in no identifier, except between backticks or quotation
  marks, in changelogs, and in decisions up to 0027, which are history;
* the docstring of a public function or method begins with a verb in the imperative (a property's
  is a noun, and tests have names instead of docstrings);
* `it` is a variable in comprehensions alone.
"""

import ast
import fnmatch
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from repository import REPOSITORY

RULES = REPOSITORY / ".ci" / "language.toml"
TEXTS = frozenset(
    {".py", ".md", ".toml", ".yaml", ".yml", ".sh", ".js", ".css", ".html", ".j2", ".txt", ".dot"}
)
NAMES = frozenset({"Makefile", "Dockerfile", "Procfile", "Caddyfile", "run", ".env.example"})
# Data, history, locks, and this check's own data and tests.
SKIPPED = (
    "benchmarks/results/*",
    "shared/fixtures/*",
    "*CHANGELOG.md",
    "docs/decisions/00[01]?-*",
    "docs/decisions/002[0-7]-*",
    "*requirements*.txt",
    ".ci/language.toml",
    ".ci/tests/test_language.py",
)
TESTS = ("*/tests/*", "*/selftest/*", "*/migrations/*", "*/tests_contracts/*", "*/cases/*")
_QUOTED = re.compile(r"`[^`\n]*`|“[^”\n]*”|„[^“\n]*“")
_QUOTED_PROSE = re.compile(r'"[^"\n]*"')
_PROPERTIES = frozenset({"property", "cached_property", "overload"})


@dataclass(frozen=True)
class Retired:
    """One entry of retired words."""

    pattern: re.Pattern[str]
    instead: str
    files: str
    unless: tuple[re.Pattern[str], ...]


@dataclass(frozen=True)
class Rules:
    """The content of `language.toml`."""

    retired: tuple[Retired, ...]
    any_retired: re.Pattern[str]
    verbs: frozenset[str]


def read_rules(path: Path = RULES) -> Rules:
    """Read the rules. Raises KeyError where an entry lacks a field."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    retired = tuple(
        Retired(
            re.compile(rf"(?<![A-Za-z])(?:{entry['words']})(?![A-Za-z])", re.IGNORECASE),
            entry["instead"],
            entry.get("files", "*"),
            tuple(re.compile(text) for text in entry.get("unless", ())),
        )
        for entry in document["retired"]
    )
    anything = re.compile("|".join(entry.pattern.pattern for entry in retired), re.IGNORECASE)
    return Rules(retired, anything, frozenset(document["verbs"].split()))


def faults(rules: Rules, name: str, text: str) -> Iterator[str]:
    """Yield what is wrong in one file, a line each; `name` is its path in the repository."""
    yield from _retired_words(rules, name, text)
    if name.endswith(".py"):
        try:
            tree = ast.parse(text)
        except SyntaxError:
            return  # ruff reports it
        if not _matches(f"/{name}", TESTS):
            yield from _docstrings(rules, name, tree)
        yield from _variables(name, tree)


def _retired_words(rules: Rules, name: str, text: str) -> Iterator[str]:
    if not rules.any_retired.search(text):
        return
    is_prose = name.endswith(".md")
    for number, line in enumerate(text.splitlines(), start=1):
        if not rules.any_retired.search(line):
            continue
        plain = _QUOTED.sub(" ", line)
        if is_prose:
            plain = _QUOTED_PROSE.sub(" ", plain)
        for entry in rules.retired:
            if not fnmatch.fnmatch(name, entry.files):
                continue
            found = entry.pattern.search(plain)
            if found and not any(pattern.search(plain) for pattern in entry.unless):
                yield f"{name}:{number}: {found[0]!r} is retired: {entry.instead}"


def _docstrings(rules: Rules, name: str, tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        docstring = ast.get_docstring(node)
        if node.name.startswith("_") or docstring is None or _is_property(node):
            continue
        first = docstring.split()[0].strip(".,;:`") if docstring.split() else ""
        if first.lower() not in rules.verbs or not first[:1].isupper():
            place = f"{name}:{node.lineno}: {node.name}"
            yield f"{place}: its docstring begins with {first!r}, which is no verb"


def _is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    names = {getattr(it, "id", getattr(it, "attr", "")) for it in node.decorator_list}
    return bool(names & _PROPERTIES) or "setter" in names


def _variables(name: str, tree: ast.AST) -> Iterator[str]:
    comprehended = {
        id(target)
        for node in ast.walk(tree)
        if isinstance(node, ast.comprehension)
        for target in ast.walk(node.target)
    }
    for node in ast.walk(tree):
        is_stored = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        named = node.id if isinstance(node, ast.Name) and is_stored else ""
        named = node.arg if isinstance(node, ast.arg) else named
        if named == "it" and id(node) not in comprehended:
            yield f"{name}:{getattr(node, 'lineno', 0)}: 'it' is the name of a variable"


def tracked(repository: Path = REPOSITORY) -> list[str]:
    """Return the paths of the text files that git tracks, without those that are skipped."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], check=True, cwd=repository, capture_output=True, text=True
    ).stdout.split("\0")
    return [
        name
        for name in listed
        if (Path(name).suffix in TEXTS or Path(name).name in NAMES) and not _matches(name, SKIPPED)
    ]


def all_faults(rules: Rules, repository: Path = REPOSITORY) -> list[str]:
    """Return what is wrong in all files of the repository, a line each."""
    paths = ((name, repository / name) for name in tracked(repository))
    return [
        fault
        for name, path in paths
        if path.is_file()
        for fault in faults(rules, name, path.read_text(encoding="utf-8", errors="replace"))
    ]


def main() -> int:
    """Check the repository; return the exit status."""
    wrong = all_faults(read_rules())
    print("\n".join(wrong) or "The language is right.")
    return 1 if wrong else 0


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for pattern in patterns)


if __name__ == "__main__":
    sys.exit(main())
