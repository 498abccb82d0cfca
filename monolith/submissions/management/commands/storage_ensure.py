"""`manage.py storage_ensure`: creates the buckets. Run at each release."""

from typing import Any

from django.core.management.base import BaseCommand

from submissions import storage


class Command(BaseCommand):
    """Does nothing if they are there."""

    help = "Creates the buckets unless they are there."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Creates the image bucket and the result bucket."""
        storage.buckets_create()
