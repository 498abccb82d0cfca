"""`manage.py storage_ensure`: creates the buckets that are ours. Run at each release."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from submissions import storage


class Command(BaseCommand):
    """Leaves what is there as it is."""

    help = "Creates the buckets unless they are there."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Create what is missing."""
        for bucket in (settings.IMAGE_BUCKET,):
            storage.bucket_create(bucket)
