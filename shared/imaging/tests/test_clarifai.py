"""The second recognizer with a server of Clarifai's API, valid or faulty."""

import base64
import contextlib
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from conftest import FIXTURES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from network import Server, response
from test_centerface import normalized
from test_fetch import CHUNKED, HEAD, dripping, endless, taking_at_most

from imaging import Recognizer, RecognizerUnavailable, recognizer_from_environment
from imaging.clarifai_stub import ClarifaiStub

IMAGE = normalized("images/grey-progressive.jpg")
PATH = "/v2/models/face-detection/outputs"
NAME = "recognizer.test"


@pytest.fixture
def stub() -> Iterator[ClarifaiStub]:
    with ClarifaiStub(("127.0.0.1", 0), api_key="right", seed=1) as stub:
        thread = threading.Thread(target=stub.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield stub
        stub.shutdown()
        thread.join()


def clarifai(
    port: int, *, key: str = "right", timeout: str = "5", host: str = "127.0.0.1"
) -> Recognizer:
    return recognizer_from_environment(
        {
            "RECOGNIZER": "clarifai",
            "CLARIFAI_URL": f"http://{host}:{port}/",
            "CLARIFAI_API_KEY": key,
            "CLARIFAI_TIMEOUT_SECONDS": timeout,
        }
    )


def test_reads_the_stubs_face(stub: ClarifaiStub) -> None:
    recognizer = clarifai(stub.server_port)
    (found,) = recognizer.recognize(IMAGE)
    assert (found.label, found.score) == ("face", 0.99)
    assert (found.left, found.top, found.width, found.height) == (0.375, 0.25, 0.25, 0.5)
    assert recognizer.name == "clarifai"


def test_sends_what_clarifai_documents(server: Server) -> None:
    output = {"status": {"code": 10000}, "data": {}}
    body = json.dumps({"status": {"code": 10000}, "outputs": [output]}).encode()
    server.on(PATH, response(body))
    assert clarifai(server.port).recognize(IMAGE) == ()
    head, received = server.requests[0].split(b"\r\n\r\n", 1)
    assert head.startswith(f"POST {PATH} HTTP/1.1\r\n".encode())
    assert b"\r\nAuthorization: Key right\r\n" in head
    question = json.loads(received)
    assert question["user_app_id"] == {"user_id": "clarifai", "app_id": "main"}
    (one,) = question["inputs"]
    assert base64.b64decode(one["data"]["image"]["base64"]) == IMAGE.data


def test_a_wrong_key_is_refused(stub: ClarifaiStub) -> None:
    with pytest.raises(RecognizerUnavailable, match="401") as caught:
        clarifai(stub.server_port, key="wrong-key").recognize(IMAGE)
    assert "wrong-key" not in caught.value.detail
    assert caught.value.retryable


def test_every_fault_of_the_stub_is_unavailability(stub: ClarifaiStub) -> None:
    stub.fault_rate = 1
    recognizer = clarifai(stub.server_port)
    details = set()
    for _ in range(4):
        with pytest.raises(RecognizerUnavailable) as caught:
            recognizer.recognize(IMAGE)
        details.add(caught.value.detail)
    assert len(details) == 4


def test_the_share_of_faults_is_about_what_was_set(stub: ClarifaiStub) -> None:
    stub.fault_rate = 0.25
    assert 200 < sum(stub.draw_fault() is not None for _ in range(1000)) < 300


def test_latency_is_added_and_the_deadline_kept(stub: ClarifaiStub) -> None:
    stub.latency_ms = 300
    start = time.monotonic()
    clarifai(stub.server_port).recognize(IMAGE)
    assert time.monotonic() - start >= 0.3
    stub.latency_ms = 1500
    with taking_at_most(1.2), pytest.raises(RecognizerUnavailable):
        clarifai(stub.server_port, timeout="0.1").recognize(IMAGE)


@pytest.mark.parametrize(
    "response",
    [
        dripping(CHUNKED, b"1\r\nx\r\n"),
        dripping(b"HTTP/1.1 200 OK\r\nA: ", b"x"),
        endless(HEAD + b"\r\n", b"x" * 100_000),
        endless(CHUNKED, b"2710\r\n" + b"[" * 10_000 + b"\r\n"),
        response(b"[" * 500_000),
        response(b"", "Location: http://127.0.0.1:1/", status="302 Found"),
        response(b"{}", status="500 Internal Server Error"),
        b"",
    ],
)
def test_a_hostile_response_is_unavailability(server: Server, response: Any) -> None:
    server.on(PATH, response)
    with taking_at_most(3), pytest.raises(RecognizerUnavailable):
        clarifai(server.port, timeout="0.5").recognize(IMAGE)


def _region(box: Any, value: Any) -> dict[str, Any]:
    return {"region_info": {"bounding_box": box}, "value": value}


def regions(*found: Any) -> bytes:
    """Return Clarifai's response with these regions."""
    output = {"status": {"code": 10000}, "data": {"regions": found}}
    return json.dumps({"status": {"code": 10000}, "outputs": [output]}).encode()


BOX = {"top_row": 0.1, "left_col": 0.2, "bottom_row": 0.3, "right_col": 0.4}


def test_valid_responses_in_all_their_shapes(server: Server) -> None:
    concept = {"concepts": [{"name": "face", "value": 0.75}]}
    at_the_edge = {"bottom_row": 1.004, "right_col": 0.5, "left_col": -0.002}
    server.on(
        PATH,
        response(
            regions(
                {"region_info": {"bounding_box": BOX}, "data": concept},
                {"region_info": {"bounding_box": at_the_edge}, "value": 0.9},
            )
        ),
    )
    best, other = clarifai(server.port).recognize(IMAGE)
    assert (best.score, best.left, best.top, best.width, best.height) == (0.9, 0, 0, 0.5, 1)
    assert (other.score, other.left, other.top) == (0.75, 0.2, 0.1)


@pytest.mark.parametrize(
    "body",
    [
        regions(_region({**BOX, "top_row": 5}, 0.9)),
        regions(_region({**BOX, "top_row": float("nan")}, 0.9)),
        regions(_region({**BOX, "top_row": 0.31}, 0.9)),
        regions(_region({**BOX, "left_col": 0.41}, 0.9)),
        regions(_region(BOX, 99)),
        regions(_region(BOX, None)),
        regions(_region(BOX, 0.9)).replace(b"10000", b"10020", 1),
        regions(_region(BOX, 0.9))[::-1].replace(b"00001", b"02001", 1)[::-1],
        regions(_region(BOX, 0.9)) + b" " * 1_000_000,
        b'{"status": {"code": 10000}, "outputs": []}',
    ],
)
def test_an_invalid_response_is_unavailability(server: Server, body: bytes) -> None:
    server.on(PATH, response(body))
    with pytest.raises(RecognizerUnavailable):
        clarifai(server.port).recognize(IMAGE)


def resolved(monkeypatch: pytest.MonkeyPatch, resolver: Callable[[], list[Any]]) -> None:
    """Let the resolver of this process give these addresses for NAME."""
    real = socket.getaddrinfo

    def found(host: str, *more: Any, **options: Any) -> Any:
        return resolver() if host == NAME else real(host, *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", found)


def stream(address: str, port: int) -> Any:
    return (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port))


def test_the_deadline_is_kept_by_a_resolver_that_stalls(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    def stalls() -> list[Any]:
        released.wait(60)
        return []

    resolved(monkeypatch, stalls)
    begun = time.monotonic()
    with pytest.raises(RecognizerUnavailable):
        clarifai(9, timeout="0.2", host=NAME).recognize(IMAGE)
    released.set()
    assert time.monotonic() - begun < 30


def test_the_deadline_is_that_of_all_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections to a full backlog are neither taken nor refused."""
    with contextlib.ExitStack() as stack:
        full = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        port = full.getsockname()[1]
        for _ in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", port))
        resolved(monkeypatch, lambda: [stream("127.0.0.1", port)] * 20)
        begun = time.monotonic()
        with pytest.raises(RecognizerUnavailable):
            clarifai(port, timeout="1", host=NAME).recognize(IMAGE)
        assert time.monotonic() - begun < 15


def test_the_next_address_is_taken_where_one_refuses(
    stub: ClarifaiStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = stub.server_port
    resolved(monkeypatch, lambda: [stream("127.0.0.3", port), stream("127.0.0.1", port)])
    assert clarifai(port, host=NAME).recognize(IMAGE)


def test_a_refused_connection() -> None:
    closed = Server()
    closed.close()
    with pytest.raises(RecognizerUnavailable):
        clarifai(closed.port).recognize(IMAGE)


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


_SIDES = ["top_row", "left_col", "bottom_row", "right_col"]
_REGIONS = st.builds(_region, st.dictionaries(st.sampled_from(_SIDES), _JSON), _JSON)


@given(_JSON | st.lists(_REGIONS, max_size=2))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_regions_are_read_or_refused(server: Server, found: Any) -> None:
    output = {"status": {"code": 10000}, "data": {"regions": found}}
    whole = {"status": {"code": 10000}, "outputs": [output]}
    server.on(PATH, response(json.dumps(whole).encode()))
    try:
        faces = clarifai(server.port).recognize(IMAGE)
    except RecognizerUnavailable:
        return
    for one in faces:
        assert 0 <= one.score <= 1
        assert 0 <= one.left <= one.left + one.width <= 1.000001


@given(_JSON)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_json_is_read_or_refused(server: Server, value: Any) -> None:
    server.on(PATH, response(json.dumps(value).encode()))
    with pytest.raises(RecognizerUnavailable):
        clarifai(server.port).recognize(IMAGE)


@pytest.mark.parametrize("body", ["", "{}", "[1]", '{"inputs": 1}', '{"inputs": []}', "\xff"])
def test_the_stub_refuses_what_clarifai_refuses(stub: ClarifaiStub, body: str) -> None:
    response = requests.post(
        f"http://127.0.0.1:{stub.server_port}{PATH}",
        data=body.encode("latin-1"),
        headers={"Authorization": "Key right"},
        timeout=5,
    )
    assert response.status_code == 400
    assert response.json()["status"]["code"] in {11100, 30300}


def test_the_stub_is_a_command() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "imaging.clarifai_stub", "--port", "0", "--api-key", "k"],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline().rsplit(":", 1)[1])
            (found,) = clarifai(port, key="k").recognize(IMAGE)
            assert found.label == "face"
        finally:
            process.terminate()


def test_load_photograph_is_typical() -> None:
    assert 60_000 < (FIXTURES / "load.jpg").stat().st_size < 100_000
