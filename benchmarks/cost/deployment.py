"""The ways to run an architecture on AWS."""

from dataclasses import dataclass
from enum import StrEnum


class Platform(StrEnum):
    """Where the units run, and what recognizes: a worker or a function."""

    FARGATE = "fargate"
    EC2 = "ec2"
    LAMBDA_X86 = "lambda-x86"
    LAMBDA_ARM = "lambda-arm"

    @property
    def is_function(self) -> bool:
        """Whether recognition is a function; the other processes then run on Fargate."""
        return self in (Platform.LAMBDA_X86, Platform.LAMBDA_ARM)


@dataclass(frozen=True, slots=True)
class Deployment:
    """An architecture on a platform."""

    architecture: str
    platform: Platform

    @property
    def name(self) -> str:
        """Return the name: `monolith-fargate`."""
        return f"{self.architecture}-{self.platform}"
