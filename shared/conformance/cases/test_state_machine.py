"""Random sequences of calls by two accounts, compared with a model of the API."""

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.errors import Flaky
from hypothesis.stateful import run_state_machine_as_test
from support.client import Api
from support.flow_machine import FlowMachine
from support.fuzz import Fuzzing

STEPS = 40


@pytest.mark.state_machine
def test_sequences_of_calls_fit_the_model(api: Api, image_server: str, fuzzing: Fuzzing) -> None:
    class Machine(FlowMachine):
        """The state machine, with this target."""

    Machine.api, Machine.image_server, Machine.failures = api, image_server, []
    if fuzzing.seed is not None:
        seed(fuzzing.seed)(Machine)
    try:
        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=fuzzing.sequences,
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
                derandomize=fuzzing.seed is None,
                verbosity=Verbosity.normal,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
    except Flaky as flaky:
        raise Machine.failures[0] if Machine.failures else flaky from flaky
    finally:
        fuzzing.counts["steps of the state machine"] += Machine.steps
    assert Machine.steps
