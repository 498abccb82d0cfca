"""What can go wrong in a run.

HarnessError(sentence)
├── UsageError        an option names what doesn't exist or can't be combined; exit status 2
├── MachineError      the machine lacks what a measurement needs
├── DeploymentError   a target didn't start; the next one may
├── DiskFullError     no room for what is measured; what was measured so far is kept
├── GeneratorError    the generator ended early or went silent
├── ConformanceError  a target doesn't keep the contract and gets no number
└── FolderError       a results folder isn't one, or is of another version
"""


class HarnessError(Exception):
    """Base of all errors of this package; the text is one clear sentence or two."""


class UsageError(HarnessError):
    """An option names what doesn't exist or can't be combined; the text names what does."""


class MachineError(HarnessError):
    """The machine lacks what a measurement needs."""


class DeploymentError(HarnessError):
    """A target didn't become ready, though the machine has what it needs."""


class DiskFullError(HarnessError):
    """There is no room left for raw data."""


class GeneratorError(HarnessError):
    """The generator ended early, or went silent."""


class ConformanceError(HarnessError):
    """A target doesn't keep the contract."""


class FolderError(HarnessError):
    """A results folder can't be read."""
