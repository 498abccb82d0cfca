"""What the tests of the Kubernetes manifests share: every overlay, and objects to change."""

import copy
from collections.abc import Callable

from manifests.render import ARCHITECTURES, OVERLAYS, Manifest, render

EVERY = [(overlay, architecture) for overlay in OVERLAYS for architecture in ARCHITECTURES]
Change = Callable[[dict[str, Manifest]], None]


def changed(overlay: str, architecture: str, change: Change) -> tuple[Manifest, ...]:
    """Return a copy of an overlay's objects after a change, which gets them by kind and name."""
    copied = [copy.deepcopy(it) for it in render(overlay, architecture)]
    by_name = {f"{it['kind']} {it['metadata']['name']}": it for it in copied}
    change(by_name)
    return tuple(by_name.values())
