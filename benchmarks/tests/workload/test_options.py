"""The options of the Locust files: refused in a sentence, and read when a test starts."""

import json
import socket
import time
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

import pytest

from benchmarks.tests.fake_target import FakeApplication, Server
from benchmarks.tests.workload.locust_process import (
    IMAGE,
    REPOSITORY,
    finished,
    locust,
    own_ports,
    started,
    statistics,
)
from benchmarks.workload import checks

LOCUSTFILE = str(REPOSITORY / "benchmarks" / "locustfile.py")
CAPACITY = str(REPOSITORY / "benchmarks" / "workload" / "capacity.py")
NO_TARGET = "http://127.0.0.1:9"
LIMIT_SECONDS = 40.0
DIRECT = build_opener(ProxyHandler({}))


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("https://example.org/flow//", "https://example.org/flow"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
    ],
)
def test_a_base_url_is_normalized(text: str, used: str) -> None:
    assert checks.base_url(text) == used


@pytest.mark.parametrize(
    "text",
    ["127.0.0.1:8080", "localhost", "ftp://x", "http://", "http://x:y", "http://a b", "http://x?a"],
)
def test_what_is_no_base_url_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no http or https URL|ends with its path"):
        checks.base_url(text)


def test_an_image_is_known_by_its_first_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.webp").write_bytes(b"RIFF\0\0\0\0WEBPVP8 ")
    assert checks.image_file("a.webp") == str(tmp_path / "a.webp")
    Path("page.jpg").write_text("<html>")
    for name, expected in (
        ("page.jpg", "is no JPEG"),
        ("b.jpg", "No such file"),
        (".", "directory"),
    ):
        with pytest.raises(ValueError, match=expected):
            checks.image_file(name)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--image", "nope.jpg"], "nope.jpg can't be read (No such file or directory)."),
        (["--image", __file__], "test_options.py is no JPEG, PNG, GIF or WebP image."),
        (["--image-url", "ftp://x/y"], "--image-url: 'ftp://x/y' is no http or https URL"),
        (["--ready-timeout-seconds", "0"], "--ready-timeout-seconds: must be a number above 0"),
        (["--ready-timeout-seconds", "nan"], "--ready-timeout-seconds: must be a number above 0"),
        (["--users", "0"], "--users: must be 1 or more, not 0."),
        (["--host", "127.0.0.1:9"], "--host: '127.0.0.1:9' is no http or https URL"),
        (["--host", ""], "--host is missing"),
        (["-f", CAPACITY, "--levels", "4,2"], "--levels: levels must be rising numbers of users"),
        (["-f", CAPACITY, "--step-seconds", "0"], "--step-seconds: must be a number above 0"),
    ],
)
def test_a_wrong_option_is_refused_before_any_request(
    tmp_path: Path, options: list[str], expected: str
) -> None:
    file = [] if "-f" in options else ["-f", LOCUSTFILE]
    host = [] if "--host" in options else ["--host", NO_TARGET]
    done = locust(*file, *host, "--headless", "-t", "20s", *options, cwd=tmp_path)
    assert done.returncode == 1
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert "Shutting down" not in done.stderr, "it never began"


@pytest.mark.slow
def test_a_slash_ends_the_host_and_a_relative_image_is_the_caller_s(tmp_path: Path) -> None:
    (tmp_path / "mine.jpg").write_bytes(IMAGE.read_bytes())
    with Server(FakeApplication(work_ms=5)) as server:
        done = locust(
            "-f",
            LOCUSTFILE,
            "--headless",
            "--host",
            f"{server.base_url}/",
            "-u",
            "5",
            "-r",
            "100",
            "-t",
            "6s",
            "--tags",
            "submit",
            "--image",
            "mine.jpg",
            "--stop-timeout",
            "20",
            "--json-file",
            "locust",
            cwd=tmp_path,
        )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert statistics(tmp_path)["FLOW submit to ready"]["num_requests"] > 0


@pytest.mark.slow
def test_a_host_that_is_down_is_a_counted_failure(tmp_path: Path) -> None:
    done = locust(
        "-f",
        LOCUSTFILE,
        "--headless",
        "--host",
        NO_TARGET,
        "-u",
        "3",
        "-r",
        "100",
        "-t",
        "2s",
        "--json-file",
        "locust",
        cwd=tmp_path,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert statistics(tmp_path)["POST /accounts"]["num_failures"] == 3


@pytest.mark.slow
def test_a_worker_gets_the_master_s_options(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "mine.jpg").write_bytes(IMAGE.read_bytes())
    ports = own_ports()
    with Server(FakeApplication(work_ms=5)) as server:
        master = [
            "-f",
            LOCUSTFILE,
            "--master",
            "--expect-workers",
            "1",
            "--headless",
            *ports[:2],
            "--host",
            f"{server.base_url}/",
            "-u",
            "4",
            "-r",
            "100",
            "-t",
            "6s",
            "--tags",
            "submit",
            "--image",
            "mine.jpg",
            "--image-url",
            f"{NO_TARGET}/a.jpg",
            "--stop-timeout",
            "20",
            "--json-file",
            "locust",
        ]
        worker = ["-f", LOCUSTFILE, "--worker", *ports[2:]]
        with (
            started(*master, cwd=tmp_path) as first,
            started(*worker, cwd=tmp_path / "there") as second,
        ):
            ended = [finished(first), finished(second)]
    output = "".join(done.stderr for done in ended)
    assert [done.returncode for done in ended] == [0, 0], output
    assert "Traceback" not in output
    rows = statistics(tmp_path)
    assert rows["POST /submissions (upload)"]["num_requests"] > 0
    assert rows["POST /submissions (address)"]["num_requests"] > 0


class Page:
    """Locust's web page, by its calls."""

    def __init__(self, port: int) -> None:
        self._base = f"http://127.0.0.1:{port}"

    def post(self, path: str, **form: str) -> dict[str, object]:
        found = json.loads(self._open(path, urlencode(form).encode()))
        assert isinstance(found, dict)
        return found

    def users(self) -> tuple[str, int]:
        found = json.loads(self._open("/stats/requests", None))
        return str(found["state"]), int(found["user_count"])

    def wait(self, wanted: tuple[str, int]) -> None:
        ends = time.monotonic() + LIMIT_SECONDS
        while (found := self._users_or_none()) != wanted:
            assert time.monotonic() < ends, f"{found}, not {wanted}"
            time.sleep(0.1)

    def _users_or_none(self) -> tuple[str, int] | None:
        try:
            return self.users()
        except (URLError, ConnectionError):
            return None

    def _open(self, path: str, data: bytes | None) -> bytes:
        with DIRECT.open(self._base + path, data, timeout=10) as response:
            body: bytes = response.read()
            return body


@pytest.mark.slow
def test_levels_of_the_web_page_are_those_that_run(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    page = Page(port)
    with Server(FakeApplication(work_ms=20)) as server:
        options = ["-f", CAPACITY, "--web-host", "127.0.0.1", "--web-port", str(port)]
        with started(*options, "--stop-timeout", "5", cwd=tmp_path):
            page.wait(("ready", 0))
            form = {"host": f"{server.base_url}/", "levels": "3", "step_seconds": "4"}
            for name, wrong in (("levels", "3,1"), ("step_seconds", "0"), ("image", "/nope.jpg")):
                refused = page.post("/swarm", **{**form, name: wrong})
                assert refused["success"] is False
                assert f"--{name.replace('_', '-')}: " in str(refused["message"])
            assert page.users() == ("ready", 0)
            empty = {"image": "", "image_url": ""}  # as the form of a browser sends them
            assert page.post("/swarm", **form, **empty)["success"] is True
            page.wait(("running", 3))
            page.wait(("stopped", 0))
    assert len(server.application.results) > 0
