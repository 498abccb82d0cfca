"""`manage.py storage_ensure`: creates the image bucket. Run at each release."""

from typing import Any

from django.core.management.base import BaseCommand

from submissions import storage


class Command(BaseCommand):
    """Does nothing if it is there."""

    help = "Creates the image bucket unless it is there."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Creates the bucket."""
        storage.buckets_create()
