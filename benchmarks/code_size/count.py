"""What each architecture consists of, as numbers."""

from dataclasses import dataclass, fields
from pathlib import Path

from benchmarks.code_size import sources
from benchmarks.code_size.python_lines import code_lines
from benchmarks.repository import REPOSITORY

LOCK = "requirements.txt"


@dataclass(frozen=True, slots=True)
class CodeSize:
    """The counts of one architecture, in the order in which they are shown."""

    code_lines: int
    code_files: int
    test_lines: int
    configuration_lines: int
    units: int
    processes: int
    environments: int
    dependencies: int
    installed: int
    settings: int
    variables: int
    tables: int
    message_types: int


TITLES = {
    "code_lines": "lines of code, without tests, migrations, comments and docstrings",
    "code_files": "files of code",
    "test_lines": "lines of tests, counted alike",
    "configuration_lines": "lines of configuration (Caddyfile, Dockerfile, Procfile, pyproject)",
    "units": "units, each released on its own",
    "processes": "process types",
    "environments": "environments to install, each with a lock of its own",
    "dependencies": "distinct packages that the locks pin",
    "installed": "packages to install in all environments together",
    "settings": "distinct settings",
    "variables": "settings to give to all units together",
    "tables": "tables, PostgreSQL and DynamoDB",
    "message_types": "kinds of messages through the broker",
}


def count(folder: Path) -> CodeSize:
    """Count an architecture's folder. Raises SyntaxError for a .py file that isn't Python."""
    found = list(sources.files(folder))
    product = [path for path in found if not sources.is_test(path, folder)]
    python = [path for path in product if path.suffix == ".py"]
    written = [path for path in python if not sources.is_generated(path) and path.read_bytes()]
    tests = [path for path in found if path.suffix == ".py" and path not in set(product)]
    locks = [sources.pins(_text(path)) for path in product if path.name == LOCK]
    variables = [
        name
        for path in product
        if path.name == "README.md"
        for name in sources.settings(_text(path))
    ]
    return CodeSize(
        code_lines=sum(code_lines(_text(path)) for path in written),
        code_files=len(written),
        test_lines=sum(code_lines(_text(path)) for path in tests),
        configuration_lines=sum(
            _filled_lines(_text(path)) for path in product if sources.is_configuration(path)
        ),
        units=len(sources.units(folder)),
        processes=sum(
            len(sources.processes(_text(path))) for path in product if path.name == "Procfile"
        ),
        environments=len(locks),
        dependencies=len({name for pins in locks for name, _ in pins}),
        installed=sum(len(pins) for pins in locks),
        settings=len(set(variables)),
        variables=len(variables),
        tables=sum(sources.tables(_text(path)) for path in python),
        message_types=sum(sources.message_types(_text(path)) for path in written),
    )


def count_both(repository: Path = REPOSITORY) -> dict[str, CodeSize]:
    """Count both architectures of a repository."""
    return {side: count(repository / side) for side in sources.SIDES}


def rows(counts: dict[str, CodeSize]) -> list[tuple[str, list[int]]]:
    """Return each count's title with its value on every side."""
    return [
        (TITLES[it.name], [getattr(size, it.name) for size in counts.values()])
        for it in fields(CodeSize)
    ]


def _filled_lines(text: str) -> int:
    """Return the lines that are neither empty nor a comment."""
    lines = (line.strip() for line in text.splitlines())
    return sum(bool(line) and not line.startswith("#") for line in lines)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
