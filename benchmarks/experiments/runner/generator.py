"""The generator's process, as the harness holds it."""

import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchmarks.experiments.runner.errors import GeneratorError
from benchmarks.repository import REPOSITORY
from benchmarks.workload.schedule import Schedule

SILENCE_SECONDS = 90.0  # preparing and draining are bounded by less


@dataclass(frozen=True, slots=True)
class Event:
    """One line that the generator printed."""

    kind: str
    fields: dict[str, Any]


class Generator:
    """A running generator; leaving the `with` block ends it, however far it was."""

    def __init__(
        self,
        *,
        base_url: str,
        schedule: Schedule,
        rows: Path,
        image: Path,
        core: int,
        seed: int,
        log: Path,
        api: str = "",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._log = log
        command = [
            *(sys.executable, "-m", "benchmarks.workload"),
            *("--host", base_url),
            *("--rows", str(rows)),
            *("--image", str(image)),
            *("--schedule", json.dumps(schedule.to_json())),
            *("--seed", str(seed)),
            *("--core", str(core)),
            "--end-with-stdin",
            *(("--api", api) if api else ()),
        ]
        with log.open("wb") as stderr:
            self._process = subprocess.Popen(
                command,
                cwd=REPOSITORY,
                env={**os.environ, **(environment or {})},
                stdin=subprocess.PIPE,  # it ends when this end closes, so also when we are killed
                stdout=subprocess.PIPE,
                stderr=stderr,
                start_new_session=True,  # Ctrl-C reaches the harness alone, which then ends it
            )

    @property
    def pid(self) -> int:
        """Of its process."""
        return self._process.pid

    def events(self) -> Iterator[Event]:
        """Give each event as it comes, up to `drained`; GeneratorError if that never comes."""
        assert self._process.stdout is not None  # noqa: S101 - `PIPE` is given above
        stdout = self._process.stdout.fileno()
        waiting = b""
        with selectors.DefaultSelector() as selector:
            selector.register(stdout, selectors.EVENT_READ)
            heard = time.monotonic()
            while True:
                if not selector.select(timeout=1.0):
                    if time.monotonic() - heard > SILENCE_SECONDS:
                        raise GeneratorError(
                            f"The generator was silent for {SILENCE_SECONDS:.0f} s: {self._log}."
                        )
                    continue
                heard = time.monotonic()
                chunk = os.read(stdout, 65_536)
                if not chunk:
                    raise GeneratorError(f"The generator ended early; {self._last_words()}")
                *lines, waiting = (waiting + chunk).split(b"\n")
                for line in lines:
                    fields = json.loads(line)
                    event = Event(fields.pop("event"), fields)
                    yield event
                    if event.kind == "drained":
                        return

    def _last_words(self) -> str:
        lines = self._log.read_text(errors="replace").strip().splitlines()
        return f"its log ({self._log}) ends with: {lines[-1]}" if lines else "its log is empty."

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=5)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(timeout=5)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
