"""The document of `make recognizer`: what an image costs, and the flow beside thumbor."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from benchmarks.results_model.base import Count, Model, Number, about
from benchmarks.results_model.figures import OverTrials, Ratio

RECOGNIZER_VERSION = 1


class ImageTime(Model):
    """Decoding, storing bytes and recognition of one image, in a process that does nothing else."""

    size: Annotated[str, about("Name of the size.")]
    width: Annotated[Number, about("Pixels.")]
    height: Annotated[Number, about("Pixels.")]
    file_bytes: Annotated[Number, about("Of the image as submitted.")]
    threads: Annotated[Number, about("Of the recognizer; each has a core.")]
    wall_ms: Annotated[OverTrials, about("Median time of an image in each block, ms.")]
    normalize_ms: Annotated[OverTrials, about("The part in which it is decoded and encoded, ms.")]
    recognize_ms: Annotated[OverTrials, about("The part in which faces are found, ms.")]
    cpu_ms: Annotated[OverTrials, about("CPU time of all threads for an image, ms.")]
    faces: Annotated[Count, about("Found in the image, the fewest of all times.")]


class PoolTime(Model):
    """A Celery worker that recognizes images of one size as fast as it can."""

    pool: Annotated[str, about("Celery's name of the pool.")]
    concurrency: Annotated[Number, about("Tasks at once.")]
    size: Annotated[str, about("Name of the size.")]
    images_per_second: Annotated[OverTrials, about("In each block.")]
    cpu_ms: Annotated[OverTrials, about("CPU time of all its processes for an image, ms.")]
    memory_bytes: Annotated[OverTrials, about("Of all its processes, after a block (PSS).")]


class Contender(Model):
    """A target that finds the faces of an image at a URL, one image after the other."""

    name: Annotated[str, about("`thumbor`, or an architecture.")]
    latency_ms: Annotated[
        OverTrials, about("Median of each block, from the request to the faces, ms.")
    ]
    cpu_ms: Annotated[OverTrials, about("CPU time of all its processes for an image, ms.")]
    faces: Annotated[Count, about("Found in the image, the fewest of all times.")]


class Throughput(Model):
    """Submissions that one number of workers completes, where recognition is waited for."""

    architecture: Annotated[str, about("`monolith` or `microservices`.")]
    workers: Annotated[Number, about("Worker processes.")]
    per_second: Annotated[OverTrials, about("Completed submissions a second in each block.")]


class NamedRatio(Model):
    """Two arms and their ratio over blocks."""

    measure: Annotated[str, about("Field of which the ratio is.")]
    first: Annotated[str, about("Arm above the line.")]
    second: Annotated[str, about("Arm below it.")]
    ratio: Annotated[Ratio, about("First ÷ second.")]


class RecognizerResults(Model):
    """The document."""

    recognizer_version: Annotated[int, about("Version of this form.")]
    measured_at: Annotated[str, about("When the measurement began, UTC.")]
    blocks: Annotated[Number, about("Blocks of each comparison.")]
    known_faces: Annotated[Count, about("Faces in the image.")]
    environment: Annotated[Mapping[str, Any], about("Machine, versions and commit.")]
    images: Annotated[Sequence[ImageTime], about("By size, then threads.")]
    pools: Annotated[Sequence[PoolTime], about("By pool.")]
    contenders: Annotated[Sequence[Contender], about("thumbor first.")]
    waiting: Annotated[Sequence[Throughput], about("By architecture, then workers.")]
    ratios: Annotated[Sequence[NamedRatio], about("Of arms of one block.")]

    def ratio(self, measure: str, first: str, second: str) -> Ratio:
        """Return a ratio by its measure and arms; KeyError if it wasn't measured."""
        for named in self.ratios:
            if (named.measure, named.first, named.second) == (measure, first, second):
                return named.ratio
        raise KeyError((measure, first, second))
