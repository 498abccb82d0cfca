"""`manage.py storage_ensure`: create the project's own buckets. Run at each release."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from submissions import storage


class Command(BaseCommand):
    """Creates buckets; existing ones stay unchanged."""

    help = "Creates the buckets unless they exist."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Create the missing buckets."""
        for bucket in (settings.IMAGE_BUCKET,):
            storage.bucket_create(bucket)
