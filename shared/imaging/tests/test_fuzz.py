"""The fuzzer, short in each run and longer in the slow tier, and inputs that it has found.

How much it does is a number of inputs, so a busy machine checks as much as an idle one. Without
--fuzz-seed they are always the same.
"""

import sys
from collections import Counter
from itertools import islice
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


def test_a_short_run_finds_nothing() -> None:
    outcomes = Counter(islice(run(seed=20261128), 8_000))
    # The inputs are effective: images are read and refused, URLs admitted and refused.
    assert {
        ("image", "read"),
        ("image", "image-corrupt"),
        ("address", "admitted"),
        ("address", "refused"),
    } <= set(outcomes)
    assert sorted(SEEDS.iterdir()) == KNOWN  # an input that was right isn't kept as one that failed


@pytest.mark.slow
@pytest.mark.parametrize("number", range(4))
def test_a_longer_run_finds_nothing(pytestconfig: pytest.Config, number: int) -> None:
    seed = pytestconfig.getoption("--fuzz-seed") + number
    inputs = pytestconfig.getoption("--fuzz-inputs")
    sys.stdout.write(f"{inputs} inputs by seed {seed}\n")  # shown if it fails
    assert Counter(islice(run(seed), inputs)).total() == inputs
