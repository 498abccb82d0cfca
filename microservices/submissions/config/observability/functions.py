"""The functions that are spans of a trace: calls of the stores.

They are replaced by functions that begin a span, so that without OBSERVE they cost nothing.
"""

from importlib import import_module

from config.observability.tracing import trace_function

# Where callers look a function up, its name there, and the span's name.
FUNCTIONS = (
    ("submissions.storage", "upload_put", "S3 put upload"),
    ("submissions.storage", "upload_delete", "S3 delete upload"),
    ("submissions.notices", "final_publish", "publish notice"),
    ("submissions.apis", "result_get", "S3 get result"),
    ("submissions.apis", "image_get", "S3 get image"),
)


def trace_functions() -> None:
    """Make spans of the functions."""
    for module, name, span in FUNCTIONS:
        trace_function(import_module(module), name, span)
