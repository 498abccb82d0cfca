"""The ports of processes, requested by DNS."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dnslib import RCODE, DNSRecord

from backing import discovery
from backing.ports import free_port
from backing.processes import Supervisor

Query = Callable[[str, str], DNSRecord]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "upstreams.json"


@pytest.fixture
def query(supervisor: Supervisor, file: Path) -> Iterator[Query]:
    port = free_port()
    discovery.write(file, {"web": [20017, 20018], "idle": []})
    process = supervisor.start(discovery.specification(file, port=port, unit="edge", role="edge"))
    supervisor.wait_ready(process)

    def send(name: str, kind: str) -> DNSRecord:
        return DNSRecord.parse(DNSRecord.question(name, kind).send("127.0.0.1", port, timeout=5))

    yield send
    assert process.alive


def ports(reply: DNSRecord) -> list[int]:
    return [record.rdata.port for record in reply.rr]


def test_a_name_has_a_record_for_each_port_that_is_not_cached(query: Query) -> None:
    reply = query("web.target", "SRV")
    assert ports(reply) == [20017, 20018]
    assert {(record.ttl, str(record.rdata.target)) for record in reply.rr} == {(0, "here.target.")}
    (address,) = query("here.target", "A").rr
    assert str(address.rdata) == "127.0.0.1"


def test_a_written_file_takes_effect_at_once(query: Query, file: Path) -> None:
    discovery.write(file, {"web": [20019]})
    assert ports(query("web.target", "SRV")) == [20019]


@pytest.mark.parametrize("name", ["unknown.target", "web.example.org", "web"])
def test_an_unknown_name_is_nxdomain(query: Query, name: str) -> None:
    assert query(name, "SRV").header.rcode == RCODE.NXDOMAIN


def test_a_name_without_a_process_has_no_record(query: Query) -> None:
    reply = query("idle.target", "SRV")
    assert (reply.header.rcode, ports(reply)) == (RCODE.NOERROR, [])


def test_other_kinds_of_record_are_not_there(query: Query) -> None:
    for name in ("web.target", "here.target"):
        assert not query(name, "AAAA").rr


def test_a_malformed_query_does_not_end_the_server(query: Query, supervisor: Supervisor) -> None:
    port = int(supervisor.processes["discovery"].spec.command[-1])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(b"nonsense", ("127.0.0.1", port))
    assert ports(query("web.target", "SRV")) == [20017, 20018]


def test_a_port_that_refuses_connections_is_left_out(query: Query, file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        discovery.write(file, {"web": [port, free_port()]})
        assert ports(query("web.target", "SRV")) == [port]


def test_where_all_ports_refuse_none_is_left_out(query: Query, file: Path) -> None:
    both = [free_port(), free_port()]
    discovery.write(file, {"web": both})
    assert ports(query("web.target", "SRV")) == both
