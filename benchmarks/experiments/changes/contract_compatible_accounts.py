"""Changes to what accounts answer, and do inside, of which nobody misses anything.

In both architectures the same lines. The service's `openapi.yaml` tells of them, and tests that
compare whole documents know them.
"""

from functools import partial

from benchmarks.experiments.changes.editing import Edit
from benchmarks.experiments.changes.offers import PAGE, Kind, added, offer

_compatible = partial(offer, Kind.COMPATIBLE, unit="accounts")

_OPENAPI = "openapi.yaml"
_APIS, _SCHEMAS, _URLS = "accounts/apis.py", "accounts/schemas.py", "accounts/urls.py"
_SERVICES = "accounts/services.py"

_TOLD_ACCOUNT = (
    '{"id", "email", "created_at", "submission_count"}',
    '{"id", "email", "created_at", "submission_count", "is_active"}',
)
_TOLD_TOKEN = (
    '{"access_token", "token_type", "expires_in"}',
    '{"access_token", "token_type", "expires_in", "scope"}',
)
_ISSUER_API = '''

class IssuerApi(APIView):
    """Who signs, for whoever has nothing but this address."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        operation_id="getIssuer",
        tags=["meta"],
        responses={200: IssuerSchema, **problems(406, 503)},
    )
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        """Tell who signs the tokens, and where the keys are."""
        shown = {"issuer": settings.TOKEN_ISSUER, "jwks_uri": "/.well-known/jwks.json"}
        return Response(IssuerSchema(shown).data)
'''
_KEY_SET_ANSWER = """\
            headers={"Cache-Control": f"public, max-age={_JWKS_MAX_AGE_SECONDS}"},
        )
"""
_KEYS_FIELD = "    keys = serializers.ListField(child=serializers.DictField(), min_length=1)\n"
_ISSUER_SCHEMA = '''

@extend_schema_serializer(component_name="Issuer")
class IssuerSchema(serializers.Serializer[Any]):
    """Who signs the tokens, and where the keys are that verify them."""

    issuer = serializers.CharField()
    jwks_uri = serializers.CharField()
'''
_ISSUER_PATH = """\
  /.well-known/oauth-authorization-server:
    get:
      operationId: getIssuer
      description: Tell who signs the tokens, and where the keys are.
      tags:
      - meta
      responses:
        '200':
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Issuer'
          description: ''
        '406':
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
          description: Not Acceptable
        '503':
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
          description: Service Unavailable
"""
_ISSUER_COMPONENT = """\
    Issuer:
      type: object
      description: Who signs the tokens, and where the keys are that verify them.
      properties:
        issuer:
          type: string
        jwks_uri:
          type: string
      required:
      - issuer
      - jwks_uri
"""
_JWKS_PATH = '    path("jwks.json", KeySetApi.as_view()),\n'
_JWKS_CALL = '        ("get", "/.well-known/jwks.json"): {"200"} | common,\n'
_ISSUER_CALL = '        ("get", "/.well-known/oauth-authorization-server"): {"200"} | common,\n'

OFFERS = (
    _compatible(
        "account-is-active",
        "An account also tells that it may be used.",
        seen_by=PAGE,
        both=(
            Edit(
                _APIS,
                '{"submission_count": submission_count}',
                '{"submission_count": submission_count, "is_active": True}',
            ),
            added(
                _SCHEMAS,
                ' help_text="null when it can\'t be had right now"\n    )\n',
                "    is_active = serializers.BooleanField()\n",
            ),
        ),
        service=(
            Edit("tests/test_accounts.py", *_TOLD_ACCOUNT),
            added(
                _OPENAPI,
                "          description: null when it can't be had right now\n",
                "        is_active:\n          type: boolean\n",
            ),
            Edit(
                _OPENAPI,
                "      - id\n      - submission_count\n",
                "      - id\n      - is_active\n      - submission_count\n",
            ),
        ),
        monolith=(Edit("tests/accounts/test_accounts.py", *_TOLD_ACCOUNT),),
    ),
    _compatible(
        "token-scope",
        "Signing in also tells what the token is good for.",
        seen_by=PAGE,
        both=(
            added(
                _APIS,
                '            "expires_in": token.expires_in_seconds,\n',
                '            "scope": "submissions",\n',
            ),
            added(
                _SCHEMAS,
                "    expires_in = serializers.IntegerField(min_value=1)\n",
                "    scope = serializers.CharField()\n",
            ),
        ),
        service=(
            Edit("tests/test_tokens.py", *_TOLD_TOKEN),
            Edit(
                _OPENAPI,
                "      required:\n      - access_token\n      - expires_in\n",
                "        scope:\n          type: string\n"
                "      required:\n      - access_token\n      - expires_in\n      - scope\n",
            ),
        ),
        monolith=(Edit("tests/accounts/test_tokens.py", *_TOLD_TOKEN),),
    ),
    _compatible(
        "sign-in-reworded",
        "A sign-in that fails is told in other words, under the same code.",
        seen_by=PAGE,
        both=(
            Edit(
                "accounts/errors.py",
                "The email or the password is wrong.",
                "The email or the password isn't right.",
            ),
        ),
    ),
    _compatible(
        "issuer-told",
        "A call more: who signs the tokens.",
        seen_by=PAGE,
        both=(
            Edit(
                _APIS,
                "from drf_spectacular.utils import extend_schema\n",
                "from django.conf import settings\n"
                "from drf_spectacular.utils import extend_schema\n",
            ),
            Edit(
                _APIS,
                "from accounts.schemas import"
                " AccountSchema, KeySetSchema, NewAccount, NewToken, TokenSchema\n",
                "from accounts.schemas import (\n    AccountSchema,\n    IssuerSchema,\n"
                "    KeySetSchema,\n    NewAccount,\n    NewToken,\n    TokenSchema,\n)\n",
            ),
            added(_APIS, _KEY_SET_ANSWER, _ISSUER_API),
            added(_SCHEMAS, _KEYS_FIELD, _ISSUER_SCHEMA),
            Edit(
                _URLS,
                "import AccountApi, AccountCreateApi, KeySetApi,",
                "import AccountApi, AccountCreateApi, IssuerApi, KeySetApi,",
            ),
            added(
                _URLS,
                _JWKS_PATH,
                '    path("oauth-authorization-server", IssuerApi.as_view()),\n',
            ),
        ),
        service=(
            Edit(_OPENAPI, "  /api/v1/account:\n", f"{_ISSUER_PATH}  /api/v1/account:\n"),
            Edit(_OPENAPI, "    KeySet:\n", f"{_ISSUER_COMPONENT}    KeySet:\n"),
            added("tests/test_schema.py", _JWKS_CALL, _ISSUER_CALL),
        ),
    ),
    _compatible(
        "key-set-max-age",
        "The public keys' document also tells how long it may be kept.",
        seen_by="submissions",
        both=(
            Edit(
                _APIS,
                "            dict(public_key_set()),\n",
                '            dict(public_key_set()) | {"max_age": _JWKS_MAX_AGE_SECONDS},\n',
            ),
            added(
                _SCHEMAS,
                _KEYS_FIELD,
                "    max_age = serializers.IntegerField(min_value=1)\n",
            ),
        ),
        service=(
            Edit(
                _OPENAPI,
                "          minItems: 1\n      required:\n      - keys\n",
                "          minItems: 1\n        max_age:\n          type: integer\n"
                "          minimum: 1\n      required:\n      - keys\n      - max_age\n",
            ),
        ),
    ),
    _compatible(
        "keys-kept-longer",
        "Whoever verifies tokens may keep the public keys for five minutes.",
        seen_by="submissions",
        both=(Edit(_APIS, "_MAX_AGE_SECONDS = 60\n", "_MAX_AGE_SECONDS = 300\n"),),
    ),
    _compatible(
        "sign-in-logged",
        "A line more in the log: who has signed in.",
        seen_by=PAGE,
        both=(
            Edit(
                _SERVICES,
                "from datetime import UTC, datetime\n",
                "import logging\nfrom datetime import UTC, datetime\n",
            ),
            added(
                _SERVICES,
                "from accounts.tokens import token_issue\n",
                "\nlogger = logging.getLogger(__name__)\n",
            ),
            Edit(
                _SERVICES,
                "    return token_issue(",
                '    logger.info("account %s has signed in", credentials.account_id)\n'
                "    return token_issue(",
            ),
        ),
    ),
)
