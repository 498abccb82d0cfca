"""The worker's application with two more tasks: one stalls the broker, one creates a file."""

import os
import signal
from pathlib import Path

from recognition.celery import app

app.conf.broker_transport_options["socket_timeout"] = 1  # shorter, for a fast test

__all__ = ["app", "leave_file", "stall_broker"]


@app.task(name="tests.stall_broker")
def stall_broker(broker_pid: int) -> None:
    """Stop the broker's process, so that this task's message can't be acknowledged."""
    os.kill(broker_pid, signal.SIGSTOP)


@app.task(name="tests.leave_file")
def leave_file(path: str) -> None:
    """Create a file, as proof that the worker takes messages."""
    Path(path).touch()
