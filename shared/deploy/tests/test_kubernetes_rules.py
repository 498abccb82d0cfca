"""The rules for rendered objects: none is broken, and each finds a mistake that is planted."""

from typing import Any

import pytest
from manifests import rules, schemas
from manifests.render import LOCAL, LOCAL_1_20, PRODUCTION, Manifest, render

from tests.kubernetes_cases import EVERY, Change, changed

WEB, WORKER, JOB = "Deployment monolith-web", "Deployment monolith-worker", "Job monolith-release"


def _pod(objects: dict[str, Manifest], name: str) -> dict[str, Any]:
    return rules.pod_of(objects[name])


def _container(objects: dict[str, Manifest], name: str) -> dict[str, Any]:
    found: dict[str, Any] = _pod(objects, name)["containers"][0]
    return found


def _in_pod(name: str, **values: Any) -> Change:
    return lambda objects: _pod(objects, name).update(values)


def _in_container(name: str, **values: Any) -> Change:
    return lambda objects: _container(objects, name).update(values)


def _in_security(name: str, **values: Any) -> Change:
    return lambda objects: _container(objects, name)["securityContext"].update(values)


def _without(name: str) -> Change:
    return lambda objects: objects.pop(name) and None


def _config(objects: dict[str, Manifest], name: str) -> Manifest:
    (found,) = [it for key, it in objects.items() if key.startswith(f"ConfigMap {name}-")]
    return found


def _add_secret(objects: dict[str, Manifest]) -> None:
    objects["Secret monolith"] = {"kind": "Secret", "metadata": {"name": "monolith"}}


def _add_keys(objects: dict[str, Manifest]) -> None:
    volumes = _pod(objects, WORKER)["volumes"]
    volumes.append({"name": "keys", "secret": {"secretName": "monolith-signing-keys"}})


def _add_keys_as_variable(objects: dict[str, Manifest]) -> None:
    source = {"secretKeyRef": {"name": "monolith-signing-keys", "key": "signing-keys.json"}}
    _container(objects, WORKER)["env"].append({"name": "KEYS", "valueFrom": source})


def _remove_keys(objects: dict[str, Manifest]) -> None:
    pod = _pod(objects, WEB)
    pod["volumes"] = [it for it in pod["volumes"] if it["name"] != "signing-keys"]


def _relabel(objects: dict[str, Manifest]) -> None:
    objects[WEB]["spec"]["template"]["metadata"]["labels"]["app.kubernetes.io/component"] = "wbe"


def _set_replicas(objects: dict[str, Manifest]) -> None:
    objects[WEB]["spec"]["replicas"] = 3


PLANTED: list[tuple[str, str, Change, str]] = [
    ("hardened", PRODUCTION, _in_security(WEB, runAsNonRoot=False), "may run as root"),
    ("hardened", PRODUCTION, _in_security(WEB, runAsUser=0), "may run as root"),
    ("hardened", PRODUCTION, _in_security(WEB, seccompProfile={}), "no seccomp profile"),
    ("hardened", PRODUCTION, _in_security(WEB, allowPrivilegeEscalation=True), "may gain"),
    ("hardened", PRODUCTION, _in_security(JOB, readOnlyRootFilesystem=False), "may write"),
    ("hardened", PRODUCTION, _in_security(WEB, capabilities={}), "has capabilities"),
    (
        "hardened",
        PRODUCTION,
        _in_security(WEB, capabilities={"drop": ["ALL"], "add": ["CHOWN"]}),
        "has capabilities",
    ),
    ("isolated", PRODUCTION, _in_pod(WEB, automountServiceAccountToken=True), "gets a token"),
    ("isolated", PRODUCTION, _in_pod(WEB, serviceAccountName="default"), "no service account"),
    ("isolated", PRODUCTION, _without("ServiceAccount monolith-web"), "gets a token"),
    ("isolated", PRODUCTION, _in_pod(WEB, enableServiceLinks=True), "services set"),
    ("bounded", PRODUCTION, _in_container(WEB, resources={}), "no limits of memory"),
    ("bounded", LOCAL, _in_container("StatefulSet s3", resources={}), "no requests of cpu"),
    ("bounded", LOCAL, _in_pod(WEB, volumes=[{"name": "x", "emptyDir": {}}]), "isn't limited"),
    ("secrets_apart", PRODUCTION, _add_secret, "secrets aren't committed"),
    (
        "secrets_apart",
        PRODUCTION,
        lambda them: _config(them, "monolith-edge")["data"].update(
            DATABASE_URL="postgresql://a:b@c/d"
        ),
        "DATABASE_URL belongs into a Secret",
    ),
    (
        "secrets_apart",
        PRODUCTION,
        _in_container(WEB, env=[{"name": "SECRET_KEY", "value": "x"}]),
        "SECRET_KEY belongs into a Secret",
    ),
    ("signing_keys_at_signers", PRODUCTION, _add_keys, "monolith-worker: it has the signing keys"),
    ("signing_keys_at_signers", LOCAL, _add_keys_as_variable, "monolith-worker: it has"),
    ("signing_keys_at_signers", PRODUCTION, _remove_keys, "monolith-web: it signs, and has no"),
    (
        "whole",
        PRODUCTION,
        _in_container(WEB, envFrom=[{"configMapRef": {"name": "none"}}]),
        "no ConfigMap none",
    ),
    ("whole", PRODUCTION, _without(WORKER), "ScaledObject monolith-worker: there is no"),
    ("whole", LOCAL, _without(WEB), "HorizontalPodAutoscaler monolith-web: there is no"),
    ("whole", PRODUCTION, _relabel, "Service monolith-web: no pod is selected"),
    ("whole", PRODUCTION, _relabel, "PodDisruptionBudget monolith-web: no pod is selected"),
    ("whole", PRODUCTION, _relabel, "NetworkPolicy monolith-web: no pod is selected"),
    ("scaled_by_one", PRODUCTION, _set_replicas, "monolith-web: its replicas are set by 2"),
    (
        "scaled_by_one",
        LOCAL,
        _without("HorizontalPodAutoscaler monolith-worker"),
        "monolith-worker: its replicas are set by 0",
    ),
]


@pytest.mark.parametrize(("overlay", "architecture"), EVERY)
@pytest.mark.parametrize("rule", list(rules.RULES))
def test_no_object_breaks_a_rule(rule: str, overlay: str, architecture: str) -> None:
    assert rules.RULES[rule](render(overlay, architecture)) == []


@pytest.mark.parametrize(("rule", "overlay", "change", "expected"), PLANTED)
def test_a_rule_finds_what_is_planted(
    rule: str, overlay: str, change: Change, expected: str
) -> None:
    found = rules.RULES[rule](changed(overlay, "monolith", change))
    assert any(expected in line for line in found), found


def test_every_rule_has_a_planted_mistake() -> None:
    assert {rule for rule, *_ in PLANTED} == set(rules.RULES)


@pytest.mark.parametrize(("overlay", "architecture"), EVERY)
def test_every_object_fits_the_schema_of_its_version(overlay: str, architecture: str) -> None:
    version = schemas.version_of(overlay)
    assert schemas.problems(render(overlay, architecture), version) == []


def _set(name: str, *path: str, value: Any) -> Change:
    def change(objects: dict[str, Manifest]) -> None:
        place: Any = objects[name]
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value

    return change


INVALID: list[tuple[str, Change, str]] = [
    (PRODUCTION, _set(WEB, "spec", "replica", value=1), "replica"),
    (PRODUCTION, _set(WEB, "spec", "minReadySeconds", value="soon"), "minReadySeconds"),
    (PRODUCTION, _set(WEB, "apiVersion", value="extensions/v1beta1"), "has no Deployment"),
    (LOCAL_1_20, _set("PodDisruptionBudget monolith-web", "apiVersion", value="policy/v1"), "no"),
    (
        LOCAL_1_20,
        _set(WEB, "spec", "template", "spec", "hostUsers", value=False),
        "hostUsers",  # of a later version
    ),
    (
        PRODUCTION,
        _set("ScaledObject monolith-worker", "spec", "maxReplicas", value=3),
        "maxReplicas",
    ),
    (
        PRODUCTION,
        _set("ScaledObject monolith-worker", "spec", "maxReplicaCount", value="many"),
        "maxReplicaCount",
    ),
    (
        PRODUCTION,
        _set("TriggerAuthentication monolith-broker", "kind", value="TriggerAuthorization"),
        "has no TriggerAuthorization",
    ),
]


@pytest.mark.parametrize(("overlay", "change", "expected"), INVALID)
def test_an_invalid_object_is_found(overlay: str, change: Change, expected: str) -> None:
    objects = changed(overlay, "monolith", change)
    found = schemas.problems(objects, schemas.version_of(overlay))
    assert any(expected in line for line in found), found
