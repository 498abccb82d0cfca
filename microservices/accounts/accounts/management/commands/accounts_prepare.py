"""Creates the accounts table, unless it is there. Run at each release."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.table import table_create


class Command(BaseCommand):
    """`manage.py accounts_prepare`."""

    help = "Create the accounts table unless it is there."
    requires_system_checks = ()  # they load every view, of which this needs none

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Raise Unavailable if DynamoDB can't be had."""
        table_create()
