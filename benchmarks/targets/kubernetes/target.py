"""A target that Kubernetes runs: release, undo, scale, kill, count.

`deployment.deploy` creates one.
"""

import base64
import re
import signal
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

from benchmarks.targets.architectures import Architecture, unit_names
from benchmarks.targets.errors import EngineError
from benchmarks.targets.kubernetes import manifests
from benchmarks.targets.kubernetes.kubectl import Kubectl, Object
from benchmarks.targets.kubernetes.pods import containers_of, signal_containers
from benchmarks.targets.kubernetes.rollout import Rollout
from benchmarks.targets.kubernetes.rollout_status import is_ready, wait_rolled_out
from benchmarks.targets.measure.containers import Container
from benchmarks.targets.measure.inventory import Counts, Inventory, take_inventory
from benchmarks.targets.rolling_release import Canary, Release

ROLLOUT_SECONDS = 300.0
_DRAIN = "--timeout=120s"


class KubernetesTarget:
    """An architecture in a namespace of its own.

    Process types are `<unit>-<type>`, as on other platforms; a process is a pod of that type. The
    engine restarts what ends, so `restart` is for backing services alone.
    """

    def __init__(
        self, architecture: Architecture, kubectl: Kubectl, objects: Sequence[Object]
    ) -> None:
        self.architecture = architecture
        self.arch = architecture.name
        self.kubectl = kubectl
        self._objects = list(objects)
        self._rollout = Rollout(kubectl, self._objects)

    @property
    def base_url(self) -> str:
        """Return the URL of the edge, without a path, as machines of the cluster reach it."""
        return f"http://{self.address(f'{self.arch}-edge')}:8080"

    def address(self, service: str) -> str:
        """Return the address of a service in the cluster. EngineError if there is none."""
        found: str = self.kubectl.read(f"service/{service}")["spec"]["clusterIP"]
        return found

    def process_types(self, unit: str) -> list[str]:
        """Return the names of a unit's process types."""
        return manifests.process_types(self._objects, unit)

    def pods(self, process: str) -> list[str]:
        """Return the names of the pods of a process type that are ready, the oldest first."""
        found = self.kubectl.items("pods", f"--selector={self._selector(process)}")
        found.sort(key=lambda pod: pod["metadata"]["creationTimestamp"])
        return [pod["metadata"]["name"] for pod in found if is_ready(pod)]

    def logs(self, process: str) -> str:
        """Return the log of all pods of a process type."""
        found = self.kubectl.items("pods", f"--selector={self._selector(process)}")
        logs = []
        for pod in found:
            with suppress(EngineError):  # what has just ended has none any more
                logs.append(self.kubectl.run("logs", pod["metadata"]["name"], "--tail=-1"))
        return "".join(logs)

    def images(self, unit: str) -> set[str]:
        """Return the container images of a unit's pods, but for those that are about to end."""
        return self._rollout.images(unit)

    def release(
        self,
        unit: str,
        tag: str,
        timeout_seconds: float = ROLLOUT_SECONDS,
        *,
        canary: Canary | None = None,
    ) -> Release:
        """Bring another version of a unit into service: its job, a canary, then its processes.

        NotReadyError if it doesn't become ready, WrongResponseError for what the canary finds; then
        the former version serves, and what the release has changed is undone.
        """
        return self._rollout.release(unit, tag, timeout_seconds, canary)

    def undo(self, unit: str, timeout_seconds: float = ROLLOUT_SECONDS) -> float:
        """Return a unit's processes to before its newest release; return the seconds that took.

        A release that failed has been undone already, so nothing is changed then. Migrations aren't
        undone: they suit both versions. EngineError if the unit wasn't released.
        """
        return self._rollout.undo(unit, timeout_seconds)

    def scale(self, process: str, count: int) -> float:
        """Bring a process type to `count` pods; return the seconds until they were ready.

        An autoscaler of the type is fixed at that number. At 0 it is off, so its limits are left.
        """
        began = time.monotonic()
        if count and self.kubectl.exists("hpa", process):
            limits = f'{{"spec": {{"minReplicas": {count}, "maxReplicas": {count}}}}}'
            self.kubectl.run("patch", f"hpa/{process}", "--patch", limits)
        self.kubectl.run("scale", f"deployment/{process}", f"--replicas={count}")
        wait_rolled_out(self.kubectl, [f"deployment/{process}"], ROLLOUT_SECONDS)
        return time.monotonic() - began

    def ready(self, process: str) -> int:
        """Return how many pods of a process type are ready."""
        return len(self.pods(process))

    def running_containers(self) -> list[Container]:
        """Return the containers of all pods that are ready; a process is numbered by its age."""
        found = [pod for pod in self.kubectl.items("pods") if is_ready(pod)]
        found.sort(key=lambda pod: pod["metadata"]["creationTimestamp"])
        return containers_of(self.architecture, found)

    def autoscale(self, most: Mapping[str, int], *, least: int = 1) -> None:
        """Let the queue's length bring these process types to so many pods, all others to one.

        Pods with nothing to do are soon removed.
        """
        changed = manifests.with_autoscalers(
            self._objects, most, least=least, like=self.architecture.worker
        )
        applied = manifests.autoscalers(changed)
        self.kubectl.run("apply", "-f", "-", objects=applied)
        for spec in (it["spec"] for it in applied):
            name, fewest = spec["scaleTargetRef"]["name"], spec["minReplicas"]
            # An autoscaler whose minimum isn't 0 leaves a deployment without pods as it is.
            if fewest and not self.kubectl.read(f"deployment/{name}")["spec"]["replicas"]:
                self.kubectl.run("scale", f"deployment/{name}", f"--replicas={fewest}")

    def kill(self, process: str) -> None:
        """End a pod, or all pods of a process type, at once: what they do is interrupted."""
        for name in [process] if self.kubectl.exists("pod", process) else self.pods(process):
            self.kubectl.run("delete", f"pod/{name}", "--grace-period=0", "--force", "--wait=false")

    def stall(self, process: str) -> None:
        """Stop all of a process type, or a backing service, where it is; see `resume`.

        Probes find that in time, and the engine then restarts what has a liveness probe.
        EngineError where nothing of it runs on this machine.
        """
        signal_containers(self._found(process), signal.SIGSTOP)

    def resume(self, process: str) -> None:
        """Let what was stalled go on. EngineError where nothing of it runs on this machine."""
        signal_containers(self._found(process), signal.SIGCONT)

    def restart(self, process: str) -> float:
        """Restart a backing service in its volume; return the seconds until it was ready."""
        began = time.monotonic()
        self.kubectl.run("delete", f"pod/{process}-0", _DRAIN, timeout_seconds=ROLLOUT_SECONDS)
        wait_rolled_out(self.kubectl, [f"statefulset/{process}"], ROLLOUT_SECONDS)
        return time.monotonic() - began

    def store_environment(self) -> dict[str, str]:
        """Return the settings with which the database and the object store can be read."""
        owner = self.architecture.database_unit
        writer = self.architecture.recognizing_unit
        secret, configured = self._secret(owner), manifests.settings(self._objects, owner)
        results = manifests.settings(self._objects, writer)
        return {
            "DATABASE_URL": secret["DATABASE_URL"].replace(
                "@postgres:", f"@{self.address('postgres')}:"
            ),
            "AWS_ENDPOINT_URL_S3": f"http://{self.address('s3')}:8333",
            "AWS_REGION": configured.get("AWS_REGION", "eu-central-1"),
            "AWS_ACCESS_KEY_ID": secret["AWS_ACCESS_KEY_ID"],
            "AWS_SECRET_ACCESS_KEY": secret["AWS_SECRET_ACCESS_KEY"],
            "IMAGE_BUCKET": configured["IMAGE_BUCKET"],
            "RESULT_BUCKET": results["RESULT_BUCKET"],
        }

    def broker_url(self) -> str:
        """Return the address of the broker, as machines of the cluster reach it."""
        url = self._secret(self.architecture.database_unit)["BROKER_URL"]
        return url.replace("//valkey:", f"//{self.address('valkey')}:")

    def statistics_url(self) -> str:
        """Return the address of the database from which the unit's statistics can be read."""
        password = self._secret("backing")["POSTGRES_PASSWORD"]
        return f"postgresql://postgres:{password}@{self.address('postgres')}:5432/postgres"

    def inventory(self, *, read_results: bool = False) -> Inventory:
        """Return all rows and objects; with `read_results`, the results' submissions too."""
        return take_inventory(self.store_environment(), read_results=read_results)

    def counts(self) -> Counts:
        """Return the numbers of rows and objects."""
        return self.inventory().counts()

    def wait_ready(self, timeout_seconds: float = ROLLOUT_SECONDS) -> None:
        """Wait until every process type runs what it should, all pods ready."""
        for unit in unit_names(self.architecture):
            self._rollout.wait(unit, timeout_seconds)

    def stop(self) -> None:
        """Delete the namespace, with its processes and volumes."""
        self.kubectl.run("delete", f"namespace/{self.kubectl.namespace}", timeout_seconds=300)

    def __enter__(self) -> "KubernetesTarget":
        """Return the target; leaving the block stops it."""
        return self

    def __exit__(self, *_exception: object) -> None:
        """Stop the target."""
        self.stop()

    def _found(self, process: str) -> list[Container]:
        """Return the containers of a process type, or of a backing service, ready or not."""
        every = containers_of(self.architecture, self.kubectl.items("pods"))
        return [it for it in every if re.fullmatch(rf"{re.escape(process)}(-\d+)?", it.process)]

    def _selector(self, process: str) -> str:
        found = [it for it in self._objects if it["metadata"]["name"] == process]
        deployments = [it for it in found if it["kind"] == "Deployment"]
        if not deployments:
            message = f"There is no process type {process!r} in the {self.arch}."
            raise EngineError(message)
        labels: Mapping[str, str] = deployments[0]["spec"]["selector"]["matchLabels"]
        return ",".join(f"{name}={value}" for name, value in labels.items())

    def _secret(self, name: str) -> dict[str, str]:
        data = self.kubectl.read(f"secret/{name}")["data"]
        return {key: base64.b64decode(value).decode() for key, value in data.items()}
