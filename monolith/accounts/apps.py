"""What must be in place before a request is answered."""

from django.apps import AppConfig

from accounts.keys import signing_keys_ensure


class AccountsConfig(AppConfig):
    """The app of accounts."""

    name = "accounts"

    def ready(self) -> None:
        """Refuse to start without signing keys; makes them in development."""
        signing_keys_ensure()
