"""Create the accounts table unless it exists. Run at each release."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.table import table_create


class Command(BaseCommand):
    """`manage.py accounts_prepare`."""

    help = "Create the accounts table unless it exists."
    requires_system_checks = ()  # they import all views

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Create the table. Raises Unavailable if DynamoDB can't be reached."""
        table_create()
