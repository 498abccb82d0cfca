"""The backing services start empty, keep accepted data through kill -9, and leave nothing."""

import os
import signal
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import psutil
import psycopg
import pytest
import redis
from botocore.config import Config
from botocore.exceptions import ClientError

from backing import Backing, Supervisor
from backing.lifetime import marked
from backing.services import APART_NICE


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # Deep, as a checkout may be: a PostgreSQL socket would not fit into such a path.
    # The characters are those that a server's options or configuration file take for their own.
    return tmp_path_factory.mktemp("a" * 60) / ("it's 100% [x], #1 *(é);&" + "b" * 40)


@pytest.fixture(scope="module")
def backing(run_dir: Path) -> Iterator[Backing]:
    with Supervisor(run_dir) as supervisor, pytest.MonkeyPatch.context() as patched:
        for name in ("http_proxy", "all_proxy"):
            patched.setenv(name, "http://127.0.0.1:9")  # no process listens on this port
        for name in ("no_proxy", "NO_PROXY"):
            patched.delenv(name, raising=False)
        started = Backing.start(supervisor, databases=["flow"])
        yield started
        started.remove_leftovers()


def restart(backing: Backing, name: str) -> None:
    process = backing.supervisor.processes[name]
    backing.supervisor.kill(process, signal.SIGKILL)
    backing.supervisor.restart(process)


def store(backing: Backing) -> Any:
    settings = backing.s3_environment()
    return boto3.client(
        "s3",
        endpoint_url=settings["AWS_ENDPOINT_URL_S3"],
        region_name=settings["AWS_REGION"],
        aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
        config=Config(proxies={}),
    )


def test_postgres_is_18_and_keeps_a_commit_through_kill_9(backing: Backing) -> None:
    url = backing.database_url("flow")
    with psycopg.connect(url) as connection:
        assert connection.info.server_version // 10_000 == 18
        connection.execute("CREATE TABLE kept (id int)")
        connection.execute("INSERT INTO kept VALUES (7)")
    restart(backing, "postgres")
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT id FROM kept").fetchall() == [(7,)]


def test_postgres_refuses_a_wrong_password_and_is_not_root(backing: Backing) -> None:
    url = backing.database_url("flow").replace(backing.owner_passwords["flow"], "wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url)
    process = psutil.Process(backing.supervisor.processes["postgres"].pid)
    assert process.uids().effective != 0


def test_valkey_keeps_an_acknowledged_write_through_kill_9(backing: Backing) -> None:
    client = redis.Redis.from_url(backing.environment()["BROKER_URL"])
    client.rpush("queue", "message")
    restart(backing, "valkey")
    assert client.lrange("queue", 0, -1) == [b"message"]


def test_flush_broker_empties_broker_and_cache(backing: Backing) -> None:
    settings = backing.environment()
    broker = redis.Redis.from_url(settings["BROKER_URL"])
    cache = redis.Redis.from_url(settings["CACHE_URL"])
    broker.set("a", 1)
    cache.set("b", 1)
    backing.flush_broker()
    assert broker.dbsize() == cache.dbsize() == 0


def test_s3_lets_one_writer_win_under_if_none_match(backing: Backing) -> None:
    client = store(backing)
    client.create_bucket(Bucket="races")

    def write(number: int) -> bool:
        try:
            body = str(number).encode()
            client.put_object(Bucket="races", Key="once", Body=body, IfNoneMatch="*")
        except ClientError as error:
            if error.response["Error"]["Code"] == "PreconditionFailed":
                return False
            raise
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(write, range(8)))
    assert sum(won) == 1
    kept = client.get_object(Bucket="races", Key="once")["Body"].read()
    assert kept == str(won.index(True)).encode()


def test_s3_refuses_a_missing_bucket(backing: Backing) -> None:
    with pytest.raises(ClientError, match="NoSuchBucket"):
        store(backing).put_object(Bucket="never-made", Key="a", Body=b"")


def test_dynamodb_honours_a_condition(backing: Backing) -> None:
    settings = backing.dynamodb_environment()
    client = boto3.client(
        "dynamodb",
        endpoint_url=settings["AWS_ENDPOINT_URL_DYNAMODB"],
        region_name=settings["AWS_REGION"],
        aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
        config=Config(proxies={}),
    )
    client.create_table(
        TableName="accounts",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    new = {"TableName": "accounts", "Item": {"pk": {"S": "ann"}}}
    client.put_item(**new, ConditionExpression="attribute_not_exists(pk)")
    with pytest.raises(client.exceptions.ConditionalCheckFailedException):
        client.put_item(**new, ConditionExpression="attribute_not_exists(pk)")


def test_no_service_listens_beyond_this_machine(backing: Backing) -> None:
    for process in backing.supervisor.processes.values():
        addresses = {
            connection.laddr.ip
            for connection in psutil.Process(process.pid).net_connections("inet")
            if connection.status == psutil.CONN_LISTEN
        }
        assert addresses == {"127.0.0.1"}, process.name


def test_every_service_keeps_the_mark_of_its_run(
    backing: Backing,
) -> None:
    found = {process.pid for process in marked(backing.supervisor.mark)}
    for process in backing.supervisor.processes.values():
        assert process.pid in found, process.name


def test_no_secret_stands_in_the_process_list_or_an_open_file(
    backing: Backing, run_dir: Path
) -> None:
    for process in backing.supervisor.processes.values():
        line = " ".join(psutil.Process(process.pid).cmdline())
        assert backing.password not in line
        assert backing.secret_key not in line
    assert stat.S_IMODE(run_dir.stat().st_mode) == 0o700


def test_parts_run_on_their_cores_and_not_on_their_starter_s(tmp_path: Path) -> None:
    own = os.sched_getaffinity(0)
    ours, theirs = min(own), max(own)  # the same where there is one core only
    os.sched_setaffinity(0, {ours})
    try:
        with Supervisor(tmp_path / "run") as supervisor:
            Backing.start(supervisor, services=["valkey"], cores=frozenset({theirs}))
            cores = os.sched_getaffinity(supervisor.processes["valkey"].pid)
            assert cores == {theirs}
            assert os.sched_getaffinity(0) == {ours}
    finally:
        os.sched_setaffinity(0, own)


def test_a_service_runs_apart_from_the_others(tmp_path: Path) -> None:
    ours, theirs = (frozenset({core(os.sched_getaffinity(0))}) for core in (min, max))
    with Supervisor(tmp_path / "run") as supervisor:
        names = ["valkey", "dynamodb"]
        Backing.start(supervisor, services=names, cores=ours, apart={"dynamodb": theirs})
        pids = {name: supervisor.processes[name].pid for name in names}
        assert {name: os.sched_getaffinity(pid) for name, pid in pids.items()} == {
            "valkey": ours,
            "dynamodb": theirs,
        }
        priorities = [os.getpriority(os.PRIO_PROCESS, pids[name]) for name in names]
        own = os.getpriority(os.PRIO_PROCESS, 0)
        assert priorities == [own, min(own + APART_NICE, 19)]


def test_parts_are_chosen_by_name(tmp_path: Path) -> None:
    with Supervisor(tmp_path / "run") as supervisor:
        backing = Backing.start(supervisor, services=["valkey"])
        assert set(supervisor.processes) == {"valkey"}
        assert set(backing.environment()) == {"BROKER_URL", "CACHE_URL"}
        with pytest.raises(ValueError, match="Unknown services: oracle"):
            Backing.start(supervisor, services=["oracle"])
