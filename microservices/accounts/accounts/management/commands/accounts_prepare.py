"""Create the accounts table unless it exists. Run at each release."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.errors import Unavailable
from accounts.table import table_create


class Command(BaseCommand):
    """`manage.py accounts_prepare`."""

    help = "Create the accounts table unless it exists."
    requires_system_checks = ()  # they import all views

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Create the table. Raises CommandError if DynamoDB can't be used."""
        try:
            table_create()
        except Unavailable as error:
            message = (
                f"The table {settings.ACCOUNTS_TABLE} can't be prepared with the region "
                f"{settings.AWS_REGION} and the AWS credentials of this process: {error.__cause__}"
            )
            raise CommandError(message) from error
