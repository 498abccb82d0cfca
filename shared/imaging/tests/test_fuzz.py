"""The fuzzer, short in each run and long in the slow tier, and inputs that it has found."""

from collections import Counter
from pathlib import Path

import pytest
from fuzz import SEEDS, check_image, check_redirect, check_text, run

KNOWN = sorted(SEEDS.iterdir())


@pytest.mark.parametrize("path", KNOWN, ids=lambda path: path.name)
def test_what_was_found_once_is_not_found_again(path: Path) -> None:
    data = path.read_bytes()
    if path.name.startswith("image"):
        check_image(data)
    else:
        check_redirect(data)
        check_text(data.decode("utf-8", "surrogatepass"))


def _outcomes(seed: int, seconds: float) -> Counter[tuple[str, str]]:
    return Counter(run(seed, seconds=seconds))


def test_a_short_run_finds_nothing() -> None:
    outcomes = _outcomes(seed=20261128, seconds=4)
    # The inputs are effective: images are read and refused, URLs admitted and refused.
    assert {
        ("image", "read"),
        ("image", "image-corrupt"),
        ("address", "admitted"),
        ("address", "refused"),
    } <= set(outcomes)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_long_run_finds_nothing(seed: int) -> None:
    assert _outcomes(seed=seed, seconds=45).total() > 1000
