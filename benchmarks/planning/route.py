"""The route of one submission through the processes of each architecture, as calls.

A step is a share of what one process computes for one call. The shares of a process and a call add
up to 1 over a route, so that a submission costs what was measured. How a call divides over its
steps isn't measured: a process that calls another one computes half before and half after.
"""

from dataclasses import dataclass

EDGE, WEB, WORKER, CONSUMER, SWEEPER = "edge", "web", "worker", "consumer", "sweeper"
DATABASE, CACHE, STORE = "postgres", "valkey", "s3"
# Python computes for one request of a process at a time, Valkey for one command.
ONE_AT_A_TIME = frozenset({WEB, WORKER, CONSUMER, SWEEPER, CACHE})
SUBMIT, WAIT, RESULT = "submit-upload", "wait-upload", "result"
CALLS = (SUBMIT, WAIT, RESULT)
HALF, QUARTER = 0.5, 0.25


@dataclass(frozen=True, slots=True)
class Step:
    """A share of what a process computes for a call."""

    process: str
    call: str
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Route:
    """The steps of a submission.

    `submit` and `result` are requests, `wait_begins` and `wait_ends` the two ends of the long poll.
    A worker is taken for `before`, the search for faces and `after`. `started` and `completed` are
    what a consumer does for each of the worker's two messages; both are empty where the worker
    writes the rows itself. `beside` delays no user.
    """

    submit: tuple[Step, ...]
    wait_begins: tuple[Step, ...]
    before: tuple[Step, ...]
    after: tuple[Step, ...]
    started: tuple[Step, ...]
    completed: tuple[Step, ...]
    wait_ends: tuple[Step, ...]
    result: tuple[Step, ...]
    beside: tuple[Step, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """Return all of them."""
        return (
            *(*self.submit, *self.wait_begins, *self.before, *self.after, *self.started),
            *(*self.completed, *self.wait_ends, *self.result, *self.beside),
        )

    @property
    def processes(self) -> tuple[str, ...]:
        """Return the process types that take part, in alphabetical order."""
        return tuple(sorted({step.process for step in self.steps}))


def _request(call: str, *stores: str) -> tuple[Step, ...]:
    """Return the steps of a request for which a web process calls these services."""
    around = (Step(EDGE, call, HALF), Step(WEB, call, HALF))
    return (*around, *(Step(name, call) for name in stores), *reversed(around))


_SUBMIT = _request(SUBMIT, STORE, DATABASE, CACHE)
_RESULT = _request(RESULT, DATABASE, CACHE, STORE)
_WAIT_BEGINS = (Step(EDGE, WAIT, HALF), Step(WEB, WAIT, HALF), Step(DATABASE, WAIT, QUARTER))
_WAIT_ENDS = (Step(DATABASE, WAIT, QUARTER), Step(WEB, WAIT, HALF), Step(EDGE, WAIT, HALF))
_SWEPT = tuple(Step(SWEEPER, call) for call in CALLS)

MONOLITH = Route(
    submit=_SUBMIT,
    wait_begins=_WAIT_BEGINS,
    before=(
        Step(CACHE, WAIT, HALF),
        Step(WORKER, WAIT, HALF),
        Step(DATABASE, WAIT, QUARTER),
        Step(STORE, WAIT, HALF),
    ),
    after=(
        Step(STORE, WAIT, HALF),
        Step(DATABASE, WAIT, QUARTER),
        Step(CACHE, WAIT, HALF),
        Step(WORKER, WAIT, HALF),
    ),
    started=(),
    completed=(),
    wait_ends=_WAIT_ENDS,
    result=_RESULT,
    # The worker's and consumer's share of the other calls is what they compute meanwhile.
    beside=(*_SWEPT, Step(WORKER, SUBMIT), Step(WORKER, RESULT)),
)
SERVICES = Route(
    submit=_SUBMIT,
    wait_begins=_WAIT_BEGINS,
    before=(Step(CACHE, WAIT, HALF), Step(WORKER, WAIT, HALF), Step(STORE, WAIT, HALF)),
    after=(Step(STORE, WAIT, HALF), Step(CACHE, WAIT, HALF), Step(WORKER, WAIT, HALF)),
    started=(Step(CONSUMER, WAIT, HALF), Step(DATABASE, WAIT, QUARTER)),
    completed=(Step(CONSUMER, WAIT, HALF), Step(DATABASE, WAIT, QUARTER)),
    wait_ends=_WAIT_ENDS,
    result=_RESULT,
    beside=(
        *_SWEPT,
        *(Step(name, call) for name in (WORKER, CONSUMER) for call in (SUBMIT, RESULT)),
    ),
)
ROUTES = {"monolith": MONOLITH, "microservices": SERVICES}
