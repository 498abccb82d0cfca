"""`manage.py release`: prepare the stores before a new version runs."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection


class Command(BaseCommand):
    """Idempotent: existing tables and buckets stay unchanged."""

    help = "Migrates the database and creates the image bucket."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Prepare this service's own stores."""
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")  # a migration may take long
        call_command("migrate", interactive=False, verbosity=1)
        call_command("storage_ensure")
