"""What can go wrong while requests are profiled.

ProfileError(sentence)
├── CallError       a response that a request kind doesn't expect, or none at all
└── SamplingError   stacks can't be sampled here; the profile goes on without them
"""


class ProfileError(Exception):
    """Base of all errors of this package; the text is one clear sentence."""


class CallError(ProfileError):
    """A response that a request kind doesn't expect, or none at all."""


class SamplingError(ProfileError):
    """Stacks can't be sampled on this machine."""
