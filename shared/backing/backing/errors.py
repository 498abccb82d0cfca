"""What can go wrong when parts are started and stopped.

BackingError
├── PlatformError   the machine or the environment lacks something; the text says what to do
└── StartError      a process ended or did not become ready in time; the text ends with its log
"""


class BackingError(Exception):
    """Base of all errors of this package; the text is one sentence for a person."""


class PlatformError(BackingError):
    """The machine or an environment lacks something that a part needs."""


class StartError(BackingError):
    """A process ended early or was not ready within its time limit."""
