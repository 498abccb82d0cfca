"""The paths of accounts and tokens under the API's prefix, and of the keys."""

from django.urls import path

from accounts.apis import AccountApi, AccountCreateApi, KeySetApi, TokenCreateApi

urlpatterns = [
    path("accounts", AccountCreateApi.as_view()),
    path("tokens", TokenCreateApi.as_view()),
    path("account", AccountApi.as_view()),
]

well_known_urlpatterns = [
    path("jwks.json", KeySetApi.as_view()),
]
