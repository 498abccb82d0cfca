"""The functions that are spans of a trace: calls of the stores, and the steps of recognition.

They are replaced by functions that begin a span, so that without OBSERVE they cost nothing.
"""

from importlib import import_module

from django.conf import settings

from config.observability.tracing import trace_function
from imaging import recognizer_from_environment

# Where callers look a function up, its name there, and the span's name.
FUNCTIONS = (
    ("accounts.table", "account_put", "DynamoDB put account"),
    ("accounts.table", "account_find", "DynamoDB get account"),
    ("accounts.table", "credentials_find", "DynamoDB get credentials"),
    ("accounts.services", "password_hash", "hash password"),
    ("accounts.services", "password_verify", "verify password"),
    ("submissions.storage", "upload_put", "S3 put upload"),
    ("submissions.storage", "upload_delete", "S3 delete upload"),
    ("submissions.notices", "final_publish", "publish notice"),
    ("submissions.apis", "result_get", "S3 get result"),
    ("submissions.apis", "image_get", "S3 get image"),
    ("recognition.services", "fetch_image", "fetch image"),
    ("recognition.services", "inspect_image", "inspect image"),
    ("recognition.services", "normalize_image", "normalize image"),
    ("recognition.storage", "source_get", "S3 get upload"),
    ("recognition.storage", "image_put_once", "S3 put image"),
    ("recognition.storage", "result_put_once", "S3 put result"),
)


def trace_functions() -> None:
    """Make spans of the functions, and of the recognizer's method."""
    for module, name, span in FUNCTIONS:
        trace_function(import_module(module), name, span)
    recognizer = recognizer_from_environment(settings.RECOGNIZER_ENVIRONMENT)
    trace_function(type(recognizer), "recognize", "recognize")
