"""The stop of a local target: each step is done, whatever another one raises."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from benchmarks.targets.local.target import Target

STEPS = ["meter", "processes", "gate", "disks", "leftovers", "placement"]


class FakeParts:
    """What a target is made of; each part notes its end, and one of them fails."""

    def __init__(self, run_dir: Path, failing: str) -> None:
        self.ended: list[str] = []
        self._failing = failing
        supervisor = SimpleNamespace(run_dir=run_dir, stop_all=self._end("processes"))
        self.deployment = SimpleNamespace(
            architecture=SimpleNamespace(name="monolith"),
            supervisor=supervisor,
            meter=lambda: SimpleNamespace(close=self._end("meter")),
            gates={"postgres": SimpleNamespace(close=self._end("gate"))},
            backing=SimpleNamespace(remove_leftovers=self._end("leftovers")),
        )
        self.mounts = SimpleNamespace(unmount=self._end("disks"))
        self.placement = SimpleNamespace(remove=self._end("placement"))

    def _end(self, name: str) -> Any:
        def end(**_options: object) -> None:
            self.ended.append(name)
            if name == self._failing:
                raise OSError(name)

        return end


@pytest.mark.parametrize("failing", STEPS)
def test_what_fails_in_a_stop_is_raised_when_all_else_is_done(tmp_path: Path, failing: str) -> None:
    (tmp_path / "data").mkdir()
    parts = FakeParts(tmp_path, failing)
    target = Target(
        cast("Any", parts.deployment),
        cast("Any", None),
        cast("Any", None),
        cast("Any", parts.placement),
        parts.mounts,
    )
    with pytest.raises(OSError, match=failing):
        target.stop()
    assert parts.ended == STEPS
    assert not (tmp_path / "data").exists()
