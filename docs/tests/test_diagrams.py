"""The diagrams show what the code does: processes, stores, and who sends and receives messages."""

import re
from itertools import chain
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from generation import diagrams
from generation.paths import CONTRACTS, ROOT
from message_flow import UNITS, Message, Unit, contract_messages

SIDES = {"monolith": ("monolith",), "microservices": ("accounts", "submissions", "recognition")}
_QUEUE_SIDES = {"monolith": "monolith", "microservices": "services"}
_STORES = {
    "DATABASE_URL": "postgresql",
    "ACCOUNTS_TABLE": "dynamodb",
    "IMAGE_BUCKET": "s3",
    "RESULT_BUCKET": "s3",
}
# Addresses of what is no unit
_OUTSIDE = {"DATABASE_URL", "BROKER_URL", "CACHE_URL", "CLARIFAI_URL", "RECOGNITION_QUEUE_URL"}


@pytest.fixture(scope="module")
def units() -> dict[str, Unit]:
    return {name: Unit(name, folder) for name, folder in UNITS.items()}


def _source(name: str) -> Path:
    return diagrams.FOLDER / f"{name}.dot"


def _messages(name: str) -> tuple[set[Message], set[Message]]:
    """What a diagram shows as published and as received."""
    graph = diagrams.graph_of(_source(name))
    published, received = set(), set()
    for edge in graph.edges():
        for message in (edge.attr["message"] or "").split():
            sender, receiver = (graph.get_node(it).attr for it in edge)
            if receiver["queue"]:
                published.add((sender["process"], receiver["queue"], message))
            else:
                received.add((receiver["process"], sender["queue"], message))
    return published, received


def _code(side: str, units: dict[str, Unit]) -> tuple[set[Message], set[Message]]:
    known = contract_messages() | {message for _, _, message in units["monolith"].received()}

    def named(messages: set[Message]) -> set[Message]:
        return {(it, f"{_QUEUE_SIDES[side]}:{queue}", name) for it, queue, name in messages}

    return (
        named(set(chain(*(units[it].published(known) for it in SIDES[side])))),
        named(set(chain(*(units[it].received() for it in SIDES[side])))),
    )


@pytest.mark.parametrize("side", SIDES)
def test_messages_are_those_of_the_code(side: str, units: dict[str, Unit]) -> None:
    published, received = _code(side, units)
    shown_published, shown_received = _messages(side)
    assert shown_published == published
    assert shown_received == received


def test_the_code_s_messages_are_those_of_the_contract(units: dict[str, Unit]) -> None:
    published, received = _code("microservices", units)
    assert {name for _, _, name in published} == contract_messages()
    assert {name for _, _, name in received} == contract_messages()


def test_the_overview_shows_each_message_and_no_wrong_one(units: dict[str, Unit]) -> None:
    codes = [_code(side, units) for side in SIDES]
    shown_published, shown_received = _messages("architectures")
    assert shown_published <= codes[0][0] | codes[1][0]
    assert shown_received == codes[0][1] | codes[1][1]
    assert {name for _, _, name in shown_published} == {name for _, _, name in shown_received}


@pytest.mark.parametrize("side", SIDES)
def test_processes_are_those_of_the_procfiles(side: str, units: dict[str, Unit]) -> None:
    graph = diagrams.graph_of(_source(side))
    shown = {it.attr["process"] for it in graph.nodes() if it.attr["process"]}
    edge = {"monolith": "monolith/edge", "microservices": "edge/edge"}[side]
    expected = {
        f"{name}/{process}"
        for name in SIDES[side]
        for process in units[name].processes
        if process != "release"
    }
    assert shown == expected | {edge}


@pytest.mark.parametrize("side", SIDES)
def test_stores_are_those_of_the_settings(side: str) -> None:
    graph = diagrams.graph_of(_source(side))
    shown = {
        (sender["process"].split("/")[0], receiver["store"])
        for sender, receiver in ([graph.get_node(it).attr for it in edge] for edge in graph.edges())
        if receiver["store"]
    }
    expected = {
        (name, store)
        for name in SIDES[side]
        for setting, store in _STORES.items()
        if f"| `{setting}` |" in (UNITS[name] / "README.md").read_text()
    }
    assert shown == expected


def test_calls_between_services_are_settings_of_the_caller() -> None:
    graph = diagrams.graph_of(_source("microservices"))
    calls = {
        (graph.get_node(edge[0]).attr["process"].split("/")[0], edge.attr["http"])
        for edge in graph.edges()
        if edge.attr["http"]
    }
    expected = {
        (name, setting)
        for name in SIDES["microservices"]
        for setting in re.findall(
            r"^\| `(\w+_URL)` \|", (UNITS[name] / "README.md").read_text(), re.MULTILINE
        )
        if setting not in _OUTSIDE
    }
    assert calls == expected


def _drawn_edges(image: str) -> set[str]:
    titles = [
        it.text for it in ElementTree.fromstring(image).iter("{http://www.w3.org/2000/svg}title")
    ]
    return {re.sub(r":\w+", "", it) for it in titles if it and "->" in it}  # without ports


@pytest.mark.parametrize("source", diagrams.SOURCES, ids=lambda path: path.stem)
def test_an_image_is_drawn_from_its_text(source: Path) -> None:
    assert diagrams.is_current(source), "run: make docs"
    edges = {f"{edge[0]}->{edge[1]}" for edge in diagrams.graph_of(source).edges()}
    assert edges
    assert _drawn_edges(diagrams.image_of(source).read_text(encoding="utf-8")) == edges
    assert _drawn_edges(diagrams.render(source)) == edges


@pytest.mark.parametrize("source", diagrams.SOURCES, ids=lambda path: path.stem)
def test_a_changed_text_is_found(source: Path, tmp_path: Path) -> None:
    changed = tmp_path / source.name
    changed.write_text(source.read_text() + "\n// changed\n")
    assert diagrams.fingerprint(changed) != diagrams.fingerprint(source)


def test_every_diagram_has_a_text() -> None:
    sources = {path.stem for path in diagrams.SOURCES}
    images = {path.stem for path in (ROOT / "docs" / "images").glob("*.svg")}
    of_pages = {path.stem for path in (ROOT / "docs").glob("*.md")} | {"findings-decide"}
    assert images - of_pages == sources


def test_the_states_are_those_of_the_contract() -> None:
    graph = diagrams.graph_of(_source("states"))
    document = yaml.safe_load((CONTRACTS / "openapi.yaml").read_text())
    states = set(document["components"]["schemas"]["Submission"]["properties"]["state"]["enum"])
    assert set(graph.nodes()) == states | {"start"}
    assert {it for it in states if graph.out_degree(it) == 0} == {"succeeded", "failed"}
