"""All settings. The only module that reads the environment.

boto3 and obstore read AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL_SQS,
AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY themselves, and the Procfile reads HOST, PORT and
WORKER_CONCURRENCY. `object_store` looks whether the first is on loopback.
OpenTelemetry's SDK reads OTEL_EXPORTER_OTLP_ENDPOINT and the standard's other variables itself.
"""

import os
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.logs import configure_logging
from imaging import Limits


def _text(name: str, default: str | None = None, *, development: str | None = None) -> str:
    """Return a variable; `development` is the default outside production."""
    value = os.environ.get(name) or default
    if value is None and ENVIRONMENT != "production":
        value = development
    if value is None:
        message = f"{name} must be set when ENVIRONMENT is {ENVIRONMENT}."
        raise ImproperlyConfigured(message)
    return value


def _number(name: str, default: int) -> int:
    text = _text(name, str(default))
    try:
        return int(text)
    except ValueError as error:
        message = f"{name} must be a whole number, not {text!r}."
        raise ImproperlyConfigured(message) from error


def _list(name: str, default: str = "") -> list[str]:
    return [entry.strip() for entry in _text(name, default).split(",") if entry.strip()]


# A host that disappears without a reset is detected after 10 s by unacknowledged data, and after
# 11 s by keepalive on an idle connection or before a response.
_CONNECTION: dict[str, Any] = {
    "connect_timeout": 2,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
# Limits that the server enforces, so that a frozen or lost client keeps no row locked. The command
# `release` has no statement timeout.
_SESSION = {
    "statement_timeout": "10s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "60s",
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
}


def _session(limits: dict[str, str]) -> str:
    return " ".join(f"-c {name}={value}" for name, value in limits.items())


def _database(url: str, *, pool_size: int) -> dict[str, Any]:
    """Return Django's settings for a postgresql:// address.

    With a pool, threads borrow a connection for a query or a transaction; without one, each
    process keeps its own.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        message = "DATABASE_URL must look like postgresql://user:password@host:5432/name."
        raise ImproperlyConfigured(message)
    options: dict[str, Any] = {**_CONNECTION, "options": _session(_SESSION)}
    if pool_size:
        options["pool"] = {
            "min_size": min(2, pool_size),
            "max_size": pool_size,
            "timeout": 2,
            # With a short timeout the pool tries again at the next request, so it recovers as soon
            # as the database does.
            "reconnect_timeout": 3,
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "CONN_MAX_AGE": 0 if pool_size else None,
        "OPTIONS": options,
    }


ENVIRONMENT = os.environ.get("ENVIRONMENT") or "production"
if ENVIRONMENT not in {"development", "test", "production"}:
    message = f"ENVIRONMENT must be development, test or production, not {ENVIRONMENT!r}."
    raise ImproperlyConfigured(message)

_DEVELOPMENT_SECRET = "only-for-development-on-this-machine"  # noqa: S105 - refused in production
SECRET_KEY = _text("SECRET_KEY", development=_DEVELOPMENT_SECRET)
if ENVIRONMENT == "production" and SECRET_KEY == _DEVELOPMENT_SECRET:
    message = "SECRET_KEY is the one for development; production needs its own."
    raise ImproperlyConfigured(message)

DEBUG = False
ALLOWED_HOSTS = ["*"]  # behind the edge; no response depends on the Host header
ROOT_URLCONF = "config.urls"
INSTALLED_APPS = [
    "rest_framework",
    "drf_spectacular",
    "config",
    "accounts",
    "recognition",
    "submissions",
]
MIDDLEWARE = ["config.requests.RequestMiddleware"]
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
APPEND_SLASH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
FILE_UPLOAD_HANDLERS = ["submissions.uploads.CappedUploadHandler"]
WEB_THREADS = _number("WEB_THREADS", 16)
WAITING_MAX = _number("WAITING_MAX", 4000)
WAITING_MAX_PER_ACCOUNT = _number("WAITING_MAX_PER_ACCOUNT", 1000)

# PostgreSQL
DATABASES = {
    "default": _database(
        _text("DATABASE_URL", development="postgresql://postgres@127.0.0.1:5432/monolith"),
        pool_size=_number("DATABASE_POOL_SIZE", 0),
    )
}

# S3 and DynamoDB
AWS_REGION = _text("AWS_REGION", "eu-central-1")
IMAGE_BUCKET = _text("IMAGE_BUCKET", "images")
RESULT_BUCKET = _text("RESULT_BUCKET", "results")
ACCOUNTS_TABLE = _text("ACCOUNTS_TABLE", "accounts")

# Broker and cache
BROKER_URL = _text("BROKER_URL", development="redis://127.0.0.1:6379/0")
CACHE_URL = _text("CACHE_URL", development="redis://127.0.0.1:6379/1")

# Tokens
TOKEN_SIGNING_KEYS_FILE = _text(
    "TOKEN_SIGNING_KEYS_FILE",
    development=str(Path(tempfile.gettempdir()) / "monolith-signing-keys.json"),
)
TOKEN_ISSUER = _text("TOKEN_ISSUER", "accounts")
TOKEN_AUDIENCE = _text("TOKEN_AUDIENCE", "api")
TOKEN_LIFETIME_SECONDS = _number("TOKEN_LIFETIME_SECONDS", 15 * 60)

# Throttling of sign-in and sign-up: attempts within a window, counted in the cache. An account's
# failures count per client network (10) and over all networks (50).
SIGN_IN_FAILURES_PER_ACCOUNT = _number("SIGN_IN_FAILURES_PER_ACCOUNT", 10)
SIGN_IN_FAILURES_PER_ACCOUNT_TOTAL = _number("SIGN_IN_FAILURES_PER_ACCOUNT_TOTAL", 50)
SIGN_IN_FAILURES_PER_ADDRESS = _number("SIGN_IN_FAILURES_PER_ADDRESS", 100)
SIGN_IN_WINDOW_SECONDS = _number("SIGN_IN_WINDOW_SECONDS", 300)
SIGN_UPS_PER_ADDRESS = _number("SIGN_UPS_PER_ADDRESS", 20)
SIGN_UP_WINDOW_SECONDS = _number("SIGN_UP_WINDOW_SECONDS", 3600)
TRUSTED_PROXIES = _list("TRUSTED_PROXIES", "127.0.0.0/8,::1/128")

# The function that counts an account's submissions
SUBMISSION_COUNTER = "submissions.selectors.submission_count"

# Submissions and attempts. A lease outlives the time limit: when it ends, the process that held it
# has been killed.
OPEN_SUBMISSIONS_MAX = _number("OPEN_SUBMISSIONS_MAX", 100)
TIME_LIMIT_SECONDS = _number("TIME_LIMIT_SECONDS", 30)
_DELIVERED_AGAIN_SECONDS = 60  # as in `celeryconfig`
if TIME_LIMIT_SECONDS + 5 >= _DELIVERED_AGAIN_SECONDS:
    message = "TIME_LIMIT_SECONDS must be less than 55: after 60 s a message is delivered again."
    raise ImproperlyConfigured(message)
LEASE = timedelta(seconds=_number("LEASE_SECONDS", 45))
if LEASE.total_seconds() <= TIME_LIMIT_SECONDS + 5:  # at which a stuck process is killed
    message = "LEASE_SECONDS must be more than 5 seconds longer than TIME_LIMIT_SECONDS."
    raise ImproperlyConfigured(message)
REDISPATCH_AFTER = timedelta(seconds=_number("REDISPATCH_AFTER_SECONDS", 30))
# An attempt may store objects until its lease ends.
LEFTOVER_GRACE = timedelta(seconds=_number("LEFTOVER_GRACE_SECONDS", 15 * 60))
if LEFTOVER_GRACE <= LEASE:
    message = "LEFTOVER_GRACE_SECONDS must be longer than LEASE_SECONDS."
    raise ImproperlyConfigured(message)
# How long after its creation a submission waits for an unavailable recognizer or store.
RECOGNIZER_PATIENCE = timedelta(seconds=_number("RECOGNIZER_PATIENCE_SECONDS", 900))

# What makes the attempts: a worker of Celery, or a function on AWS Lambda, which reads an SQS queue
RECOGNITION = _text("RECOGNITION", "celery")
if RECOGNITION not in {"celery", "lambda"}:
    message = f"RECOGNITION must be celery or lambda, not {RECOGNITION!r}."
    raise ImproperlyConfigured(message)
RECOGNITION_QUEUE_URL = _text("RECOGNITION_QUEUE_URL", "")
if RECOGNITION == "lambda" and not RECOGNITION_QUEUE_URL:
    message = "RECOGNITION_QUEUE_URL must be set when RECOGNITION is lambda."
    raise ImproperlyConfigured(message)

# The worker or sweeper touches this file while it makes progress; a health check reads its age.
WORKER_HEARTBEAT_FILE = _text("WORKER_HEARTBEAT_FILE", "")

# Images
IMAGE_LIMITS = Limits(
    max_bytes=_number("MAX_IMAGE_BYTES", 10_000_000),
    max_pixels=_number("MAX_IMAGE_PIXELS", 40_000_000),
    max_redirects=_number("MAX_REDIRECTS", 3),
    fetch_timeout_seconds=_number("FETCH_TIMEOUT_SECONDS", 10),
)
IMAGE_FETCH_ALLOW = frozenset(_list("IMAGE_FETCH_ALLOW"))
# Who sends a stored image: this process, or the store by a signed URL, through the edge.
IMAGES_FROM = _text("IMAGES_FROM", "application")
if IMAGES_FROM not in ("application", "store"):
    message = f"IMAGES_FROM must be application or store, not {IMAGES_FROM!r}."
    raise ImproperlyConfigured(message)
IMAGE_URL_SECONDS = _number("IMAGE_URL_SECONDS", 300)
if not 1 <= IMAGE_URL_SECONDS <= 7 * 24 * 3600:  # the most that S3 takes
    message = "IMAGE_URL_SECONDS must be 1 to 604800."
    raise ImproperlyConfigured(message)
RECOGNIZER_ENVIRONMENT = {
    name: os.environ.get(name, "")
    for name in (
        "RECOGNIZER",
        "CENTERFACE_LONGEST_SIDE",
        "CLARIFAI_URL",
        "CLARIFAI_API_KEY",
        "CLARIFAI_TIMEOUT_SECONDS",
        "CLARIFAI_BREAKER_FAILURES",
        "CLARIFAI_BREAKER_SECONDS",
        "CLARIFAI_RETRY_AFTER_MAX_SECONDS",
        "SYNTHETIC_CPU_MS",
        "SYNTHETIC_WAIT_MS",
    )
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": [
        "submissions.uploads.CappedJSONParser",
        "submissions.uploads.WholeMultiPartParser",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "config.negotiation.PlainNegotiation",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Faces in images",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "APPEND_COMPONENTS": {
        "schemas": {
            "Problem": {
                "type": "object",
                "description": "RFC 9457 problem details. `errors` comes with every 422.",
                "required": ["type", "title", "status", "detail", "code"],
                "properties": {
                    "type": {"type": "string", "pattern": "^/problems/[a-z0-9-]+$"},
                    "title": {"type": "string"},
                    "status": {"type": "integer", "minimum": 400, "maximum": 599},
                    "detail": {"type": "string"},
                    "code": {"type": "string", "pattern": "^[a-z0-9-]+$"},
                    "errors": {
                        "type": "object",
                        "additionalProperties": {"type": "array", "items": {"type": "string"}},
                    },
                },
            }
        }
    },
}

# Traces and metrics of this process. While off, nothing for them is imported or installed.
_OBSERVE = _text("OBSERVE", "0")
if _OBSERVE not in {"0", "1"}:
    message = f"OBSERVE must be 0 or 1, not {_OBSERVE!r}."
    raise ImproperlyConfigured(message)
OBSERVE = _OBSERVE == "1"
METRICS_HOST = _text("METRICS_HOST", "127.0.0.1")
METRICS_PORT = _number("METRICS_PORT", 0)  # 0: no metrics
OBSERVER = "config.observability.begin"  # called by processes that may not import `config`

LOGGING_CONFIG = None
configure_logging(_text("LOG_LEVEL", "INFO"))
