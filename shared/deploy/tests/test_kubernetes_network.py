"""Who may talk to whom: the table, and the rendered policies evaluated for every pair."""

import re
from pathlib import Path

import pytest
from manifests import connections
from manifests.connections import CLIENTS, INTERNET, Connection, expected, found
from manifests.network import Endpoint, Port, UnknownSelector, allowed
from manifests.render import LOCAL, PRODUCTION, Manifest, render

from tests.kubernetes_cases import EVERY, Change, changed

FRONT = Endpoint("10.0.0.1", "one", {"app": "front"})
BACK = Endpoint("10.0.0.2", "one", {"app": "back"})
HOST = Endpoint("203.0.113.9")


@pytest.mark.parametrize(("overlay", "architecture"), EVERY)
def test_the_policies_permit_what_the_table_has_and_nothing_else(
    overlay: str, architecture: str
) -> None:
    assert found(overlay, render(overlay, architecture)) == expected(overlay, architecture)


@pytest.mark.parametrize(("overlay", "architecture"), EVERY)
def test_every_process_may_send_queries_to_the_dns_and_to_no_other_pod_there(
    overlay: str, architecture: str
) -> None:
    rendered = render(overlay, architecture)
    policies = [it for it in rendered if it["kind"] == "NetworkPolicy"]
    dns = Endpoint("10.244.7.7", "kube-system", {"k8s-app": "kube-dns"})
    for name, pod in connections.pods_of(rendered).items():
        assert allowed(policies, pod, dns, Port(53, "UDP")), name
        assert allowed(policies, pod, dns, Port(53)), name
        assert not allowed(policies, pod, dns, Port(443)), name


def test_the_table_has_every_process() -> None:
    rendered = {
        (architecture, name)
        for architecture in ("monolith", "microservices")
        for name in connections.pods_of(render(PRODUCTION, architecture))
    }
    assert set(connections.processes_of()) == rendered


def _without(name: str) -> Change:
    return lambda objects: objects.pop(f"NetworkPolicy {name}") and None


def _label(workload: str, name: str) -> Change:
    def change(objects: dict[str, Manifest]) -> None:
        objects[workload]["spec"]["template"]["metadata"]["labels"][name] = "true"

    return change


def _any_client(name: str) -> Change:
    def change(objects: dict[str, Manifest]) -> None:
        del objects[f"NetworkPolicy {name}"]["spec"]["ingress"][0]["from"]

    return change


def _every_network(objects: dict[str, Manifest]) -> None:
    rule = objects["NetworkPolicy internet"]["spec"]["egress"][0]
    del rule["to"][0]["ipBlock"]["except"]


Planted = list[tuple[str, str, Change, set[Connection], set[Connection]]]
PLANTED: Planted = [
    # Without a policy, what it permitted isn't; the last one refuses everything else.
    (LOCAL, "monolith", _without("postgres"), set(), {
        Connection(f"monolith-{it}", "postgres", 5432)
        for it in ("web", "worker", "sweeper", "release")
    }),
    (PRODUCTION, "microservices", _without("accounts-web"), set(), {
        Connection("microservices-edge", "accounts-web", 8000),
        Connection("submissions-web", "accounts-web", 8000),
        Connection("accounts-web", "submissions-web", 8000),
    }),
    (LOCAL, "microservices", _label("Deployment recognition-worker", "uses/postgres"), {
        Connection("recognition-worker", "postgres", 5432)
    }, set()),
    (PRODUCTION, "microservices", _any_client("microservices-edge"), {
        Connection(it, "microservices-edge", 8080)
        for it in (INTERNET, *connections.STRANGERS)
    }, set()),
    (PRODUCTION, "monolith", _every_network, {
        Connection("monolith-worker", it, port)
        for it in ("the metadata of the machine", "a host of the private network",
                   "a pod of another namespace")
        for port in (80, 443)
    } | {Connection("monolith-worker", "dynamodb", 443)}, set()),
]  # fmt: skip


@pytest.mark.parametrize(("overlay", "architecture", "change", "more", "fewer"), PLANTED)
def test_a_changed_policy_is_a_difference_from_the_table(
    overlay: str,
    architecture: str,
    change: Change,
    more: set[Connection],
    fewer: set[Connection],
) -> None:
    permitted = found(overlay, changed(overlay, architecture, change))
    table = expected(overlay, architecture)
    assert more <= permitted - table
    assert fewer <= table - permitted


def test_without_the_policy_that_refuses_the_rest_pods_are_open() -> None:
    open_ = changed(PRODUCTION, "monolith", _without("nothing-else"))
    permitted = found(PRODUCTION, open_)
    assert Connection(CLIENTS, "monolith-worker", 8000) in permitted


def _policy(**spec: object) -> Manifest:
    return {
        "metadata": {"name": "policy", "namespace": "one"},
        "spec": {"podSelector": {"matchLabels": {"app": "back"}}, **spec},
    }


def test_a_pod_that_no_policy_selects_is_open() -> None:
    assert allowed([_policy(policyTypes=["Ingress"])], HOST, FRONT, Port(80))
    assert not allowed([_policy(policyTypes=["Ingress"])], HOST, BACK, Port(80))
    assert allowed([_policy(policyTypes=["Egress"])], HOST, BACK, Port(80))


def test_both_ends_have_to_permit_it() -> None:
    peer = {"podSelector": {"matchLabels": {"app": "front"}}}
    entry = _policy(policyTypes=["Ingress"], ingress=[{"from": [peer], "ports": [{"port": 80}]}])
    closed = {
        "metadata": {"name": "closed", "namespace": "one"},
        "spec": {"podSelector": {}, "policyTypes": ["Egress"]},
    }
    assert allowed([entry], FRONT, BACK, Port(80))
    assert not allowed([entry], FRONT, BACK, Port(81))
    assert not allowed([entry], FRONT, BACK, Port(80, "UDP"))
    assert not allowed([entry], Endpoint("10.0.0.1", "two", {"app": "front"}), BACK, Port(80))
    assert not allowed([entry, closed], FRONT, BACK, Port(80))


def test_networks_and_their_exceptions() -> None:
    block = {"cidr": "203.0.113.0/24", "except": ["203.0.113.128/25"]}
    policy = _policy(policyTypes=["Egress"], egress=[{"to": [{"ipBlock": block}]}])
    assert allowed([policy], BACK, HOST, Port(80))
    assert not allowed([policy], BACK, Endpoint("203.0.113.200"), Port(80))
    assert not allowed([policy], BACK, Endpoint("2001:db8::1"), Port(80))


def test_a_selector_that_is_not_evaluated_is_an_error() -> None:
    policy = _policy(policyTypes=["Ingress"])
    policy["spec"]["podSelector"] = {"matchExpressions": []}
    with pytest.raises(UnknownSelector):
        allowed([policy], HOST, BACK, Port(80))


def test_the_table_in_the_documentation_is_this_one() -> None:
    """Each process of the table is named by SECURITY.md's section on Kubernetes, if it listens."""
    text = (Path(__file__).parents[3] / "SECURITY.md").read_text()
    assert re.search(r"shared/deploy/kubernetes/connections\.toml", text)
