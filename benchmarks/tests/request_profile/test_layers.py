"""A stack belongs to the known frame nearest to its leaf; a thread that waits to none."""

import pytest

from benchmarks.request_profile.layers import (
    APPLICATION,
    BROKER,
    DATABASE,
    DJANGO,
    DYNAMODB,
    GATEWAY,
    LOGGING,
    PASSWORDS,
    RECOGNIZER,
    REST,
    SERVER,
    STORE,
    layer_of,
)

SITE = "/x/.venvs/monolith/lib/python3.11/site-packages"
STDLIB = "/usr/lib/python3.11"
OWN = "/x/monolith"


def stack(*files: str) -> str:
    return ";".join(["<module> (granian)", *(f"call ({file})" for file in files)])


GRANIAN = f"{SITE}/granian/server.py:1"
VIEW = f"{SITE}/rest_framework/views.py:2"
BRIDGE = f"{OWN}/config/bridge.py:3"
API = f"{OWN}/submissions/apis.py:4"


@pytest.mark.parametrize(
    ("files", "layer"),
    [
        ([GRANIAN], SERVER),
        ([GRANIAN, f"{STDLIB}/asyncio/runners.py:5"], SERVER),
        ([GRANIAN, BRIDGE], GATEWAY),
        ([GRANIAN, BRIDGE, VIEW], DJANGO),
        ([GRANIAN, BRIDGE, VIEW, API], APPLICATION),
        ([BRIDGE, VIEW, API, f"{STDLIB}/json/encoder.py:6"], APPLICATION),
        ([BRIDGE, VIEW, API, f"{SITE}/django/db/models/query.py:7"], DATABASE),
        ([BRIDGE, f"{SITE}/django/db/models/query.py", f"{SITE}/psycopg/cursor.py"], DATABASE),
        ([API, f"{OWN}/recognition/object_store.py", f"{STDLIB}/threading.py"], STORE),
        ([API, f"{SITE}/botocore/client.py:8", f"{SITE}/urllib3/connection.py:9"], STORE),
        ([f"{OWN}/accounts/table.py", f"{SITE}/botocore/client.py"], DYNAMODB),
        ([f"{SITE}/celery/app/trace.py", f"{SITE}/kombu/transport/redis.py"], BROKER),
        ([f"{SITE}/celery/app/trace.py", f"{SITE}/imaging/recognizers/centerface.py"], RECOGNIZER),
        ([API, f"{STDLIB}/logging/__init__.py"], LOGGING),
        (["/usr/local/lib/python3.11/logging/__init__.py"], LOGGING),
        ([f"{OWN}/config/logs.py"], LOGGING),
        ([f"{OWN}/accounts/passwords.py", f"{STDLIB}/hashlib.py"], PASSWORDS),
        (["/x/microservices/submissions/config/threads.py"], GATEWAY),
        (["/x/microservices/submissions/submissions/apis.py"], APPLICATION),
        ([f"{STDLIB}/threading.py"], REST),
        ([], REST),
    ],
)
def test_a_stack_belongs_to_the_known_frame_nearest_to_its_leaf(
    files: list[str], layer: str
) -> None:
    assert layer_of(stack(*files)) == layer


@pytest.mark.parametrize(
    ("function", "file"),
    [
        ("Condition.wait", f"{STDLIB}/threading.py"),
        ("_worker", f"{STDLIB}/concurrent/futures/thread.py"),
        ("EpollSelector.select", f"{STDLIB}/selectors.py"),
        ("Connection.wait", f"{SITE}/psycopg/connection.py"),
    ],
)
def test_a_thread_that_waits_has_no_layer(function: str, file: str) -> None:
    assert layer_of(f"{stack(GRANIAN, API)};{function} ({file}:9)") is None


def test_the_same_functions_elsewhere_are_work() -> None:
    assert layer_of(f"{stack(API)};Client.wait ({OWN}/submissions/apis.py:9)") == APPLICATION
    assert layer_of(f"{stack(API)};submit ({STDLIB}/concurrent/futures/thread.py:9)") == APPLICATION


def test_an_event_loop_without_a_known_caller_is_the_servers() -> None:
    assert layer_of(stack(f"{STDLIB}/asyncio/selector_events.py:7")) == SERVER
