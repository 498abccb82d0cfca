"""Which process publishes and which receives each message, read from the code of the units.

A process starts in known modules: the web process in `apis.py`, a Celery process in modules that
define tasks, the sweeper in `management/commands/sweep.py`. From there references between top-level
functions and classes are followed to the calls that publish to a queue. A call with `after=` leaves
the publishing to the sweeper and isn't followed.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from generation.paths import CONTRACTS, ROOT

UNITS = {
    "monolith": ROOT / "monolith",
    **{name: ROOT / "microservices" / name for name in ("accounts", "submissions", "recognition")},
}
_SKIPPED = {"tests", "migrations"}
_PUBLISHING = {"publish", "send_task"}
Message = tuple[str, str, str]  # process, queue, message


@dataclass
class Module:
    """A module's top-level definitions, string constants and imports from its own unit."""

    tree: ast.Module
    definitions: dict[str, ast.AST] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    imports: dict[str, tuple[str, str | None]] = field(default_factory=dict)


class Unit:
    """The modules of a unit by dotted name, and its processes by name, from its Procfile."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.modules = {
            ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__"): path
            for path in sorted(folder.rglob("*.py"))
            if not _SKIPPED & set(path.relative_to(folder).parts) and ".venv" not in path.parts
        }
        self.parsed = {module: self._parse(path) for module, path in self.modules.items()}
        lines = (folder / "Procfile").read_text().splitlines()
        self.processes = dict(line.split(": ", 1) for line in lines if line)

    def _parse(self, path: Path) -> Module:
        module = Module(ast.parse(path.read_text(encoding="utf-8")))
        for node in module.tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
                module.definitions[node.name] = node
            elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(
                node.value, ast.Constant
            ):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    if isinstance(target, ast.Name) and isinstance(node.value.value, str):
                        module.constants[target.id] = node.value.value
            elif isinstance(node, ast.ImportFrom) and node.module:
                for name in node.names:
                    submodule = f"{node.module}.{name.name}"
                    module.imports[name.asname or name.name] = (
                        (submodule, None) if submodule in self.modules else (node.module, name.name)
                    )
        return module

    def text_of(self, module: str, node: ast.AST) -> str | None:
        """Return the string that an expression is, through constants of the unit's modules."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        found = self._resolve(module, node)
        if found is None or found[0] not in self.parsed:
            return None
        return self.parsed[found[0]].constants.get(found[1])

    def _resolve(self, module: str, node: ast.AST) -> tuple[str, str] | None:
        """Return the module and the name that an expression refers to."""
        here = self.parsed[module]
        if isinstance(node, ast.Name):
            where, name = here.imports.get(node.id, (module, node.id))
            return None if name is None else (where, name)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            imported = here.imports.get(node.value.id)
            if imported is not None and imported[1] is None:
                return imported[0], node.attr
        return None

    def received(self) -> set[Message]:
        """Return what the unit's tasks receive, from which queue, in which process."""
        return {
            (f"{self.name}/{process}", queue, name)
            for module in self.parsed
            for name in self._task_names(module)
            for process, queue in self._queues().items()
        }

    def published(self, known: set[str]) -> set[Message]:
        """Return what each process publishes, and to which queue, among the known names."""
        own = {it for module in self.parsed.values() for it in module.constants.values()} & known
        received = {message for _, _, message in self.received()}
        return {
            (f"{self.name}/{process}", queue, name)
            for process in self.processes
            if process != "release"
            for module, node in self._reached(process)
            for queue, message in self._sends(module, node)
            for name in ({message} if message else own - received)
        }

    def _queues(self) -> dict[str, str]:
        found = {}
        for process, command in self.processes.items():
            queues = re.search(r"--queues (\w+)", command)
            if queues:
                found[process] = queues[1]
        return found

    def _task_names(self, module: str) -> Iterator[str]:
        for node in self.parsed[module].definitions.values():
            for decorator in getattr(node, "decorator_list", []):
                if isinstance(decorator, ast.Call):
                    for keyword in decorator.keywords:
                        name = self.text_of(module, keyword.value)
                        if keyword.arg == "name" and name is not None and "." in name:
                            yield name

    def _entries(self, process: str) -> list[str]:
        if process in self._queues():
            return [module for module in self.parsed if any(self._task_names(module))]
        ending = {"web": "apis", "sweeper": "commands.sweep"}.get(process)
        return [module for module in self.parsed if ending and module.endswith(f".{ending}")]

    def _reached(self, process: str) -> set[tuple[str, ast.AST]]:
        open_: list[tuple[str, ast.AST]] = [
            (module, node)
            for module in self._entries(process)
            for node in self.parsed[module].definitions.values()
        ]
        reached: set[tuple[str, ast.AST]] = set()
        while open_:
            module, node = open_.pop()
            if (module, node) in reached:
                continue
            reached.add((module, node))
            for where, name in self._references(module, node):
                definition = (
                    self.parsed[where].definitions.get(name) if where in self.parsed else None
                )
                if definition is not None:
                    open_.append((where, definition))
        return reached

    def _references(self, module: str, node: ast.AST) -> Iterator[tuple[str, str]]:
        left_to_sweeper = {
            id(call.func)
            for call in ast.walk(node)
            if isinstance(call, ast.Call) and any(it.arg == "after" for it in call.keywords)
        }
        for part in ast.walk(node):
            if id(part) not in left_to_sweeper:
                found = self._resolve(module, part)
                if found is not None:
                    yield found

    def _sends(self, module: str, node: ast.AST) -> Iterator[tuple[str, str | None]]:
        for call in ast.walk(node):
            if not isinstance(call, ast.Call) or not call.args:
                continue
            name = getattr(call.func, "id", getattr(call.func, "attr", None))
            for keyword in call.keywords:
                if name in _PUBLISHING and keyword.arg == "queue":
                    queue = self.text_of(module, keyword.value)
                    if queue is not None:
                        yield queue, self.text_of(module, call.args[0])


def contract_messages() -> set[str]:
    """Return the names of the messages between services."""
    folder = CONTRACTS / "messages"
    return {path.name.removesuffix(".schema.json") for path in folder.glob("*.schema.json")}
