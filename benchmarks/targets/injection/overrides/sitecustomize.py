"""Faults in the code of a unit, switched on by files in $FAULT_OVERRIDES; see `injection.code`.

Python imports this module at its start. Each override reads its file at the call, so that a test
can switch it while the target runs.
"""

import functools
import importlib.abc
import importlib.util
import json
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

_FOLDER = Path(os.environ.get("FAULT_OVERRIDES", "/nonexistent"))


def _read(name: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads((_FOLDER / name).read_text())
    except FileNotFoundError:
        return None
    return found


def _take(name: str) -> bool:
    """Remove the file; return whether this process was the one that did."""
    try:
        (_FOLDER / name).unlink()
    except FileNotFoundError:
        return False
    return True


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _poison(recognize: Any) -> Any:
    @functools.wraps(recognize)
    def poisoned(self: Any, image: Any) -> Any:
        wanted = _read("poison")
        if wanted and (image.width, image.height) == (wanted["width"], wanted["height"]):
            if wanted["effect"] == "kill":
                _die()
            elif wanted["effect"] == "hang":
                time.sleep(600)
            else:
                _balloon()
        return recognize(self, image)

    return poisoned


def _balloon() -> None:
    """Allocate 64 MiB at a time up to 1 GiB, then die as by the kernel's out-of-memory killer."""
    held = []
    for _ in range(16):
        held.append(bytearray(b"\1") * (64 * 2**20))
        time.sleep(0.02)
    _die()


def _kill_before_publish(send: Any) -> Any:
    @functools.wraps(send)
    def sending(self: Any, *args: Any, **options: Any) -> Any:
        if _take("kill-before-publish"):
            _die()
        return send(self, *args, **options)

    return sending


def _kill_at(call: Any) -> Any:
    @functools.wraps(call)
    def calling(self: Any, operation_name: str, parameters: Any) -> Any:
        key = str(parameters.get("Key", ""))
        return _deadly(operation_name, key, lambda: call(self, operation_name, parameters))

    return calling


def _kill_at_object(operation_name: str) -> Any:
    def wrapper(call: Any) -> Any:
        @functools.wraps(call)
        def calling(self: Any, path: Any, *args: Any, **options: Any) -> Any:
            return _deadly(operation_name, str(path), lambda: call(self, path, *args, **options))

        return calling

    return wrapper


def _deadly(operation_name: str, key: str, call: Any) -> Any:
    """Make a call of S3; die before or after it if it is the one that `kill-at` names."""
    wanted = _read("kill-at")
    if wanted is None or operation_name != wanted["call"] or not key.startswith(wanted["key"]):
        return call()
    if not wanted["done"] and _take("kill-at"):
        _die()
    result = call()
    if wanted["done"] and _take("kill-at"):
        _die()
    return result


_resolve = socket.getaddrinfo
_turns: dict[str, int] = {}


def _getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
    wanted = _read("resolver")
    name = host.decode() if isinstance(host, bytes) else host
    if not wanted or name != wanted["name"]:
        return _resolve(host, *args, **options)
    time.sleep(wanted["seconds"])
    if wanted["fails"]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
    addresses = wanted["addresses"]
    _turns[name] = _turns.get(name, -1) + 1
    return _resolve(addresses[_turns[name] % len(addresses)], *args, **options)


# What is replaced in a module when it is imported: (class, method, wrapper).
_REPLACED: dict[str, list[tuple[str, str, Any]]] = {
    "imaging.recognizers.synthetic": [("Synthetic", "recognize", _poison)],
    "celery.app.base": [("Celery", "send_task", _kill_before_publish)],
    "botocore.client": [("BaseClient", "_make_api_call", _kill_at)],
    "obstore.store": [
        ("S3Store", "put", _kill_at_object("PutObject")),
        ("S3Store", "delete", _kill_at_object("DeleteObject")),
    ],
}


class _Replacer(importlib.abc.MetaPathFinder):
    """Replaces methods after the import: importing Celery in every process would cost 0.3 s."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:  # noqa: ARG002
        if name not in _REPLACED:
            return None
        replaced = _REPLACED.pop(name)
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        load = spec.loader.exec_module

        def exec_module(module: Any) -> None:
            load(module)
            for kind, method, wrapper in replaced:
                found = getattr(module, kind)
                setattr(found, method, wrapper(getattr(found, method)))

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


socket.getaddrinfo = _getaddrinfo
sys.meta_path.insert(0, _Replacer())
