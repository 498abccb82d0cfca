"""One unit's release on Kubernetes: its job, a canary, its processes; and the way back."""

import time
from collections.abc import Sequence

from benchmarks.targets.errors import EngineError, TargetError
from benchmarks.targets.kubernetes import manifests
from benchmarks.targets.kubernetes.canary_pod import PORT, canary_pod
from benchmarks.targets.kubernetes.kubectl import Kubectl, Object
from benchmarks.targets.kubernetes.rollout_status import (
    POLL_SECONDS,
    is_observed,
    is_ready,
    wait_complete,
    wait_rolled_out,
)
from benchmarks.targets.rolling_release import Canary, Release

_REVISION = "deployment.kubernetes.io/revision"
_DRAIN = "--timeout=120s"
_WEB = "web"  # the process type that a canary compares
UNDO_SECONDS = 300.0
OBSERVED_SECONDS = 60.0


class Rollout:
    """Brings a unit's deployments to the images of a tag, and back to their revisions before.

    `objects` are those of the whole system, as deployed.
    """

    def __init__(self, kubectl: Kubectl, objects: Sequence[Object]) -> None:
        self._kubectl = kubectl
        self._objects = objects
        # By unit: the revision of each deployment to which an undo leads
        self._former: dict[str, dict[str, str]] = {}

    def release(
        self, unit: str, tag: str, timeout_seconds: float, canary: Canary | None
    ) -> Release:
        """Bring another version of a unit into service. Each of its steps has the time limit.

        NotReadyError if it doesn't become ready, WrongResponseError for what the canary finds; then
        the former version serves, and what the release has changed is undone.
        """
        before = self._names(unit)
        self._former[unit] = self._revisions(unit)
        began = time.monotonic()
        fresh = manifests.with_tag(manifests.of_unit(self._objects, unit), tag)
        job = f"{unit}-release"
        if any(it["metadata"]["name"] == job for it in fresh):
            self._kubectl.run("delete", f"job/{job}", "--ignore-not-found", _DRAIN)
            self._kubectl.run("apply", "-f", "-", objects=manifests.of_stage(fresh, rollout=False))
            wait_complete(self._kubectl, job, timeout_seconds)
        web = [it for it in fresh if it["metadata"]["name"] == f"{unit}-{_WEB}"]
        if canary is not None and web:
            self._compare(web[0], canary, timeout_seconds)
        try:
            self._kubectl.run("apply", "-f", "-", objects=manifests.of_stage(fresh, rollout=True))
            self.wait(unit, timeout_seconds)
        except TargetError as cause:
            self._undo_after(cause, unit)
            raise
        started = len(self._names(unit) - before)
        return Release(unit, tag, time.monotonic() - began, started)

    def undo(self, unit: str, timeout_seconds: float) -> float:
        """Return a unit's deployments to before its newest release; return the seconds that took.

        Those that the release didn't change stay. EngineError if the unit wasn't released.
        """
        if unit not in self._former:
            message = f"{unit} wasn't released since the deployment, so there is nothing to undo."
            raise EngineError(message)
        began = time.monotonic()
        now = self._revisions(unit)
        for name, revision in self._former[unit].items():
            if now[name] != revision:
                back = f"--to-revision={revision}"
                self._kubectl.run("rollout", "undo", f"deployment/{name}", back)
        # Kubernetes gives what serves again a new number, and there is no way further back.
        self._former[unit] = self._revisions(unit)
        self.wait(unit, timeout_seconds, judges_pods=False)
        return time.monotonic() - began

    def _undo_after(self, cause: TargetError, unit: str) -> None:
        """Undo a release that has failed. EngineError, with both causes, if that fails too."""
        try:
            self.undo(unit, UNDO_SECONDS)
        except TargetError as error:
            message = f"{cause} The undo of {unit} failed as well: {error}"
            raise EngineError(message) from error

    def wait(self, unit: str, timeout_seconds: float, *, judges_pods: bool = True) -> None:
        """Wait until every deployment of a unit runs what it should, all pods ready."""
        names = [f"deployment/{it}" for it in manifests.process_types(self._objects, unit)]
        wait_rolled_out(self._kubectl, names, timeout_seconds, judges_pods=judges_pods)

    def images(self, unit: str) -> set[str]:
        """Return the container images of a unit's pods."""
        return {
            container["image"]
            for pod in self._pods(unit)
            for container in pod["spec"]["containers"]
        }

    def _compare(self, web: Object, canary: Canary, timeout_seconds: float) -> None:
        """Compare a pod of the new version, which clients don't reach, with those that serve."""
        labels = web["spec"]["selector"]["matchLabels"].items()
        selector = ",".join(f"{name}={value}" for name, value in labels)
        with canary_pod(self._kubectl, web, timeout_seconds) as address:
            found = self._kubectl.items("pods", f"--selector={selector}")
            serving = [f"http://{it['status']['podIP']}:{PORT}" for it in found if is_ready(it)]
            if not serving:
                message = f"{web['metadata']['name']} has no ready pod for a canary to compare."
                raise EngineError(message)
            canary(serving, [address])

    def _revisions(self, unit: str) -> dict[str, str]:
        """Return the number of the revision of each of a unit's deployments.

        The controller sets it, some time after a change. EngineError if that takes too long.
        """
        deadline = time.monotonic() + OBSERVED_SECONDS
        found = self._deployments(unit)
        while not all(is_observed(it) for it in found):
            if time.monotonic() > deadline:
                message = f"Kubernetes hasn't seen the change of {unit} in {OBSERVED_SECONDS:g} s."
                raise EngineError(message)
            time.sleep(POLL_SECONDS)
            found = self._deployments(unit)
        return {it["metadata"]["name"]: it["metadata"]["annotations"][_REVISION] for it in found}

    def _deployments(self, unit: str) -> list[Object]:
        names = manifests.process_types(self._objects, unit)
        return [self._kubectl.read(f"deployment/{name}") for name in names]

    def _names(self, unit: str) -> set[str]:
        """Return the names of a unit's pods."""
        return {pod["metadata"]["name"] for pod in self._pods(unit)}

    def _pods(self, unit: str) -> list[Object]:
        """Return the pods of a unit's deployments, but for those that are about to end."""
        selector = f"--selector={manifests.UNIT_LABEL}={unit},{manifests.TYPE_LABEL}!=release"
        found = self._kubectl.items("pods", selector)
        return [pod for pod in found if "deletionTimestamp" not in pod["metadata"]]
