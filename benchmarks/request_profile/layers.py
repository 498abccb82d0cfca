"""The layer of a stack: which part of the software the CPU time of a sample belongs to.

A stack belongs to the frame nearest to its leaf that is known; the standard library is no layer,
and what it computes belongs to its caller.
"""

import re
from collections.abc import Iterable

SERVER = "HTTP server and event loop"
GATEWAY = "gateway"
DJANGO = "Django and DRF"
DATABASE = "ORM and psycopg"
STORE = "object store"
DYNAMODB = "DynamoDB"
BROKER = "Celery, kombu and redis"
RECOGNIZER = "recognizer"
PASSWORDS = "passwords"
LOGGING = "logging"
APPLICATION = "application"
REST = "rest"
LAYERS = (
    *(SERVER, GATEWAY, DJANGO, DATABASE, STORE, DYNAMODB, BROKER, RECOGNIZER, PASSWORDS, LOGGING),
    *(APPLICATION, REST),
)

_PACKAGES = {
    **dict.fromkeys(("granian", "uvloop", "winloop", "gunicorn", "uvicorn"), SERVER),
    **dict.fromkeys(("django", "rest_framework", "drf_spectacular"), DJANGO),
    **dict.fromkeys(("psycopg", "psycopg_binary", "psycopg_c", "psycopg_pool"), DATABASE),
    **dict.fromkeys(("obstore", "boto3", "botocore", "s3transfer"), STORE),
    **dict.fromkeys(("celery", "kombu", "amqp", "billiard", "vine", "redis", "hiredis"), BROKER),
    **dict.fromkeys(("imaging", "onnxruntime", "cv2", "PIL"), RECOGNIZER),
    **dict.fromkeys(("argon2", "bcrypt", "scrypt"), PASSWORDS),
}
_FRAME = re.compile(r"^(?P<name>.*) \((?P<file>/[^()]*?\.py)(?::\d+)?\)$")
_INSTALLED = re.compile(r"/site-packages/(?P<inner>.+)$")
_LOGGING = re.compile(r"/lib/python[\d.]+/logging/")
_OWN = re.compile(r"/(?:monolith|microservices/[a-z]+)/(?P<package>[a-z_]+)/(?P<inner>[\w/]+)\.py$")
_EVENT_LOOP = re.compile(r"/lib/python[\d.]+/asyncio/")
_ACCOUNTS = "accounts"
# Where a thread waits, by the end of the function's name and of the file: no CPU time is spent
# there. py-spy takes a thread that waits for another process on the same core for a busy one.
_WAITS = (
    ("wait", "/threading.py"),
    ("acquire", "/threading.py"),
    ("_wait_for_tstate_lock", "/threading.py"),
    ("get", "/queue.py"),
    ("select", "/selectors.py"),
    ("poll", "/multiprocessing/popen_fork.py"),
    ("_worker", "/concurrent/futures/thread.py"),
    ("poll", "/kombu/utils/eventio.py"),
    ("_recv", "/billiard/connection.py"),
    ("_read_from_socket", "/redis/_parsers/socket.py"),
    ("wait", "/psycopg/connection.py"),
)


def layer_of(stack: str) -> str | None:
    """Return the layer of a stack, whose frames `name (/path/file.py:line)` have ; between.

    None for a thread that waits.
    """
    frames = [frame for it in stack.split(";") if (frame := _FRAME.search(it)) is not None]
    if frames and _waits(frames[-1]["name"], frames[-1]["file"]):
        return None
    files = [frame["file"] for frame in frames]
    for file in reversed(files):
        found = _layer_of_file(file)
        if found == STORE and _is_of_accounts(files):
            return DYNAMODB
        if found is not None:
            return found
    return SERVER if any(map(_EVENT_LOOP.search, files)) else REST


def _waits(name: str, file: str) -> bool:
    function = name.rpartition(".")[2]
    return any(function == own and file.endswith(end) for own, end in _WAITS)


def _layer_of_file(file: str) -> str | None:
    if _LOGGING.search(file):
        return LOGGING
    installed = _INSTALLED.search(file)
    if installed is not None:
        inner = installed["inner"]
        if inner.startswith("django/db/"):
            return DATABASE
        if inner.startswith("django/contrib/auth/hashers"):
            return PASSWORDS
        return _PACKAGES.get(inner.partition("/")[0].removesuffix(".py"))
    own = _OWN.search(file)
    return None if own is None else _layer_of_own(own["package"], own["inner"])


def _layer_of_own(package: str, module: str) -> str:
    """Return the layer of a module of a unit; `config` is what stands in front of Django."""
    if module == "logs":
        return LOGGING
    if module in {"object_store", "stored_objects"}:
        return STORE
    if module == "passwords":
        return PASSWORDS
    return GATEWAY if package == "config" else APPLICATION


def _is_of_accounts(files: Iterable[str]) -> bool:
    owners = (_OWN.search(file) for file in files)
    return any(own is not None and own["package"] == _ACCOUNTS for own in owners)
