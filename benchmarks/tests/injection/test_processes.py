"""Stopped processes go on again, and code overrides strike where they are switched on, once."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest

from benchmarks.targets import Target
from benchmarks.targets.injection import Overrides, stalled


class Recording:
    """A target that only remembers its signals."""

    def __init__(self) -> None:
        self.signals: list[tuple[str, signal.Signals]] = []

    def kill(self, process: str, number: signal.Signals) -> None:
        self.signals.append((process, number))


def test_what_was_stopped_goes_on_however_the_block_ends() -> None:
    target = Recording()
    with pytest.raises(KeyboardInterrupt), stalled(cast("Target", target), "valkey"):
        raise KeyboardInterrupt
    assert target.signals == [("valkey", signal.SIGSTOP), ("valkey", signal.SIGCONT)]


def run(overrides: Overrides, code: str) -> "subprocess.CompletedProcess[str]":
    """Run Python code as a unit would, with the overrides."""
    return subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
        env={**os.environ, **overrides.settings},
    )


RESOLVE = """
import socket
for _ in range(3):
    print(socket.getaddrinfo("changes.example", 80)[0][4][0])
"""


def test_a_resolver_that_changes_its_response(tmp_path: Path) -> None:
    overrides = Overrides(tmp_path / "overrides")
    overrides.resolve("changes.example", "192.0.2.1", "127.0.0.1")
    assert run(overrides, RESOLVE).stdout.split() == ["192.0.2.1", "127.0.0.1", "192.0.2.1"]


def test_a_resolver_that_fails(tmp_path: Path) -> None:
    overrides = Overrides(tmp_path / "overrides")
    overrides.resolve("changes.example", fails=True)
    done = run(overrides, RESOLVE)
    assert done.returncode == 1
    assert "Temporary failure in name resolution" in done.stderr


CALL = """
from botocore.stub import Stubber
import boto3
client = boto3.client("s3", region_name="eu-central-1", aws_access_key_id="a",
                      aws_secret_access_key="b")
with Stubber(client) as stub:
    stub.add_response("put_object", {})
    client.put_object(Bucket="b", Key="{key}")
    print("went on")
"""


# A stand-in for obstore, which is in the environments of the units alone.
OBSTORE = """
class S3Store:
    def put(self, path, file, **options):
        pass

    def delete(self, paths):
        pass
"""
CALL_OBSTORE = """
from obstore.store import S3Store
S3Store().put("{key}", b"", mode="create")
print("went on")
"""


@pytest.mark.slow
@pytest.mark.parametrize("call", [CALL, CALL_OBSTORE])
@pytest.mark.parametrize("done", [False, True])
def test_a_process_dies_at_one_call_once(tmp_path: Path, done: bool, call: str) -> None:
    overrides = Overrides(tmp_path / "overrides")
    (tmp_path / "obstore").mkdir()
    (tmp_path / "obstore" / "store.py").write_text(OBSTORE)
    call = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{call}"
    overrides.kill_at("PutObject", "images/", done=done)
    assert run(overrides, call.replace("{key}", "results/a")).stdout == "went on\n"
    assert not overrides.has_killed
    assert run(overrides, call.replace("{key}", "images/a")).returncode == -signal.SIGKILL
    assert overrides.has_killed
    assert run(overrides, call.replace("{key}", "images/a")).stdout == "went on\n"
