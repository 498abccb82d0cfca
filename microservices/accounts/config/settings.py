"""All settings. The only module that reads the environment.

boto3 reads AWS_ENDPOINT_URL_DYNAMODB, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY by itself, and
the Procfile reads HOST and PORT.
OpenTelemetry's SDK reads OTEL_EXPORTER_OTLP_ENDPOINT and the standard's other variables itself.
"""

import os
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config.logs import configure_logging


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
INSTALLED_APPS = ["rest_framework", "drf_spectacular", "accounts"]
MIDDLEWARE = ["config.requests.RequestMiddleware"]
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
APPEND_SLASH = False
WEB_THREADS = _number("WEB_THREADS", 16)

DATABASES: dict[str, dict[str, object]] = {}

# DynamoDB
AWS_REGION = _text("AWS_REGION", "eu-central-1")
ACCOUNTS_TABLE = _text("ACCOUNTS_TABLE", "accounts")

# Cache
CACHE_URL = _text("CACHE_URL", development="redis://127.0.0.1:6379/1")

# Tokens
TOKEN_SIGNING_KEYS_FILE = _text(
    "TOKEN_SIGNING_KEYS_FILE",
    development=str(Path(tempfile.gettempdir()) / "accounts-signing-keys.json"),
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
SUBMISSION_COUNTER = "accounts.clients.submission_count"
SUBMISSIONS_URL = _text("SUBMISSIONS_URL", development="http://127.0.0.1:8002").rstrip("/")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "config.negotiation.PlainNegotiation",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Accounts",
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

LOGGING_CONFIG = None
configure_logging(_text("LOG_LEVEL", "INFO"))
