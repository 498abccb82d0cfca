"""The sweeps of each profile: who recognizes, under which arrivals, in how many blocks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.experiments.runner.arms import MONOLITH, SERVICES, Action, Arm, Sweep
from benchmarks.workload.arrivals import READ, SIGN_IN, SUBMIT
from benchmarks.workload.schedule import Schedule, Step

BUSY, WAITING, STEP, COLD = "busy", "waiting", "step", "cold"
CENTERFACE = {"RECOGNIZER": "centerface"}
FUNCTION = {"RECOGNITION": "lambda"}
WORKERS = {MONOLITH: "monolith-worker", SERVICES: "recognition-worker"}
EMULATOR = "lambda"  # with all environments of the function below it
IN_REQUEST = "experiments/offload/code_override/in_request"
NEVER_WAITING = (  # these cases need a submission that waits for a worker, the last for 10 s
    "test_a_slow_submission_from_pending_to_succeeded",
    "test_a_waiting_reader_hears_of_it",
    "test_more_than_100_open_submissions_are_too_many",
    "over-the-deadline-once",
)
STUB_LATENCY_MS = 300.0  # of Clarifai's API: a wait of this order is what its users see
# Arrivals a second, and what each five of them do. Half of one core's time on the monolith, two
# thirds on the services, recognition included: every arm can carry it.
RATE = 18.0
GROUP = (READ, READ, READ, SUBMIT, SIGN_IN)
# Environments that work at a time beside the generator, and must start first: each start takes
# some seconds of what is left of that core. Two carry twice what comes.
BUSY_CONCURRENCY = 2
WARM_UP_SECONDS = 6.0
# One process that waits 300 ms carries 3 a second; four carry what the step brings.
CALM_PER_SECOND, STEPPED_PER_SECOND = 1.5, 6.0
SCALED_TO = 4
ORDER_SECONDS = 5.0  # from the step to the order: what an autoscaler's metric takes at best
# So long under the lower rate, the environments of the first submissions' backlog have ended
CALM_WARM_UP_SECONDS = 16.0
# An idle environment ends after 10 s; what the last one did before counts as well
IDLE_SECONDS = 14.0
NO_ARRIVALS = 0.01  # a rate of which a window of some seconds gets none
BURST = 20

BUSY_ARMS = {
    "monolith-request": Arm(
        "monolith-request", MONOLITH, CENTERFACE, plant=IN_REQUEST, unkept=NEVER_WAITING
    ),
    "monolith-worker": Arm("monolith-worker", MONOLITH, CENTERFACE),
    "monolith-function": Arm(
        "monolith-function",
        MONOLITH,
        CENTERFACE | FUNCTION,
        apart=(EMULATOR,),
        concurrency=BUSY_CONCURRENCY,
    ),
    "microservices-worker": Arm("microservices-worker", SERVICES, CENTERFACE),
    "microservices-function": Arm(
        "microservices-function",
        SERVICES,
        CENTERFACE | FUNCTION,
        apart=(EMULATOR,),
        concurrency=BUSY_CONCURRENCY,
    ),
    "monolith-worker-apart": Arm(
        "monolith-worker-apart", MONOLITH, CENTERFACE, apart=(WORKERS[MONOLITH],)
    ),
    "monolith-function-beside": Arm(
        "monolith-function-beside",
        MONOLITH,
        CENTERFACE | FUNCTION,
        concurrency=BUSY_CONCURRENCY,
    ),
}
_EVERY = tuple(BUSY_ARMS)


@dataclass(frozen=True, slots=True)
class Size:
    """How much a profile measures: blocks by sweep, the arms of `busy`, and the seconds of steps.

    `step_seconds` are calm, busy, calm again.
    """

    blocks: Mapping[str, int]
    arms: tuple[str, ...]
    busy_seconds: float
    step_seconds: tuple[float, float, float] = (16.0, 30.0, 4.0)
    calm_warm_up_seconds: float = CALM_WARM_UP_SECONDS


SIZES = {
    "smoke": Size({BUSY: 1, STEP: 1, COLD: 1}, _EVERY[:5], 4.0, (3.0, 8.0, 2.0), 6.0),
    # 110 reads in each window: a 95th percentile of them is judged, and no other
    "quick": Size({BUSY: 5}, _EVERY[:3], 10.4),
    # 110 submissions and as many users who sign in
    "standard": Size({BUSY: 5, STEP: 5, COLD: 5}, _EVERY, 30.7),
    "full": Size({BUSY: 20, WAITING: 12, STEP: 12, COLD: 20}, _EVERY, 61.2, (30.0, 45.0, 20.0)),
}


def sweeps(profile: str) -> tuple[Sweep, ...]:
    """Return all sweeps of a profile, in their order within a block."""
    size = SIZES[profile]
    return tuple(
        make(size, size.blocks[name]) for name, make in _MADE.items() if name in size.blocks
    )


def _arrivals(size: Size) -> Schedule:
    step = Step(WARM_UP_SECONDS, size.busy_seconds, rate=RATE, mixed=True, group=GROUP)
    return Schedule((step,))


def _busy(size: Size, blocks: int) -> Sweep:
    arms = tuple(BUSY_ARMS[name] for name in size.arms)
    title = "While images are recognized: in the request, in a worker, in a function"
    return Sweep(BUSY, "offload", title, arms, _arrivals(size), blocks)


def _waiting(size: Size, blocks: int) -> Sweep:
    arms = (
        Arm(
            "monolith-request",
            MONOLITH,
            plant=IN_REQUEST,
            unkept=NEVER_WAITING,
            stub_latency_ms=STUB_LATENCY_MS,
        ),
        Arm(
            "monolith-worker",
            MONOLITH,
            replicas={WORKERS[MONOLITH]: SCALED_TO},
            stub_latency_ms=STUB_LATENCY_MS,
        ),
        Arm(
            "monolith-function",
            MONOLITH,
            FUNCTION,
            apart=(EMULATOR,),
            concurrency=SCALED_TO,
            stub_latency_ms=STUB_LATENCY_MS,
        ),
    )
    title = "The same where recognition is waited for, 300 ms for each image"
    return Sweep(WAITING, "offload", title, arms, _arrivals(size), blocks)


def _step(size: Size, blocks: int) -> Sweep:
    before, busy, after = size.step_seconds
    arms = tuple(
        arm
        for architecture, worker in WORKERS.items()
        for arm in (
            Arm(
                f"{architecture}-worker",
                architecture,
                scaled={worker: SCALED_TO},
                stub_latency_ms=STUB_LATENCY_MS,
            ),
            Arm(
                f"{architecture}-function",
                architecture,
                FUNCTION,
                concurrency=SCALED_TO,
                stub_latency_ms=STUB_LATENCY_MS,
            ),
        )
    )
    schedule = Schedule(
        (
            Step(size.calm_warm_up_seconds, before, rate=CALM_PER_SECOND),
            Step(0.0, busy, rate=STEPPED_PER_SECOND),
            Step(0.0, after, rate=CALM_PER_SECOND),
        )
    )
    delay = min(ORDER_SECONDS, busy / 4)
    actions = (Action(before + delay, out=True), Action(before + busy + after / 4, out=False))
    title = "A step in the arrivals: workers by order, functions by themselves"
    return Sweep(STEP, "step", title, arms, schedule, blocks, actions)


def _cold(_size: Size, blocks: int) -> Sweep:
    arms = tuple(
        Arm(f"{it}-function", it, CENTERFACE | FUNCTION, apart=(EMULATOR,)) for it in WORKERS
    )
    steps = (
        Step(0.0, 5.0, rate=0.2),  # at rest: one submission
        Step(0.0, 8.0, rate=1.0),  # warm
        Step(0.0, IDLE_SECONDS, rate=NO_ARRIVALS),
        Step(0.0, 5.0, rate=0.2),  # after idle: one submission
        Step(0.0, IDLE_SECONDS, rate=NO_ARRIVALS),
        Step(0.0, 2.0, rate=BURST / 2.0),  # a burst, of which none finds an environment
    )
    title = "Cold starts of the function: at rest, after idle, in a burst"
    return Sweep(COLD, "cold-starts", title, arms, Schedule(steps), blocks)


_MADE: Mapping[str, Callable[[Size, int], Sweep]] = {
    BUSY: _busy,
    WAITING: _waiting,
    STEP: _step,
    COLD: _cold,
}
MOMENTS = {0: "at rest", 1: "warm", 3: "after idle", 5: "in a burst"}  # of `cold`, by step
