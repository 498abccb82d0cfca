"""What a run is made of: arms, and the sweeps that step them through the same schedule."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.workload.schedule import Schedule

MONOLITH, SERVICES = "monolith", "microservices"
ARCHITECTURES = (MONOLITH, SERVICES)  # that are compared
FLOOR = "floor"  # the work alone, in a loop: no API, no queue
EXTERNAL = "external"  # deployed by other means, known by its URL
KUBERNETES, COMPOSE = "kubernetes", "compose"  # container engines, beside local processes


@dataclass(frozen=True, slots=True)
class Engine:
    """A container engine: its platform's name, and where on it targets are deployed."""

    platform: str
    place: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Arm:
    """One configuration that is compared.

    `replicas` maps process types (`monolith-worker`) to how many there are, one by default;
    `scaled` to how many there are after scaling out, for a sweep that does so. `stub_latency_ms` is
    set where Clarifai's stub does the recognizing. `plant` is a folder below `benchmarks` whose
    `sitecustomize` changes the code that runs; `unkept` names conformance cases that can't hold
    then. `scenario` names what is released during the trial. `faults` are what happens to it, one
    in each step of the schedule, each as "kill monolith-web" or "stall valkey"; a trial shuffles
    them. `base_url` is an external target's; `api` names the API that it has where that
    isn't the image flow's (`workload.api.load_api`). `apart` names process types, and `lambda` for
    a function, that run on the generator's core, where all other work goes first: they stand for
    another machine, and their CPU isn't the target's. `concurrency` is the most environments that a
    function may have; 0 for the default. `beside` is whether the floor's loop and the minimal
    endpoints run on the target's cores too. `platform` is the container engine that it runs on,
    empty for local processes, and `place` where there (a context of kubectl, an overlay).
    `autoscaled` maps process types to the most processes that the platform's autoscaler may bring
    them to, from `least` on.
    """

    name: str
    architecture: str
    settings: Mapping[str, str] = field(default_factory=dict)
    replicas: Mapping[str, int] = field(default_factory=dict)
    scaled: Mapping[str, int] = field(default_factory=dict)
    stub_latency_ms: float | None = None
    work_cpu_ms: float | None = None
    plant: str = ""
    unkept: tuple[str, ...] = ()
    scenario: str = ""
    faults: tuple[str, ...] = ()
    base_url: str = ""
    api: str = ""
    apart: tuple[str, ...] = ()
    concurrency: int = 0
    beside: bool = False
    platform: str = ""
    place: Mapping[str, str] = field(default_factory=dict)
    autoscaled: Mapping[str, int] = field(default_factory=dict)
    least: int = 1

    @property
    def code_base(self) -> str:
        """Return what the conformance suite has to check: arms with the same code have the same."""
        if self.base_url:
            return self.base_url
        function = "function" if self.is_function else ""
        return " ".join(filter(None, (self.platform, self.architecture, self.plant, function)))

    @property
    def is_function(self) -> bool:
        """Return whether a function recognizes, and no worker does."""
        return self.settings.get("RECOGNITION") == "lambda"


@dataclass(frozen=True, slots=True)
class Action:
    """So long after the first window's start the arm is scaled: out to `scaled`, or back."""

    at_seconds: float
    out: bool


@dataclass(frozen=True, slots=True)
class Sweep:
    """Arms that go through one schedule, in so many blocks. Its kind decides how it is summed up.

    Kinds: `floor`, `overhead` (each side beside the least that its work takes), `load` (a curve
    over steps), `work` (a ratio over the work per request), `replicas` (what more processes bring),
    `elasticity` (how soon scaling out helps), `releases` (what a release takes, and who notices),
    `faults` (what still works while something is down), `visits` (what pages and images cost, by
    what sends them), `offload` (latencies by feature while images are recognized), `cold-starts`
    (of a function), `step` (a step in load, with and without an order to scale).
    With `rates_are_shares` the open steps' rates are shares of what the floor could do (`rates`).
    The window of the highest rate lasts until `fewest_arrivals` have come, whatever the rate is.
    """

    name: str
    kind: str
    title: str
    arms: tuple[Arm, ...]
    schedule: Schedule
    blocks: int
    actions: tuple[Action, ...] = ()
    rates_are_shares: bool = False
    fewest_arrivals: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return the sweep's entry in run.json."""
        return {
            "name": self.name,
            "kind": self.kind,
            "title": self.title,
            "arms": [asdict(arm) for arm in self.arms],
            "steps": self.schedule.to_json(),
            "blocks": self.blocks,
            "actions": [asdict(action) for action in self.actions],
            "rates_are_shares": self.rates_are_shares,
            "fewest_arrivals": self.fewest_arrivals,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Sweep":
        """Make a sweep from its entry in run.json."""
        return cls(
            name=document["name"],
            kind=document["kind"],
            title=document["title"],
            arms=tuple(_arm(it) for it in document["arms"]),
            schedule=Schedule.from_json(document["steps"]),
            blocks=document["blocks"],
            actions=tuple(Action(**action) for action in document["actions"]),
            rates_are_shares=document["rates_are_shares"],
            fewest_arrivals=document.get("fewest_arrivals", 0),  # earlier runs had no such rule
        )

    def arm(self, name: str) -> Arm:
        """Find an arm by name; KeyError when there is none."""
        return {arm.name: arm for arm in self.arms}[name]


def _arm(document: Mapping[str, Any]) -> Arm:
    lists = {name: tuple(document.get(name, ())) for name in ("unkept", "faults", "apart")}
    return Arm(**{**document, **lists})
