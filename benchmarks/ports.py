"""The ports of 127.0.0.1 that the commands of the Makefile use: the one place that knows them.

Standard library only, since `.ci/ports.py` reads them before any environment is made.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass

HIGHEST = 65535


class PortError(ValueError):
    """A variable that holds no usable port; the text is for a person."""


@dataclass(frozen=True)
class Fixed:
    """What listens on a port that is known beforehand, and the variable that moves it."""

    variable: str
    default: int


FIXED = {
    "images": Fixed("PORT_IMAGES", 8079),
    "monolith": Fixed("PORT_MONOLITH", 8080),
    "microservices": Fixed("PORT_MICROSERVICES", 8081),
}


def configured(name: str, environment: Mapping[str, str] = os.environ) -> int:
    """Return the port of one of `FIXED`; PortError where its variable holds none.

    Two names with the same port are an error too, for both may be up at once.
    """
    ports = {other: _read(fixed, environment) for other, fixed in FIXED.items()}
    for other, port in ports.items():
        if other != name and port == ports[name]:
            pair = " and ".join(sorted((FIXED[name].variable, FIXED[other].variable)))
            message = f"{pair} are both {port}: set one of them to another port."
            raise PortError(message)
    return ports[name]


def _read(fixed: Fixed, environment: Mapping[str, str]) -> int:
    text = environment.get(fixed.variable, "").strip() or str(fixed.default)
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text) <= HIGHEST:
        message = f"{fixed.variable}={text} is no port: set a number from 1 to {HIGHEST}."
        raise PortError(message)
    return int(text)
