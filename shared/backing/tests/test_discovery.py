"""Where processes listen, asked for by DNS."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dnslib import RCODE, DNSRecord

from backing import discovery
from backing.ports import free_port
from backing.processes import Supervisor

Ask = Callable[[str, str], DNSRecord]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "upstreams.json"


@pytest.fixture
def ask(supervisor: Supervisor, file: Path) -> Iterator[Ask]:
    port = free_port()
    discovery.write(file, {"web": [20017, 20018], "idle": []})
    process = supervisor.start(discovery.specification(file, port=port, unit="edge", role="edge"))
    supervisor.wait_ready(process)

    def asked(name: str, kind: str) -> DNSRecord:
        return DNSRecord.parse(DNSRecord.question(name, kind).send("127.0.0.1", port, timeout=5))

    yield asked
    assert process.alive


def ports(answer: DNSRecord) -> list[int]:
    return [record.rdata.port for record in answer.rr]


def test_a_name_has_a_record_for_each_port_and_nobody_may_keep_it(ask: Ask) -> None:
    answer = ask("web.target", "SRV")
    assert ports(answer) == [20017, 20018]
    assert {(record.ttl, str(record.rdata.target)) for record in answer.rr} == {(0, "here.target.")}
    (address,) = ask("here.target", "A").rr
    assert str(address.rdata) == "127.0.0.1"


def test_what_is_written_is_answered_from_then_on(ask: Ask, file: Path) -> None:
    discovery.write(file, {"web": [20019]})
    assert ports(ask("web.target", "SRV")) == [20019]


@pytest.mark.parametrize("name", ["nobody.target", "web.example.org", "web"])
def test_a_name_that_it_doesn_t_know_is_told_as_such(ask: Ask, name: str) -> None:
    assert ask(name, "SRV").header.rcode == RCODE.NXDOMAIN


def test_a_name_without_a_process_has_no_record(ask: Ask) -> None:
    answer = ask("idle.target", "SRV")
    assert (answer.header.rcode, ports(answer)) == (RCODE.NOERROR, [])


def test_other_kinds_of_record_are_not_there(ask: Ask) -> None:
    for name in ("web.target", "here.target"):
        assert not ask(name, "AAAA").rr


def test_what_is_no_question_does_not_end_it(ask: Ask, supervisor: Supervisor) -> None:
    port = int(supervisor.processes["discovery"].spec.command[-1])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(b"nonsense", ("127.0.0.1", port))
    assert ports(ask("web.target", "SRV")) == [20017, 20018]


def test_a_port_that_refuses_connections_is_left_out(ask: Ask, file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        discovery.write(file, {"web": [port, free_port()]})
        assert ports(ask("web.target", "SRV")) == [port]


def test_where_all_ports_refuse_none_is_left_out(ask: Ask, file: Path) -> None:
    both = [free_port(), free_port()]
    discovery.write(file, {"web": both})
    assert ports(ask("web.target", "SRV")) == both
