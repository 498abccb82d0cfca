"""Bring the edge of a running target to one of the two ways, by its admin interface.

The configuration is the architecture's own Caddyfile. In the one way it serves the files of a
release; in the other, requests for them go where those of the API go.
"""

import re
from pathlib import Path

import httpx

from benchmarks.experiments.edge import FROM_APPLICATION
from benchmarks.experiments.runner.arms import MONOLITH
from benchmarks.targets.architectures import ARCHITECTURES
from benchmarks.targets.errors import TargetError
from benchmarks.targets.local.placement import Placement

PAGE = "\t\timport page\n"
UPSTREAMS = {True: "WEB_UPSTREAMS", False: "SUBMISSIONS_UPSTREAMS"}  # by whether it is the monolith
SECONDS = 15.0


def product(architecture: str) -> str:
    """Return the Caddyfile of an architecture, as the product has it."""
    return (ARCHITECTURES[architecture].edge_folder / "Caddyfile").read_text(encoding="utf-8")


def configuration(text: str, architecture: str, release: Path, way: str) -> str:
    """Return the Caddyfile of a way, made from that of the product.

    Raises TargetError where the text isn't the Caddyfile that this module knows.
    """
    if text.count(PAGE) != 1:
        message = f"The Caddyfile of {architecture} imports the page {text.count(PAGE)} times."
        raise TargetError(message)
    if way == FROM_APPLICATION:
        upstreams = "{$" + UPSTREAMS[architecture == MONOLITH] + "}"
        return text.replace(PAGE, f"\t\timport page-headers\n\t\timport api {upstreams}\n")
    return re.sub(r'"\{\$(?:WEB|ASSETS)_ROOT[^}]*\}"', f'"{release}"', text)


def bring_to(run_dir: Path, architecture: str, release: Path, way: str) -> None:
    """Load the configuration of a way into the edge that runs. Raises TargetError."""
    port = Placement(run_dir).read().edge["EDGE_ADMIN_PORT"]
    done = httpx.post(
        f"http://127.0.0.1:{port}/load",
        content=configuration(product(architecture), architecture, release, way).encode(),
        headers={"Content-Type": "text/caddyfile"},
        timeout=SECONDS,
        trust_env=False,
    )
    if done.status_code != httpx.codes.OK:
        message = f"The edge refused the configuration {way!r}: {done.text.strip()}"
        raise TargetError(message)
