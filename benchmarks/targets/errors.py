"""The errors of targets. Each message is for the user of the command line.

backing.BackingError
└── TargetError
├── EngineError    a container engine is missing, refused a command, or can't run what it should
│   └── NotReadyError   what the engine has started doesn't become ready in time
├── GitError       git is missing, took too long, or refused a command
└── ReleaseError   a version can't be brought into service; what ran before still runs
    └── WrongResponseError   it responds otherwise than the version that serves
"""

from backing import BackingError


class TargetError(BackingError):
    """Something that is needed of a target or of the repository isn't there."""


class EngineError(TargetError):
    """A container engine is missing, refused a command, or can't run what it should."""


class NotReadyError(EngineError):
    """What the engine has started doesn't become ready in time."""


class GitError(TargetError):
    """Git is missing, took too long, or refused a command."""


class ReleaseError(TargetError):
    """A version can't be brought into service; what ran before still runs."""


class WrongResponseError(ReleaseError):
    """A version responds otherwise than the one that serves, which still runs."""
