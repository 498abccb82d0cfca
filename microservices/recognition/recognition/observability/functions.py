"""The functions that are spans of a trace: calls of the stores, and the steps of recognition.

They are replaced by functions that begin a span, so that without OBSERVE they cost nothing.
"""

from importlib import import_module

from recognition.bootstrap import dependencies
from recognition.observability.tracing import trace_function

# Where callers look a function up, its name there, and the span's name.
FUNCTIONS = (
    ("recognition.services", "fetch_image", "fetch image"),
    ("recognition.services", "inspect_image", "inspect image"),
    ("recognition.services", "normalize_image", "normalize image"),
)
METHODS = (
    ("source_get", "S3 get upload"),
    ("image_put_once", "S3 put image"),
    ("result_put_once", "S3 put result"),
)


def trace_functions() -> None:
    """Make spans of the functions, of the store's methods, and of the recognizer's."""
    for module, name, span in FUNCTIONS:
        trace_function(import_module(module), name, span)
    used = dependencies()
    for name, span in METHODS:
        trace_function(type(used.store), name, span)
    trace_function(type(used.recognizer), "recognize", "recognize")
