"""The errors of starting and stopping backing services.

BackingError
├── PlatformError   the machine or the environment lacks something; the text names the remedy
└── StartError      a process ended or did not become ready in time; the text ends with its log
"""


class BackingError(Exception):
    """Base of all errors of this package; the text is a sentence for the command's user."""


class PlatformError(BackingError):
    """The machine or an environment lacks something that a backing service needs."""


class StartError(BackingError):
    """A process ended early or was not ready within its time limit."""
