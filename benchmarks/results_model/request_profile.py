"""The types of `profile.json`: where the CPU time of each request kind goes, on both sides."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec

from benchmarks.results_model.base import Amount, Architecture, Model, Number, about
from benchmarks.results_model.figures import Ratio

PROFILE_VERSION = 1
ARCHITECTURES = ("monolith", "microservices")


class UnreadableProfile(ValueError):
    """A profile that is missing or invalid; the text is one sentence."""


class OverBlocks(Model):
    """One value of each block, per call: arithmetic mean and 95 % interval (Student's t)."""

    mean: Annotated[float, about("Arithmetic mean.")]
    low: Annotated[float | None, about("Where the interval begins; null under two blocks.")]
    high: Annotated[float | None, about("Where it ends.")]
    blocks: Annotated[Sequence[float], about("The value of each block.")]


class ProcessCost(Model):
    """The CPU time of one process type for one call."""

    process: Annotated[str, about("Process type, as `submissions-web`, or a backing service.")]
    unit: Annotated[str, about("The unit that it belongs to.")]
    role: Annotated[str, about("unit, edge or backing.")]
    cpu_ms: Annotated[OverBlocks, about("CPU-ms.")]
    layers: Annotated[
        Mapping[str, Amount],
        about("CPU-ms of each layer of its software, from samples; empty where none were taken."),
    ]


class Counted(Model):
    """What one call made the backing services do, on average; counted in a deployment apart."""

    statements: Annotated[
        Mapping[str, Amount], about("Statements of PostgreSQL by their first word.")
    ]
    transactions: Annotated[Amount, about("Transactions that ended.")]
    s3: Annotated[Mapping[str, Amount], about("Requests of the units to the object store.")]
    dynamodb: Annotated[Mapping[str, Amount], about("Requests to DynamoDB, by operation.")]
    broker_commands: Annotated[Amount, about("Commands of Valkey, as broker and as cache.")]
    messages: Annotated[Amount, about("Messages published.")]
    broker_bytes: Annotated[Amount, about("Received and sent by Valkey.")]
    request_bytes: Annotated[Amount, about("Received from the client, headers included.")]
    response_bytes: Annotated[Amount, about("Sent to the client, headers included.")]


class Side(Model):
    """What one call costs one architecture."""

    cpu_ms: Annotated[OverBlocks, about("CPU-ms of all its processes.")]
    processes: Annotated[Sequence[ProcessCost], about("Each process type.")]
    counted: Annotated[Counted | None, about("Null if the run was interrupted before.")]


class ProfiledKind(Model):
    """One kind of request, or a flow of requests."""

    name: Annotated[str, about("As `submit-upload`.")]
    title: Annotated[str, about("In words.")]
    calls: Annotated[Number, about("Calls in each block.")]
    sides: Annotated[Mapping[Architecture, Side], about("By architecture.")]
    ratio: Annotated[Ratio, about("CPU-ms, microservices ÷ monolith, within each block.")]


class ProfileRun(Model):
    """The run of a profile."""

    id: Annotated[str, about("Name of its folder.")]
    seed: Annotated[int, about("Of the order within the blocks.")]
    blocks: Annotated[Number, about("As planned.")]
    started_at: Annotated[str, about("UTC.")]
    finished_at: Annotated[str, about("UTC.")]


class ProfileDocument(Model):
    """The document."""

    profile_version: Annotated[int, about("Version of this form.")]
    run: Annotated[ProfileRun, about("What was run.")]
    environment: Annotated[Mapping[str, Any], about("Machine, versions and commit.")]
    image: Annotated[str, about("File of `shared/fixtures` that was submitted.")]
    sampling_problem: Annotated[str, about("Why no stacks were sampled; empty if they were.")]
    kinds: Annotated[Sequence[ProfiledKind], about("In the order of measuring.")]

    def kind(self, name: str) -> ProfiledKind:
        """Return the kind of this name; KeyError if there is none."""
        return {it.name: it for it in self.kinds}[name]

    @property
    def is_complete(self) -> bool:
        """Return whether both sides of every kind were measured and counted."""
        return all(
            name in kind.sides and kind.sides[name].counted is not None
            for kind in self.kinds
            for name in ARCHITECTURES
        )


def read_profile(path: Path) -> ProfileDocument:
    """Read a profile. Raises UnreadableProfile for one that is missing or invalid."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=ProfileDocument)
    except OSError as error:
        raise UnreadableProfile(f"{path} can't be read: {error.strerror}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableProfile(f"{path} is no profile: {error}.") from error
    if found.profile_version != PROFILE_VERSION:
        raise UnreadableProfile(
            f"{path} is of version {found.profile_version}; this code reads {PROFILE_VERSION}. "
            "Run make profile again."
        )
    return found
