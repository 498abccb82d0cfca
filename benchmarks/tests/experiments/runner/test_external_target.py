"""Two targets that are deployed already: known by their URLs, counted by their API."""

import pytest

from benchmarks.experiments.registry import experiment_named
from benchmarks.experiments.results import derive, draw
from benchmarks.experiments.runner.conformance import Proof
from benchmarks.experiments.runner.cores import split_cores
from benchmarks.experiments.runner.errors import ConformanceError, UsageError
from benchmarks.experiments.runner.experiment import RunOptions
from benchmarks.experiments.runner.external_target import ExternalTarget, deployed_targets
from benchmarks.experiments.runner.measured_trial import load_trials
from benchmarks.experiments.runner.plans import Plan
from benchmarks.experiments.runner.profiles import Profile
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.experiments.runner.run import new_record
from benchmarks.experiments.scaling.sweeps import external_sweeps
from benchmarks.tests.experiments.conftest import PASSED, Rig
from benchmarks.tests.fake_target import FakeApplication, Faults, Server
from benchmarks.tests.report.sample import scaling
from benchmarks.tests.workload.locust_process import IMAGE

NAMES = ("target-a", "target-b")


def compare(rig: Rig, *applications: FakeApplication) -> ResultsFolder:
    rig.proofs = rig.proofs or dict.fromkeys(NAMES, PASSED)
    with Server(applications[0]) as first, Server(applications[1]) as second:
        sweeps = external_sweeps("smoke", (first.base_url, second.base_url), [10.0])
        plan = Plan(
            experiment="scaling",
            sweeps=tuple(sweeps),
            profile=Profile("quick", ""),
            seed=1,
            image=IMAGE,
            cores=split_cores(share=True),
        )
        folder = ResultsFolder.create(rig.results, profile="external")

        def deploy(arm: object, **options: object) -> ExternalTarget:
            return ExternalTarget(arm.base_url, options["run_dir"])  # type: ignore[attr-defined,arg-type]

        rig.go(plan, folder, new_record(plan, folder), deploy=deploy)
    return folder


@pytest.fixture
def external(rig: Rig) -> Rig:
    rig.proofs = dict.fromkeys(NAMES, PASSED)
    return rig


@pytest.mark.slow
def test_both_are_loaded_and_their_books_held_against_the_api(external: Rig) -> None:
    folder = compare(external, FakeApplication(work_ms=10), FakeApplication(work_ms=30))
    assert [trial.void for trial in load_trials(folder)] == [(), ()]
    results = derive(folder)
    claims = {claim.name: claim for claim in scaling(results).claims}
    assert claims.keys() == {"capacity", "open-latency"}
    capacity = claims["capacity"].value
    assert capacity is None or capacity > 2
    assert claims["open-latency"].value is None, "twenty arrivals decide on no 95th percentile"
    (sweep,) = scaling(results).sweeps
    fast, slow = (arm.levels[0].ready_ms.p50 or 0.0 for arm in sweep.arms)
    assert 0 < fast < 0.6 * slow
    assert [arm.cpu_ms_per_submission for arm in sweep.arms] == [None, None]
    assert "CPU" in draw(folder, results).read_text()


@pytest.mark.slow
def test_a_row_that_the_api_lacks_voids_the_trial(external: Rig) -> None:
    lossy = FakeApplication(work_ms=10, faults=Faults(lose_every=5))
    folder = compare(external, FakeApplication(work_ms=10), lossy)
    void = {trial.arm: trial.void for trial in load_trials(folder)}
    assert void["target-a"] == ()
    assert "the target holds" in void["target-b"][0]


@pytest.mark.slow
def test_one_that_fails_conformance_gets_no_number(external: Rig) -> None:
    external.proofs["target-b"] = Proof(
        passed=False, cases=9, failed=1, skipped=0, seconds=0.1, failures=("a",)
    )
    with pytest.raises(ConformanceError, match="target-b fails 1 of 9"):
        compare(external, FakeApplication(), FakeApplication())


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ("http://127.0.0.1:9", "", "Give both TARGET_A and TARGET_B"),
        ("127.0.0.1:9", "http://127.0.0.1:9", "is no URL: give it as http"),
        ("http://127.0.0.1:9", "http://127.0.0.1:9", "nothing is ready at http://127.0.0.1:9/"),
    ],
)
def test_urls_that_lead_nowhere_are_refused(first: str, second: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        deployed_targets(first, second)


def test_an_address_with_a_slash_at_its_end_is_taken() -> None:
    with Server(FakeApplication()) as server:
        url = server.base_url
        assert deployed_targets(f"{url}/", url) == (url, url)


@pytest.mark.parametrize("rates", ["0", "-1", "fast", "2;3"])
def test_rates_that_are_none_are_refused(rates: str) -> None:
    with Server(FakeApplication()) as server, pytest.raises(UsageError, match="arrivals a second"):
        experiment_named("scaling").plan(
            RunOptions("smoke", target_a=server.base_url, target_b=server.base_url, rates=rates)
        )


def test_an_experiment_without_sweeps_for_deployed_targets_refuses_them() -> None:
    with (
        Server(FakeApplication()) as server,
        pytest.raises(UsageError, match="faults has no sweeps for deployed targets"),
    ):
        experiment_named("faults").plan(
            RunOptions("smoke", target_a=server.base_url, target_b=server.base_url)
        )


def test_rates_without_deployed_targets_are_refused() -> None:
    with pytest.raises(UsageError, match="RATES goes with TARGET_A and TARGET_B only"):
        experiment_named("scaling").plan(RunOptions("smoke", rates="2,5", share_core=True))
