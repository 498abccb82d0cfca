"""What the faults experiment claims, and what is judged about submissions that are kept."""

from benchmarks.experiments.faults import claims
from benchmarks.experiments.faults.kept_submissions import Kept
from benchmarks.experiments.faults.sweeps import SIZES, sweeps
from benchmarks.experiments.runner.arms import ARCHITECTURES
from benchmarks.experiments.runner.profiles import PROFILES

EVERY = (claims.PROCESSES, claims.BACKING, claims.RECOVERY)
FEWEST_BLOCKS = 5


def test_each_claim_compares_the_two_architectures_and_lists_what_it_depends_on() -> None:
    for claim in EVERY:
        assert {claim.first, claim.second} == set(ARCHITECTURES)
        assert claim.depends
    assert claims.RECOVERY.first == "monolith", "the side whose recovery takes longer, by the claim"


def test_every_profile_but_smoke_has_the_blocks_that_a_verdict_needs() -> None:
    assert set(SIZES) == set(PROFILES)
    for profile in set(PROFILES) - {"smoke"}:
        for sweep in sweeps(profile):
            assert sweep.blocks >= FEWEST_BLOCKS, (profile, sweep.name)


def _kept(lost: int = 0, doubled: int = 0) -> Kept:
    return Kept(200, lost, doubled, leaked=0, orphan_uploads=0, failed=0)


def test_one_lost_or_doubled_submission_refutes_what_is_kept() -> None:
    fine = [_kept()] * FEWEST_BLOCKS
    for broken in (_kept(lost=1), _kept(doubled=1)):
        judged = claims.judge_kept({"monolith": fine, "microservices": [broken]}, blocks=1)
        assert judged.verdict == "not supported"
    judged = claims.judge_kept({"monolith": fine, "microservices": fine}, FEWEST_BLOCKS)
    assert judged.verdict == "supported"
    high = judged.sides["monolith"].high
    assert high is not None
    assert 0 < high < 0.005
    judged = claims.judge_kept({"monolith": fine, "microservices": fine}, FEWEST_BLOCKS - 1)
    assert judged.verdict == "inconclusive"
