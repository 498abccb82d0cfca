"""The reviewed list of checkov's findings that aren't mended, each with its reason."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from aws.paths import DEPLOY

FILE = DEPLOY / "checkov_exceptions.toml"
_REASON_MIN_CHARACTERS = 20


class ExceptionsError(ValueError):
    """The list is wrong; the text names the entry."""


@dataclass(frozen=True)
class Finding:
    """A failed check of one resource, such as `AWS::S3::Bucket.PageBucket`, in one template."""

    check: str
    template: str
    resource: str
    title: str


@dataclass(frozen=True)
class Reviewed:
    """An exception: a check, the resources that it is about (a pattern), and why."""

    check: str
    resource: str
    reason: str

    def covers(self, finding: Finding) -> bool:
        """Return whether the finding is this exception's."""
        return finding.check == self.check and fnmatchcase(finding.resource, self.resource)


@dataclass(frozen=True)
class Exceptions:
    """The list. `whole` is whether all templates are checked, so that each entry is needed.

    `name` is that of its file.
    """

    entries: tuple[Reviewed, ...]
    whole: bool = True
    name: str = FILE.name

    def problems(self, findings: Iterable[Finding]) -> list[str]:
        """Return what is wrong: findings without an exception, and exceptions without a finding."""
        found = list(findings)
        open_ = [it for it in found if not any(entry.covers(it) for entry in self.entries)]
        problems = [f"{it.template}: {it.resource}: {it.check} {it.title}" for it in open_]
        if self.whole:
            problems += [
                f"{self.name}: {it.check} for {it.resource} is no longer needed: remove it"
                for it in self.entries
                if not any(it.covers(finding) for finding in found)
            ]
        return problems


def read(path: Path = FILE) -> Exceptions:
    """Read the list. Raises ExceptionsError for an entry without a reason, or one that repeats."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    entries: dict[tuple[str, str], Reviewed] = {}
    for row in content["exceptions"]:
        try:
            entry = Reviewed(**row)
        except TypeError as error:
            raise ExceptionsError(f"{row}: {error}") from error
        if len(entry.reason) < _REASON_MIN_CHARACTERS:
            raise ExceptionsError(f"{entry.check} for {entry.resource} has no reason.")
        if (entry.check, entry.resource) in entries:
            raise ExceptionsError(f"{entry.check} for {entry.resource} is there twice.")
        entries[entry.check, entry.resource] = entry
    return Exceptions(tuple(entries.values()), name=path.name)
