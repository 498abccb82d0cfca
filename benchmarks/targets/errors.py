"""The errors of targets. Each message is for the user of the command line.

backing.BackingError
└── TargetError
├── EngineError    a container engine is missing, refused a command, or can't run what it should
├── GitError       git is missing, took too long, or refused a command
└── ReleaseError   a version can't be brought into service; what ran before still runs
"""

from backing import BackingError


class TargetError(BackingError):
    """Something that is needed of a target or of the repository isn't there."""


class EngineError(TargetError):
    """A container engine is missing, refused a command, or can't run what it should."""


class GitError(TargetError):
    """Git is missing, took too long, or refused a command."""


class ReleaseError(TargetError):
    """A version can't be brought into service; what ran before still runs."""
