"""`make kubernetes-secrets`: what the local overlays refer to, and nothing else, at random."""

import json
from urllib.parse import urlsplit

import pytest
from joserfc.jwk import KeySet
from manifests import schemas, secrets
from manifests.render import ARCHITECTURES, LOCAL, LOCAL_1_20, PRODUCTION, of_kind, render
from manifests.rules import pod_of, workloads

# Keys of `production` alone: the password by itself is for KEDA.
ONLY_THERE = {"BROKER_PASSWORD"}


def referred(overlay: str, architecture: str) -> set[tuple[str, str]]:
    """Return the names and keys of secrets that an overlay refers to."""
    rendered, found = render(overlay, architecture), set()
    for workload in workloads(rendered).values():
        pod = pod_of(workload)
        for container in pod["containers"]:
            for variable in container.get("env", ()):
                source = variable.get("valueFrom", {}).get("secretKeyRef")
                if source:
                    found.add((source["name"], source["key"]))
        for volume in pod.get("volumes", ()):
            if "secret" in volume:
                items = volume["secret"].get("items", [{"key": secrets.KEYS_FILE}])
                found |= {(volume["secret"]["secretName"], it["key"]) for it in items}
    for authentication in of_kind(rendered, "TriggerAuthentication").values():
        for target in authentication["spec"]["secretTargetRef"]:
            found.add((target["name"], target["key"]))
    return found


def made(architecture: str) -> dict[str, dict[str, str]]:
    return {
        name: it["stringData"]
        for name, it in of_kind(tuple(secrets.local(architecture)), "Secret").items()
    }


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_secret_that_is_referred_to_is_made_and_no_other(architecture: str) -> None:
    keys = {(name, key) for name, values in made(architecture).items() for key in values}
    assert keys == referred(LOCAL, architecture)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_production_refers_to_the_same_secrets(architecture: str) -> None:
    production = {it for it in referred(PRODUCTION, architecture) if it[1] not in ONLY_THERE}
    local = {it for it in referred(LOCAL, architecture) if it[0] != "backing"}
    assert production == local


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_they_fit_the_schemas(architecture: str) -> None:
    for overlay in (LOCAL, LOCAL_1_20):
        assert schemas.problems(secrets.local(architecture), schemas.version_of(overlay)) == []


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_each_time_every_secret_has_another_value(architecture: str) -> None:
    first, second = made(architecture), made(architecture)
    addresses = {"BROKER_URL", "CACHE_URL", "UNIT_DATABASE"}
    for name, values in first.items():
        for key, value in values.items():
            assert (value == second[name][key]) == (key in addresses), (name, key)


def test_the_units_log_in_to_the_stores_with_what_these_know() -> None:
    values = made("monolith")
    url, backing = urlsplit(values["monolith"]["DATABASE_URL"]), values["backing"]
    assert (url.username, url.password, url.path) == (
        backing["UNIT_DATABASE"],
        backing["UNIT_DATABASE_PASSWORD"],
        f"/{backing['UNIT_DATABASE']}",
    )
    (identity,) = json.loads(backing["s3.json"])["identities"]
    assert identity["credentials"] == [
        {
            "accessKey": values["monolith"]["AWS_ACCESS_KEY_ID"],
            "secretKey": values["monolith"]["AWS_SECRET_ACCESS_KEY"],
        }
    ]


def test_the_signing_keys_are_a_private_set_of_ed25519() -> None:
    document = json.loads(made("microservices")["accounts-signing-keys"][secrets.KEYS_FILE])
    (key,) = KeySet.import_key_set(document)
    assert key.is_private
    assert (document["keys"][0]["crv"], document["keys"][0]["alg"]) == ("Ed25519", "EdDSA")
    assert key.kid
