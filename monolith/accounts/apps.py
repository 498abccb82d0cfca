"""The accounts app, and the creation of its signing keys in development."""

from django.apps import AppConfig

from accounts.keys import signing_keys_create


class AccountsConfig(AppConfig):
    """The accounts app."""

    name = "accounts"

    def ready(self) -> None:
        """Create signing keys in development. Only the web process checks that there are any."""
        signing_keys_create()
