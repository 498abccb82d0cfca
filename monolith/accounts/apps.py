"""The accounts app, and its check for signing keys at start-up."""

from django.apps import AppConfig

from accounts.keys import signing_keys_ensure


class AccountsConfig(AppConfig):
    """The accounts app."""

    name = "accounts"

    def ready(self) -> None:
        """Refuse to start without signing keys; create them in development."""
        signing_keys_ensure()
