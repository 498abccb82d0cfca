"""A Celery application whose only task finds the faces of an image, for any pool of workers.

Runs in the monolith's environment, which has Celery and the imaging wheel. A task appends its end
on the monotonic clock, in seconds, as one line to COMPLETED_FILE; the line also has the number of
faces.
"""

import os
import time
from functools import cache
from pathlib import Path
from typing import Any

from celery import Celery  # type: ignore[import-not-found]  # it is in the environment of the monolith

from imaging import (  # type: ignore[import-not-found]
    Limits,
    inspect_image,
    normalize_image,
    recognizer_from_environment,
)

TASK = "recognize"
LIMITS = Limits()
app = Celery("pool_worker", broker=os.environ["BROKER_URL"])
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,  # as the units' workers
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
)


@cache
def _recognizer() -> Any:
    # At the first task, so after a fork.
    return recognizer_from_environment({"RECOGNIZER": "centerface"})


@app.task(name=TASK)  # type: ignore[untyped-decorator]
def recognize(path: str) -> None:
    """Do a worker's part that depends on the image."""
    data = Path(path).read_bytes()
    inspect_image(data, limits=LIMITS)
    faces = _recognizer().recognize(normalize_image(data, limits=LIMITS))
    with Path(os.environ["COMPLETED_FILE"]).open("a") as completed:
        completed.write(f"{time.monotonic():.6f} {len(faces)}\n")
