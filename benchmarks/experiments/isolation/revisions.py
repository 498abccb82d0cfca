"""The commits of a run: the base, and which suites another commit reaches."""

from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.experiments.isolation.copies import identity
from benchmarks.experiments.isolation.suites import WHEEL, Suite
from benchmarks.targets.git import git


@dataclass(frozen=True, slots=True)
class Revisions:
    """Compares commits of a repository with the base commit of a run. Raises GitError."""

    repository: Path
    base: str

    def identity(self, suite: Suite, commit: str) -> str:
        """Return a hash of all files that can reach the suite at the commit."""
        return identity(suite, commit, repository=self.repository)

    def is_reached(self, suite: Suite, commit: str) -> bool:
        """Return whether a commit changes anything that the suite holds or sees."""
        return self.identity(suite, commit) != self.identity(suite, self.base)

    def is_reached_by_wheel_alone(self, suite: Suite, commit: str) -> bool:
        """Return whether a commit reaches the suite by nothing but another wheel of imaging."""
        held = replace(suite, sees=())
        return self.is_wheel_changed(commit) and not self.is_reached(held, commit)

    def is_wheel_changed(self, commit: str) -> bool:
        """Return whether the source of the imaging wheel differs from the base's."""
        return self._tree(commit, *WHEEL) != self._tree(self.base, *WHEEL)

    def changed_file(self, commit: str, file: str) -> str | None:
        """Return the text of a file that differs from the base's; None if it is equal, or gone."""
        tree = self._tree(commit, file)
        if not tree or tree == self._tree(self.base, file):
            return None
        return git("show", f"{commit}:{file}", repository=self.repository)

    def _tree(self, commit: str, *paths: str) -> str:
        return git("ls-tree", commit, "--", *paths, repository=self.repository)
