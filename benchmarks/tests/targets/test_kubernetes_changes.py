"""What a measurement changes in rendered manifests: settings, and which autoscaler may do what."""

from typing import Any

from benchmarks.targets.kubernetes import manifests

OBJECTS = manifests.render("local-1.20", "monolith")


def autoscalers(objects: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    found = [it for it in objects if it["kind"] == "HorizontalPodAutoscaler"]
    return {it["metadata"]["name"]: it["spec"] for it in found}


def test_settings_are_those_of_the_named_units() -> None:
    changed = manifests.with_settings(OBJECTS, ["monolith"], {"RECOGNIZER": "synthetic"})
    assert manifests.settings(changed, "monolith")["RECOGNIZER"] == "synthetic"
    assert "RECOGNIZER" not in manifests.settings(changed, "monolith-edge")
    assert "RECOGNIZER" not in manifests.settings(OBJECTS, "monolith")


def test_without_autoscaling_every_type_keeps_one_pod() -> None:
    changed = manifests.with_autoscalers(OBJECTS, {}, least=1, like="monolith-worker")
    found = autoscalers(changed)
    assert found.keys() == {"monolith-web", "monolith-worker"}
    assert {(it["minReplicas"], it["maxReplicas"]) for it in found.values()} == {(1, 1)}


def test_a_type_that_is_scaled_like_the_worker_follows_the_queue() -> None:
    most = {"monolith-web": 3, "monolith-worker": 4}
    changed = manifests.with_autoscalers(OBJECTS, most, least=0, like="monolith-worker")
    web, worker = (autoscalers(changed)[name] for name in most)
    assert (web["minReplicas"], web["maxReplicas"], worker["maxReplicas"]) == (0, 3, 4)
    assert web["metrics"] == worker["metrics"]
    assert web["metrics"][0]["external"]["metric"]["name"] == "queue-length"
    assert web["scaleTargetRef"]["name"] == "monolith-web"
    assert autoscalers(OBJECTS)["monolith-web"]["metrics"][0]["type"] == "Resource"
