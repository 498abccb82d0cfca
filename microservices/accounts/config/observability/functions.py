"""The functions that are spans of a trace: calls of the table, and hashes of passwords.

They are replaced by functions that begin a span, so that without OBSERVE they cost nothing.
"""

from importlib import import_module

from config.observability.tracing import trace_function

# Where callers look a function up, its name there, and the span's name.
FUNCTIONS = (
    ("accounts.table", "account_put", "DynamoDB put account"),
    ("accounts.table", "account_find", "DynamoDB get account"),
    ("accounts.table", "credentials_find", "DynamoDB get credentials"),
    ("accounts.services", "password_hash", "hash password"),
    ("accounts.services", "password_verify", "verify password"),
)


def trace_functions() -> None:
    """Make spans of the functions."""
    for module, name, span in FUNCTIONS:
        trace_function(import_module(module), name, span)
