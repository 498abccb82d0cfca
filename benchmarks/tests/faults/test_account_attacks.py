"""Attacks on accounts of a deployed target: parallel guesses, key rotation, ways past the edge."""

import json
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from benchmarks.reliability.records import Record
from benchmarks.targets import Target
from benchmarks.targets.local.deployment_secrets import write_signing_keys
from benchmarks.tests.faults.verification import WEB

GUESSES = 150
PASSWORD = "a long enough pass phrase"
READERS = 6
# Longer than submissions waits before it fetches the public keys again for an unknown key.
SPREAD_SECONDS = 12.0


def _credentials() -> dict[str, str]:
    return {"email": f"attacked-{uuid.uuid4().hex}@example.com", "password": PASSWORD}


@pytest.mark.row("brute-force")
def test_of_150_parallel_guesses_10_are_judged_and_the_owner_gets_in(
    target: Target, record: Record
) -> None:
    """The owner signs in from another network, here another loopback address."""
    owner = _credentials()
    limits = httpx.Limits(max_connections=GUESSES)
    base_url = f"{target.base_url}/api/v1"
    barrier = threading.Barrier(GUESSES)
    elsewhere = httpx.HTTPTransport(local_address="127.0.0.9")
    with (
        httpx.Client(base_url=base_url, timeout=60, trust_env=False, limits=limits) as attacker,
        httpx.Client(base_url=base_url, timeout=60, transport=elsewhere) as home,
        ThreadPoolExecutor(GUESSES) as pool,
    ):
        attacker.post("/accounts", json=owner).raise_for_status()
        wrong = owner | {"password": "a wrong pass phrase"}

        def guess(_: int) -> int:
            barrier.wait(timeout=60)
            return attacker.post("/tokens", json=wrong).status_code

        statuses = Counter(pool.map(guess, range(GUESSES)))
        assert statuses.keys() <= {401, 429, 503}, statuses
        assert statuses[401] >= 1, statuses
        record.at_most("passwords judged", statuses[401], 10, "")
        assert home.post("/tokens", json=owner).status_code == 200


def _rotate(path: Path, *, seconds: float) -> None:
    """Add a key, wait until its public half is known, and sign with it (accounts/keys.py)."""
    old = json.loads(path.read_text())["keys"]
    made = path.with_name("another.json")
    write_signing_keys(made)
    new = json.loads(made.read_text())["keys"]
    for keys in (old + new, new + old):
        made.write_text(json.dumps({"keys": keys}))
        made.replace(path)
        time.sleep(seconds)


@pytest.mark.row("key-rotation")
def test_keys_rotate_under_load_without_a_false_401(target: Target, record: Record) -> None:
    """Old tokens and new ones are read at both doors all the while."""
    owner = _credentials()
    done = threading.Event()
    statuses: Counter[int] = Counter()
    kids: set[str] = set()
    with httpx.Client(base_url=f"{target.base_url}/api/v1", timeout=30, trust_env=False) as client:
        client.post("/accounts", json=owner).raise_for_status()

        def sign_in() -> str:
            token = str(
                client.post("/tokens", json=owner).raise_for_status().json()["access_token"]
            )
            kids.add(token.partition(".")[0])  # the header, which names the key
            return token

        def read(first: str) -> None:
            while not done.is_set():
                for token in (first, sign_in()):
                    headers = {"Authorization": f"Bearer {token}"}
                    for path in ("/account", "/submissions"):
                        statuses[client.get(path, headers=headers).status_code] += 1
                done.wait(0.1)

        with ThreadPoolExecutor(READERS) as pool:
            reading = [pool.submit(read, sign_in()) for _ in range(READERS)]
            try:
                keys = target.run_dir / "data" / "signing-keys.json"
                _rotate(keys, seconds=SPREAD_SECONDS)
            finally:
                done.set()
            for reader in reading:
                reader.result()
    assert len(kids) == 2, "the new key never signed"
    assert statuses.keys() == {200}, statuses
    assert statuses[200] > 100


@pytest.mark.row("internal-calls")
def test_past_the_edge_a_token_is_needed_too(target: Target, record: Record) -> None:
    """Each web process, and the inner door of the services, by their own ports."""
    webs = [it for it in target.processes if it.name.rpartition("-")[0].endswith("-web")]
    assert WEB[target.arch] in {it.name.rpartition("-")[0] for it in webs}
    ports = [it.spec.environment["PORT"] for it in webs]
    paths = ["/api/v1/account", "/api/v1/submissions", "/internal/submission-count"]
    with httpx.Client(timeout=10, trust_env=False) as client:
        found = {
            (port, path, authorization): client.get(
                f"http://127.0.0.1:{port}{path}", headers={"Authorization": authorization}
            ).status_code
            for port in ports
            for path in paths
            for authorization in ("", "Bearer e30.e30.", "Basic YTpi")
        }
    assert set(found.values()) <= {401, 404}, found
    assert list(found.values()).count(401) >= 6


@pytest.mark.row("internal-calls")
def test_ports_are_open_to_this_machine_only(target: Target, record: Record) -> None:
    """No process of the target listens on an address that other machines reach."""
    listening = 0
    for table, local in (("tcp", "0100007F"), ("tcp6", "00000000000000000000000001000000")):
        inodes = _sockets_of(target)
        for line in (Path("/proc/net") / table).read_text().splitlines()[1:]:
            address, state, inode = (line.split()[number] for number in (1, 3, 9))
            if state == "0A" and inode in inodes:
                listening += 1
                host = address.partition(":")[0]
                assert host == local or (table == "tcp" and host.endswith("7F")), line
    assert listening >= len(target.processes) // 2


def _sockets_of(target: Target) -> set[str]:
    """Inodes of the sockets of every process that the target's supervisor started."""
    found = set()
    for process in target.processes:
        for descriptor in (Path("/proc") / str(process.pid) / "fd").glob("*"):
            try:
                name = str(descriptor.readlink())
            except OSError:
                continue
            if name.startswith("socket:["):
                found.add(name.removeprefix("socket:[").rstrip("]"))
    return found
