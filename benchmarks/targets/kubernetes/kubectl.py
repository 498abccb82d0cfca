"""kubectl as a subprocess: one context, one namespace."""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.repository import VENVS
from benchmarks.targets.errors import EngineError

COMMAND_SECONDS = 60.0
REACH_SECONDS = 5

Object = dict[str, Any]  # a Kubernetes object, as JSON


class Kubectl:
    """Runs kubectl on the cluster of a context, which is never the user's current one by chance."""

    def __init__(self, context: str, namespace: str) -> None:
        self.context = context
        self.namespace = namespace
        self._program = find_program()

    def run(
        self,
        *arguments: str,
        objects: Sequence[Object] | None = None,
        raw: Object | None = None,
        timeout_seconds: float = COMMAND_SECONDS,
    ) -> str:
        """Return the output of a command; `objects`, or `raw` as it is, are its input (`-f -`).

        EngineError with the last line of kubectl's own message if it fails.
        """
        given = None if raw is None else json.dumps(raw)
        if objects is not None:
            given = json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)})
        place = (f"--context={self.context}", f"--namespace={self.namespace}")
        return self._execute((*place, *arguments), given, timeout_seconds)

    def read(self, *arguments: str) -> Object:
        """Return what a `get` command finds, as JSON. Raises EngineError."""
        found: Object = json.loads(self.run("get", *arguments, "--output=json"))
        return found

    def items(self, *arguments: str) -> list[Object]:
        """Return the objects in the list that a `get` command finds. Raises EngineError."""
        found: list[Object] = self.read(*arguments)["items"]
        return found

    def exists(self, *name: str) -> bool:
        """Return whether there is an object of this kind and name. Raises EngineError."""
        return bool(self.run("get", *name, "--ignore-not-found", "--output=name").strip())

    def require_cluster(self) -> None:
        """Raise EngineError if there is no such context, or if no cluster responds there."""
        listed = self._execute(("config", "get-contexts", "--output=name"), None, COMMAND_SECONDS)
        contexts = listed.split()
        if self.context not in contexts:
            known = ", ".join(contexts) or "none; set KUBECONFIG"
            message = f"kubectl has no context {self.context!r}. The contexts are: {known}."
            raise EngineError(message)
        try:
            self.run("get", "--raw=/readyz", f"--request-timeout={REACH_SECONDS}s")
        except EngineError as error:
            message = f"No Kubernetes responds at the context {self.context!r}: start it first."
            raise EngineError(message) from error

    def _execute(self, arguments: Sequence[str], given: str | None, timeout: float) -> str:
        try:
            done = subprocess.run(
                [self._program, *arguments],
                check=False,
                capture_output=True,
                text=True,
                input=given,
                stdin=subprocess.DEVNULL if given is None else None,
                timeout=timeout,
            )
        except subprocess.TimeoutExpired as error:
            message = f"kubectl {_command(arguments)} took longer than {timeout:g} s."
            raise EngineError(message) from error
        if done.returncode != 0:
            lines = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
            message = f"kubectl {_command(arguments)}: {lines[-1]}"
            raise EngineError(message)
        return done.stdout


def find_program() -> str:
    """Return kubectl of the environment `deploy`, or of the PATH. EngineError if there is none."""
    folder = Path(os.environ.get("VENVS") or VENVS) / "deploy" / "bin"
    found = shutil.which("kubectl", path=str(folder)) or shutil.which("kubectl")
    if found is None:
        message = "kubectl is missing: run `make .venvs/deploy`, or install it."
        raise EngineError(message)
    return found


def _command(arguments: Sequence[str]) -> str:
    return next((it for it in arguments if not it.startswith("-")), "")
