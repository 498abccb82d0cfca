"""The scaling experiment's sweeps: which arms there are, and how they are stepped through."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from benchmarks.experiments.runner.arms import FLOOR, MONOLITH, SERVICES, Action, Arm, Sweep
from benchmarks.experiments.scaling.overhead import parts
from benchmarks.experiments.scaling.sizes import SIZES, Size
from benchmarks.workload.schedule import Schedule, Step

CENTERFACE = {"RECOGNIZER": "centerface"}
STUB_LATENCY_MS = 300.0  # of Clarifai's API: a wait of this order is what its users see
ON_CORES = (FLOOR, "load", "replicas-working", "replicas-waiting")  # of the sweeps
SCALED_IN_LOAD = {
    MONOLITH: ("monolith-web", "monolith-worker"),
    SERVICES: ("submissions-web", "recognition-worker"),
}
WAITING_WORKERS = 8  # so that waiting isn't the limit and the flow's own CPU is


def sweeps(profile: str) -> tuple[Sweep, ...]:
    """Return all sweeps of a profile, in their order within a block."""
    size = SIZES[profile]
    made = {
        "floor": _floor,
        "overhead": _overhead,
        "load": _load,
        "waiting": _waiting,
        "work": _work,
        "replicas-working": _replicas_working,
        "replicas-waiting": _replicas_waiting,
        "elasticity": _elasticity,
    }
    return tuple(
        make(size, size.blocks[name]) for name, make in made.items() if name in size.blocks
    )


# A sweep of its own module: those below are of one core.
def sweeps_on_cores(profile: str, cores: int) -> tuple[Sweep, ...]:
    """Return a profile's sweeps of load and replicas, with the floor, on so many cores.

    In the sweep of load each core has a worker and a web process, and that many times the users.
    """
    wanted = [it for it in sweeps(profile) if it.name in ON_CORES]
    return tuple(_on_cores(it, cores) for it in wanted)


def _on_cores(sweep: Sweep, cores: int) -> Sweep:
    title = sweep.title.replace("the same core", f"the same {cores} cores")
    if sweep.name != "load":
        return replace(sweep, title=title)
    arms = tuple(
        replace(arm, replicas=dict.fromkeys(SCALED_IN_LOAD[arm.name], cores)) for arm in sweep.arms
    )
    steps = tuple(replace(step, users=step.users * cores) for step in sweep.schedule.steps)
    title = f"Load: what a submission costs, and how many {cores} cores can carry"
    return replace(sweep, title=title, arms=arms, schedule=Schedule(steps))


def external_sweeps(
    profile: str, addresses: Sequence[str], rates: Sequence[float], api: str = ""
) -> list[Sweep]:
    """Return the load sweep against deployed targets, with these rates of arrivals a second."""
    size = SIZES[profile]
    steps = _closed(size, size.levels, is_cold=not rates).steps
    arms = tuple(
        Arm(name, "external", base_url=url, api=api)
        for name, url in zip(("target-a", "target-b"), addresses, strict=True)
    )
    opened = _opened(replace(size, open_shares=tuple(sorted(rates))))
    title = "Two deployed targets under rising load"
    return [
        Sweep(
            "load",
            "load",
            title,
            arms,
            Schedule(opened + steps),
            size.blocks["load"],
            fewest_arrivals=size.fewest_arrivals,
        )
    ]


def _closed(size: Size, levels: tuple[int, ...], *, is_cold: bool = True) -> Schedule:
    return Schedule.closed(
        levels,
        warm_up_seconds=size.warm_up_seconds,
        window_seconds=size.window_seconds,
        opening_seconds=size.opening_seconds if is_cold else 0.0,
    )


def _opened(size: Size) -> tuple[Step, ...]:
    """The open steps, which come first: after a closed one its users' queue would be in the way."""
    return tuple(
        Step(1.0 + (0.0 if number else size.opening_seconds), size.open_seconds, rate=rate)
        for number, rate in enumerate(size.open_shares)
    )


def _floor(size: Size, blocks: int) -> Sweep:
    step = Step(1.0 + size.opening_seconds, size.window_seconds, users=1)
    arm = Arm(FLOOR, FLOOR, settings=CENTERFACE)
    title = "The floor: fetch, detect and store in a plain loop"
    return Sweep("floor", "floor", title, (arm,), Schedule((step,)), blocks)


def _overhead(size: Size, blocks: int) -> Sweep:
    arms = tuple(Arm(name, name, CENTERFACE, beside=True) for name in (MONOLITH, SERVICES))
    title = "Overhead: each side beside the least that its work takes"
    schedule = parts.schedule(size.overhead_rounds, size.overhead_longer)
    return Sweep("overhead", "overhead", title, arms, schedule, blocks)


def _load(size: Size, blocks: int) -> Sweep:
    arms = (Arm(MONOLITH, MONOLITH, CENTERFACE), Arm(SERVICES, SERVICES, CENTERFACE))
    title = "Load: what a submission costs, and how many a core can carry"
    return _arrivals_then_users("load", title, arms, size, size.levels, blocks)


def _arrivals_then_users(  # noqa: PLR0917 - a sweep's parts
    name: str, title: str, arms: tuple[Arm, ...], size: Size, levels: tuple[int, ...], blocks: int
) -> Sweep:
    schedule = Schedule(_opened(size) + _closed(size, levels, is_cold=False).steps)
    return Sweep(
        name,
        "load",
        title,
        arms,
        schedule,
        blocks,
        rates_are_shares=True,
        fewest_arrivals=size.fewest_arrivals,
    )


def _waiting(size: Size, blocks: int) -> Sweep:
    arms = tuple(
        Arm(name, name, replicas={worker: WAITING_WORKERS}, stub_latency_ms=STUB_LATENCY_MS)
        for name, worker in ((MONOLITH, "monolith-worker"), (SERVICES, "recognition-worker"))
    )
    title = f"The same where recognition is waited for ({WAITING_WORKERS} workers)"
    return Sweep("waiting", "load", title, arms, _closed(size, size.waiting_levels), blocks)


def _work(size: Size, blocks: int) -> Sweep:
    arms = tuple(
        Arm(
            f"{name}-{cost:g}ms",
            name,
            settings={"RECOGNIZER": "synthetic", "SYNTHETIC_CPU_MS": f"{cost:g}"},
            work_cpu_ms=cost,
        )
        for cost in size.work_cpu_ms
        for name in (MONOLITH, SERVICES)
    )
    title = "Work: the architectures over the CPU time of the recognizer"
    # One step: only the cost on a full core is measured here. Trials of one arm scatter far more
    # than the windows within one, so many short ones give more than few long ones.
    return Sweep("work", "work", title, arms, _closed(size, (8,)), blocks)


def _replicated(
    counts: Sequence[int], settings: Mapping[str, str], stub: float | None
) -> list[Arm]:
    """The whole monolith, its worker alone, the recognition service alone, in each number."""
    arms = []
    for count in counts:
        whole = {"monolith-web": count, "monolith-worker": count}
        kinds = [
            ("monolith-whole", MONOLITH, whole),
            ("monolith-worker", MONOLITH, {"monolith-worker": count}),
            ("recognition", SERVICES, {"recognition-worker": count}),
        ]
        if count == 1:
            kinds = [(MONOLITH, MONOLITH, {}), (SERVICES, SERVICES, {})]
        arms += [
            Arm(f"{name}-x{count}", arch, settings, replicas, stub_latency_ms=stub)
            for name, arch, replicas in kinds
        ]
    return arms


def _replicas_working(size: Size, blocks: int) -> Sweep:
    counts = (min(size.replicas), max(size.replicas))
    arms = tuple(_replicated(counts, CENTERFACE, None))
    title = "More processes on the same core, where recognition is computed"
    return Sweep("replicas-working", "replicas", title, arms, _closed(size, (8, 16)), blocks)


def _replicas_waiting(size: Size, blocks: int) -> Sweep:
    arms = tuple(_replicated(size.replicas, {}, STUB_LATENCY_MS))
    title = "More processes on the same core, where recognition is waited for"
    return Sweep("replicas-waiting", "replicas", title, arms, _closed(size, (8, 16)), blocks)


# One worker that waits 300 ms carries 3 a second; four carry what the step brings.
CALM_PER_SECOND, BUSY_PER_SECOND = 1.5, 6.0
SCALED_TO = 4
DELAY_SECONDS = 5.0  # from the step to the order: what an autoscaler's metric takes at best


def _elasticity(size: Size, blocks: int) -> Sweep:
    before, busy, after = size.elasticity
    whole = {"monolith-web": SCALED_TO, "monolith-worker": SCALED_TO}
    arms = tuple(
        Arm(name, arch, scaled=scaled, stub_latency_ms=STUB_LATENCY_MS)
        for name, arch, scaled in (
            ("monolith-whole", MONOLITH, whole),
            ("monolith-worker", MONOLITH, {"monolith-worker": SCALED_TO}),
            ("recognition", SERVICES, {"recognition-worker": SCALED_TO}),
        )
    )
    schedule = Schedule(
        (
            Step(4.0, before, rate=CALM_PER_SECOND),
            Step(0.0, busy, rate=BUSY_PER_SECOND),
            Step(0.0, after, rate=CALM_PER_SECOND),
        )
    )
    delay = min(DELAY_SECONDS, busy / 4)
    actions = (Action(before + delay, out=True), Action(before + busy + after / 4, out=False))
    title = "Elasticity: a step in the arrivals, then scaling out, then back"
    return Sweep("elasticity", "elasticity", title, arms, schedule, blocks, actions)
