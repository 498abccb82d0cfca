"""Accounts and tokens over HTTP."""

from dataclasses import asdict
from typing import cast

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import selectors, services
from accounts.addresses import client_address
from accounts.errors import Unauthenticated
from accounts.keys import public_key_set
from accounts.models import Account, AccountIdentity
from accounts.parsers import SmallJSONParser
from accounts.problems import problems
from accounts.schemas import AccountSchema, KeySetSchema, NewAccount, NewToken, TokenSchema

_JWKS_MAX_AGE_SECONDS = 60


def _account(account: Account, *, submission_count: int | None) -> dict[str, object]:
    shown = asdict(account) | {"submission_count": submission_count}
    return dict(AccountSchema(shown).data)


class AccountCreateApi(APIView):
    """Sign-up."""

    http_method_names = ["post"]
    authentication_classes = ()
    permission_classes = ()
    parser_classes = (SmallJSONParser,)

    @extend_schema(
        operation_id="createAccount",
        tags=["accounts"],
        request=NewAccount,
        responses={201: AccountSchema, **problems(400, 406, 409, 415, 422, 429, 503)},
    )
    def post(self, request: Request) -> Response:
        """Create an account."""
        body = NewAccount(data=request.data)
        body.is_valid(raise_exception=True)
        account = services.account_create(
            **body.validated_data, client_address=client_address(request)
        )
        return Response(
            _account(account, submission_count=0),
            status=201,
            headers={"Location": "/api/v1/account"},
        )


class TokenCreateApi(APIView):
    """Sign-in."""

    http_method_names = ["post"]
    authentication_classes = ()
    permission_classes = ()
    parser_classes = (SmallJSONParser,)

    @extend_schema(
        operation_id="createToken",
        tags=["accounts"],
        request=NewToken,
        responses={200: TokenSchema, **problems(400, 401, 406, 415, 422, 429, 503)},
    )
    def post(self, request: Request) -> Response:
        """Exchange an email and a password for an access token."""
        body = NewToken(data=request.data)
        body.is_valid(raise_exception=True)
        token = services.token_create(**body.validated_data, client_address=client_address(request))
        shown = {
            "access_token": token.access_token,
            "token_type": "Bearer",
            "expires_in": token.expires_in_seconds,
        }
        return Response(TokenSchema(shown).data, headers={"Cache-Control": "no-store"})


class AccountApi(APIView):
    """The caller's own account."""

    http_method_names = ["get", "head"]
    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="getAccount",
        tags=["accounts"],
        responses={200: AccountSchema, **problems(401, 406, 503)},
    )
    def get(self, request: Request) -> Response:
        """Return the caller's account, and how many submissions it has."""
        identity = cast("AccountIdentity", request.user)
        account = selectors.account_get(account_id=identity.id)
        if account is None:
            raise Unauthenticated
        count = selectors.submission_count(
            account_id=account.id, authorization=request.headers["Authorization"]
        )
        return Response(_account(account, submission_count=count))


class KeySetApi(APIView):
    """The public keys, with which tokens are verified."""

    http_method_names = ["get", "head"]
    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        operation_id="getKeySet",
        tags=["meta"],
        responses={200: KeySetSchema, **problems(406, 503)},
    )
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        """Return the public keys."""
        return Response(
            dict(public_key_set()),
            headers={"Cache-Control": f"public, max-age={_JWKS_MAX_AGE_SECONDS}"},
        )
