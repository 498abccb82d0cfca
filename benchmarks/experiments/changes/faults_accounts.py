"""Mistakes in accounts. Both sides have the same code, so the equal fault is the same edit."""

from functools import partial

from benchmarks.experiments.changes.editing import Edit
from benchmarks.experiments.changes.faulting import ACCOUNTS
from benchmarks.experiments.changes.planting import fault, null

_fault = partial(fault, ACCOUNTS)

_SERVICES, _TOKENS = "accounts/services.py", "accounts/tokens.py"
_PASSWORDS, _TABLE = "accounts/passwords.py", "accounts/table.py"
_COUNTS = "accounts/attempt_counts.py"

_CONDITION = """\
                                "Item": item,
                                "ConditionExpression": "attribute_not_exists(#key)",
                                "ExpressionAttributeNames": {"#key": _KEY},
"""
_SLOT = """\
    try:
        yield
    finally:
        _slots.release()
"""

FAULTS = (
    _fault(
        "wrong-import",
        "wrong-import",
        "The hashing of passwords is imported from where it isn't.",
        "A module renamed in one's head only; the same line of the monolith's app.",
        both=[
            Edit(
                _SERVICES,
                "from accounts.passwords import hashing_slot",
                "from accounts.hashing import hashing_slot",
            )
        ],
    ),
    _fault(
        "audience-unchecked",
        "check-weakened",
        "A token for anybody's audience is good here.",
        "A check dropped to make a test pass; the monolith verifies for all its apps at this line.",
        both=[
            Edit(
                _TOKENS,
                'aud={"essential": True, "value": settings.TOKEN_AUDIENCE}',
                'aud={"essential": True}',
            )
        ],
    ),
    _fault(
        "expiry-lenient",
        "check-weakened",
        "A token is good for an hour after its end.",
        "Minutes taken for seconds; the same constant of the monolith's app.",
        both=[Edit(_TOKENS, "_LEEWAY_SECONDS = 5\n", "_LEEWAY_SECONDS = 60 * 60\n")],
    ),
    _fault(
        "status-wrong",
        "wrong-status",
        "An email that is taken is answered with 400.",
        "A status chosen without a look at the contract; the same class of the monolith's app.",
        both=[
            Edit(
                "accounts/errors.py",
                'code = "email-taken"\n    status = 409',
                'code = "email-taken"\n    status = 400',
            )
        ],
    ),
    _fault(
        "field-renamed",
        "field-renamed",
        "A token tells its `expires_in_seconds`.",
        "A name made clearer that others read; the same view and schema of the monolith's app.",
        both=[
            Edit("accounts/apis.py", '"expires_in": token', '"expires_in_seconds": token'),
            Edit("accounts/schemas.py", "    expires_in = ", "    expires_in_seconds = "),
        ],
    ),
    _fault(
        "throttle-off-by-one",
        "off-by-one",
        "Signing in may fail once more than is set.",
        "The wrong comparison at a bound; the same lines of the monolith's app.",
        both=[
            Edit(_COUNTS, ">= tonumber(ARGV[i + 2])", "> tonumber(ARGV[i + 2])"),
            Edit(_COUNTS, "found[key][0] >= most", "found[key][0] > most"),
        ],
    ),
    _fault(
        "email-twice",
        "write-unguarded",
        "An account is written over another one of the same email.",
        "A condition dropped as superfluous, since the email was looked up; the same transaction.",
        both=[Edit(_TABLE, _CONDITION, '                                "Item": item,\n')],
    ),
    _fault(
        "slots-leaked",
        "resource-leaked",
        "Who hashes a password keeps the slot for ever.",
        "A `finally` lost in a tidying; the same context manager of the monolith's app.",
        both=[Edit(_PASSWORDS, _SLOT, "    yield\n")],
    ),
    _fault(
        "keys-exposed",
        "secret-exposed",
        "The public key set shows the private keys.",
        "A flag misread; the same call, which the monolith's own page of keys shows.",
        both=[Edit("accounts/keys.py", "as_dict(private=False)", "as_dict(private=True)")],
    ),
    _fault(
        "hash-slow",
        "slow",
        "Hashing a password takes twenty times as long.",
        "A cost raised without measuring; the same figure of the monolith's hasher.",
        both=[Edit(_PASSWORDS, "    time_cost = 2\n", "    time_cost = 40\n")],
    ),
    _fault(
        "dependency-conflict",
        "dependency-conflict",
        "A version of joserfc is asked for that the lock doesn't have.",
        "A dependency raised in one file of two; the monolith's own pyproject.toml asks as well.",
        both=[Edit("pyproject.toml", '"joserfc>=1.8"', '"joserfc>=99"')],
    ),
)
NULLS = (
    null(
        ACCOUNTS,
        _TOKENS,
        "EdDSA and the keys admit one curve only",
        "EdDSA, and the keys have one curve only",
    ),
)
