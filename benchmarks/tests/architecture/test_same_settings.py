"""The two sides have the same settings; each difference that is meant is named with its reason.

The sources are read and not imported, so no environment of a unit is needed. The `submissions`
packages aren't compared here: docs/seam.md shows each of their differences.
"""

import ast
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from benchmarks.repository import REPOSITORY

MONOLITH = REPOSITORY / "monolith"
ACCOUNTS = REPOSITORY / "microservices" / "accounts"
SUBMISSIONS = REPOSITORY / "microservices" / "submissions"
RECOGNITION = REPOSITORY / "microservices" / "recognition"

Settings = dict[str, str]


def flat(name: str, value: ast.expr, constants: Settings) -> Settings:
    """Return a setting, or those that a dict or the keywords of a call hold, by dotted name."""
    if isinstance(value, ast.Dict) and all(isinstance(key, ast.Constant) for key in value.keys):
        keys = [key.value for key in value.keys if isinstance(key, ast.Constant)]
        pairs: Iterable[tuple[object, ast.expr]] = zip(keys, value.values, strict=True)
    elif isinstance(value, ast.Call) and value.keywords and not value.args:
        pairs = [(keyword.arg, keyword.value) for keyword in value.keywords]
    else:
        text = ast.unparse(value)
        text = re.sub(r"settings\(\)\.(\w+)", lambda name: f"settings.{name[1].upper()}", text)
        return {name: constants.get(text, text)}
    found: Settings = {}
    for key, inner in pairs:
        found |= flat(f"{name}.{key}", inner, constants)
    return found


def assigned(path: Path) -> Settings:
    """Return what a module assigns at its top level."""
    found: Settings = {}
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found |= flat(node.targets[0].id, node.value, found)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            found |= flat(node.target.id, node.value, found)
    return found


def functions(path: Path) -> Settings:
    """Return the functions of a module, by name."""
    tree = ast.parse(path.read_text())
    return {it.name: ast.unparse(it) for it in tree.body if isinstance(it, ast.FunctionDef)}


def passed(path: Path, function: str) -> Settings:
    """Return the keywords of the only call of this function in a module."""
    constants = assigned(path)
    (call,) = [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == function
    ]
    found: Settings = {}
    for keyword in call.keywords:
        found |= flat(str(keyword.arg), keyword.value, constants)
    return found


def numbers(path: Path) -> Settings:
    """Return the defaults of the numbers that a settings module reads from the environment."""
    found: Settings = {}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "_number":
            name, default = node.args[-2:]
            found[ast.literal_eval(name)] = ast.unparse(default)
    return found


def processes(unit: Path) -> Settings:
    """Return the words of each process in a unit's Procfile."""
    found: Settings = {}
    for line in (unit / "Procfile").read_text().splitlines():
        name, _, command = line.partition(": ")
        words = re.sub(r"(--(?:app|queues)) (\S+)", r"\1=\2", command)
        found |= {f"{name} {word.partition('=')[0]}": word for word in words.split(" ")}
    return found


def packages(unit: Path) -> Settings:
    """Return the versions in a unit's lock."""
    lock = (unit / "requirements.txt").read_text()
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", lock, re.MULTILINE))


def celery(unit: Path) -> Settings:
    """Return Celery's settings."""
    if unit == RECOGNITION:
        return passed(unit / "recognition" / "celery.py", "app.conf.update")
    found = assigned(unit / "config" / "celeryconfig.py")
    return {name: value for name, value in found.items() if not name.startswith("_")}


def settings(unit: Path) -> Settings:
    """Return Django's settings, with the functions that make them."""
    path = unit / "config" / "settings.py"
    return assigned(path) | functions(path)


def limits(unit: Path) -> Settings:
    """Return sizes, times and counts that the environment may set."""
    folder = "recognition" if unit == RECOGNITION else "config"
    return numbers(unit / folder / "settings.py")


def store(unit: Path) -> Settings:
    """Return the timeouts and attempts of recognition's calls of the object store."""
    return passed(unit / "recognition" / "storage.py", "Bucket")


def reads(unit: Path) -> Settings:
    """Return the timeouts and attempts of reads for which a caller waits."""
    if unit == MONOLITH:
        return passed(unit / "recognition" / "reading.py", "Bucket")
    path = unit / "submissions" / "storage.py"
    (function,) = (
        it
        for it in ast.parse(path.read_text()).body
        if isinstance(it, ast.FunctionDef) and it.name == "bucket"
    )
    (call,) = (
        it
        for it in ast.walk(function)
        if isinstance(it, ast.Call) and ast.unparse(it.func) == "_bucket_with"
    )
    given = {str(keyword.arg): ast.unparse(keyword.value) for keyword in call.keywords}
    return passed(path, "Bucket") | given


def bodies(unit: Path) -> Settings:
    """Return the limits of each kind of bodies; accounts has one, the small ones."""
    found = passed(unit / "config" / "gateway.py", "Capacity")
    names = {"bodies": "small", "small": "small", "uploads": "uploads"}
    return {names[name]: text for name, text in found.items() if name in names}


def loggers(unit: Path) -> Settings:
    """Return the levels of single loggers."""
    folder = "recognition" if unit == RECOGNITION else "config"
    (found,) = [
        flat("loggers", value, {})
        for node in ast.walk(ast.parse((unit / folder / "logs.py").read_text()))
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if key is not None and ast.unparse(key) == "'loggers'"
    ]
    return found


def threads(unit: Path) -> Settings:
    """Return how long a request waits for a thread, and the program that decides it."""
    return {"": ast.unparse(ast.parse((unit / "config" / "threads.py").read_text()))}


def observability(unit: Path) -> Settings:
    """Return the modules of a unit's traces, without the name of its package."""
    folder = unit / ("recognition" if unit == RECOGNITION else "config") / "observability"
    package = f"{folder.parent.name}.observability"
    return {it.name: it.read_text().replace(package, "") for it in folder.glob("*.py")}


def _observed(unit: str) -> dict[str, str]:
    meant = {"__init__.py": "what there is to observe", "functions.py": OWN}
    if unit == "submissions":
        return meant | {"attempt_metrics.py": "the outbox is a table, or in the rows"}
    return meant | {"measured.py": "fewer process types"}


OWN = "which apps and stores a unit has, and who signs tokens, is the architecture"
CONSUMER = "a consumer only writes a row, in its main process: no time limit, no child that can die"
PUBLISHER = "no client waits for recognition, so it publishes until the broker is back"
# Every difference that is meant, by the name of the comparison and of the setting.
MEANT: dict[str, dict[str, str]] = {
    "celery of submissions": {
        "task_default_queue": "each consumer has a queue of its own",
        "task_reject_on_worker_lost": CONSUMER,
        "task_soft_time_limit": CONSUMER,
        "task_time_limit": CONSUMER,
    },
    "celery of recognition": {
        "broker_transport_options.max_retries": PUBLISHER,
        "task_publish_retry": PUBLISHER,
    },
    "settings of accounts": {
        "INSTALLED_APPS": OWN,
        "REST_FRAMEWORK.DEFAULT_PARSER_CLASSES": "no uploads",
        "SPECTACULAR_SETTINGS.TITLE": "its own name",
        "SUBMISSION_COUNTER": "a call over HTTP, where the monolith has a local one",
        "TOKEN_SIGNING_KEYS_FILE": "its own name, in development",
    },
    "settings of submissions": {
        "DATABASES.default": "its own name, in development",
        "INSTALLED_APPS": OWN,
        "REST_FRAMEWORK.DEFAULT_AUTHENTICATION_CLASSES": OWN,
        "SPECTACULAR_SETTINGS.TITLE": "its own name",
    },
    "store of recognition": {"region": "settings without Django"},
    "loggers of accounts": {
        "loggers.celery.app.trace.level": "no Celery",
        "loggers.celery.worker.strategy.level": "no Celery",
    },
    "loggers of recognition": {"loggers.django.request.level": "no Django"},
    **{
        f"observability of {unit}": _observed(unit)
        for unit in ("accounts", "submissions", "recognition")
    },
    "processes of recognition": {"worker --app": "its own name"},
}
# What is compared, in which services; with `True` only what both have.
COMPARED: list[tuple[Callable[[Path], Settings], tuple[Path, ...], bool]] = [
    (celery, (SUBMISSIONS, RECOGNITION), False),
    (settings, (ACCOUNTS, SUBMISSIONS), True),
    (limits, (ACCOUNTS, SUBMISSIONS, RECOGNITION), True),
    (store, (RECOGNITION,), False),
    (reads, (SUBMISSIONS,), False),
    (bodies, (ACCOUNTS, SUBMISSIONS), True),
    (loggers, (ACCOUNTS, SUBMISSIONS, RECOGNITION), False),
    (processes, (ACCOUNTS, SUBMISSIONS, RECOGNITION), True),
    (packages, (ACCOUNTS, SUBMISSIONS, RECOGNITION), True),
    (observability, (ACCOUNTS, SUBMISSIONS, RECOGNITION), True),
    (threads, (ACCOUNTS, SUBMISSIONS), False),
]
COMPARISONS = [
    pytest.param(found, unit, common, id=f"{found.__name__} of {unit.name}")
    for found, units, common in COMPARED
    for unit in units
]


def differences(here: Settings, there: Settings, *, common: bool) -> set[str]:
    """Return the names of settings that differ; with `common` only of those that both have."""
    names = here.keys() & there.keys() if common else here.keys() | there.keys()
    return {name for name in names if here.get(name) != there.get(name)}


@pytest.mark.parametrize(("found", "unit", "common"), COMPARISONS)
def test_each_difference_is_meant(
    found: Callable[[Path], Settings], unit: Path, common: bool
) -> None:
    here, there = found(MONOLITH), found(unit)
    assert here
    assert here.keys() & there.keys()
    meant = MEANT.get(f"{found.__name__} of {unit.name}", {})
    assert differences(here, there, common=common) == set(meant)


def test_no_other_difference_is_named() -> None:
    assert MEANT.keys() <= {str(comparison.id) for comparison in COMPARISONS}


def test_an_unintended_difference_is_found(tmp_path: Path) -> None:
    here, there = tmp_path / "here.py", tmp_path / "there.py"
    here.write_text("options = {'socket_timeout': 1, 'other': 2}\nlimit = 3\n")
    there.write_text("LONG = 5\noptions = {'socket_timeout': LONG, 'other': 2}\nlimit = 3\n")
    found = differences(assigned(here), assigned(there), common=True)
    assert found == {"options.socket_timeout"}
