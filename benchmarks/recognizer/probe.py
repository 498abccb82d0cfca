"""Measure the images that standard input names, in a process that does nothing else.

    python -P probe.py THREADS CORE,CORE…

Runs in the monolith's environment, which has the imaging wheel. A line of input is a JSON object
with `path` and `count`; the response is a line with the medians of `wall_ms`, `normalize_ms` and
`recognize_ms`, the mean `cpu_ms` of all threads, and the fewest `faces`.
"""

import json
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from imaging import (  # type: ignore[import-not-found]  # it is in the environment of the monolith
    Limits,
    inspect_image,
    normalize_image,
)
from imaging.recognizers.centerface import CenterFace  # type: ignore[import-not-found]

LIMITS = Limits()


def main(threads: int, cores: set[int]) -> None:
    """Respond to each line until the input ends."""
    os.sched_setaffinity(0, cores)  # before the recognizer starts its threads
    recognizer = CenterFace(threads=threads)
    for line in sys.stdin:
        request = json.loads(line)
        found = measure(recognizer, Path(request["path"]).read_bytes(), request["count"])
        sys.stdout.write(f"{json.dumps(found)}\n")
        sys.stdout.flush()


def measure(recognizer: Any, data: bytes, count: int) -> dict[str, float]:
    """Do a worker's part that depends on the image, `count` times after one that isn't counted."""
    _once(recognizer, data)
    began_cpu = time.process_time()
    rounds = [_once(recognizer, data) for _ in range(count)]
    cpu_ms = (time.process_time() - began_cpu) * 1000 / count
    normalize, recognize, faces = zip(*rounds, strict=True)
    return {
        "wall_ms": statistics.median(sum(it[:2]) for it in rounds),
        "normalize_ms": statistics.median(normalize),
        "recognize_ms": statistics.median(recognize),
        "cpu_ms": cpu_ms,
        "faces": min(faces),
    }


def _once(recognizer: Any, data: bytes) -> tuple[float, float, int]:
    began = time.perf_counter()
    inspect_image(data, limits=LIMITS)
    image = normalize_image(data, limits=LIMITS)
    normalized = time.perf_counter()
    faces = recognizer.recognize(image)
    ended = time.perf_counter()
    return (normalized - began) * 1000, (ended - normalized) * 1000, len(faces)


if __name__ == "__main__":
    main(int(sys.argv[1]), {int(core) for core in sys.argv[2].split(",")})
