"""Where accounts and tokens are: under the API's prefix, and the keys where the world looks."""

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
