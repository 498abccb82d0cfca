"""Changes that break who signs in, or verifies tokens: what they read of accounts is no longer so.

In both architectures the same lines, since accounts are the same code in both.
"""

from functools import partial

from benchmarks.experiments.changes.editing import Edit
from benchmarks.experiments.changes.offers import PAGE, Kind, offer

_breaking = partial(offer, Kind.BREAKING, unit="accounts")

_OPENAPI, _APIS, _SCHEMAS = "openapi.yaml", "accounts/apis.py", "accounts/schemas.py"

_KEY_SET_SCHEMA = '''\
@extend_schema_serializer(component_name="KeySet")
class KeySetSchema(serializers.Serializer[Any]):
    """A JWK set (RFC 7517), public halves only."""

    keys = serializers.ListField(child=serializers.DictField(), min_length=1)
'''
_KEYS_SCHEMA = """\
# The keys of a JWK set (RFC 7517), public halves only.
KEYS_SCHEMA = {"type": "array", "items": {"type": "object"}, "minItems": 1}
"""
_KEY_SET_COMPONENT = """\
    KeySet:
      type: object
      description: A JWK set (RFC 7517), public halves only.
      properties:
        keys:
          type: array
          items:
            type: object
            additionalProperties: {}
          minItems: 1
      required:
      - keys
"""
_KEYS_ANSWER = """\
                type: array
                items:
                  type: object
                minItems: 1
"""

OFFERS = (
    _breaking(
        "access-token-renamed",
        "The token that signing in gives is simply called the token.",
        seen_by=PAGE,
        both=(
            Edit(_APIS, '"access_token": token.', '"token": token.'),
            Edit(_SCHEMAS, "access_token = serializers", "token = serializers"),
        ),
        service=(
            Edit(_OPENAPI, "        access_token:\n", "        token:\n"),
            Edit(
                _OPENAPI,
                "      - access_token\n      - expires_in\n",
                "      - expires_in\n      - token\n",
            ),
        ),
    ),
    _breaking(
        "credentials-code-renamed",
        "Signing in with a wrong password has another error code.",
        seen_by=PAGE,
        both=(
            Edit("accounts/errors.py", "401 invalid-credentials\n", "401 wrong-credentials\n"),
            Edit("accounts/errors.py", '"invalid-credentials"', '"wrong-credentials"'),
        ),
    ),
    _breaking(
        "key-set-as-list",
        "The public keys are answered as a list, without what frames them.",
        seen_by="submissions",
        both=(
            Edit(_APIS, "dict(public_key_set()),", 'public_key_set()["keys"],'),
            Edit(
                _APIS,
                "import AccountSchema, KeySetSchema, NewAccount,",
                "import KEYS_SCHEMA, AccountSchema, NewAccount,",
            ),
            Edit(_APIS, "{200: KeySetSchema, ", "{200: KEYS_SCHEMA, "),
            Edit(_SCHEMAS, _KEY_SET_SCHEMA, _KEYS_SCHEMA),
        ),
        service=(
            Edit(
                _OPENAPI,
                "                $ref: '#/components/schemas/KeySet'\n",
                _KEYS_ANSWER,
            ),
            Edit(_OPENAPI, _KEY_SET_COMPONENT, ""),
        ),
    ),
)
