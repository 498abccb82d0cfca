"""`manage.py storage_ensure`: create the project's own buckets. Run at each release."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from submissions import storage
from submissions.errors import Unavailable


class Command(BaseCommand):
    """Creates buckets; existing ones stay unchanged."""

    help = "Creates the buckets unless they exist."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Create the missing buckets. Raises CommandError if S3 can't be used."""
        for bucket in (settings.IMAGE_BUCKET,):
            try:
                storage.bucket_create(bucket)
            except Unavailable as error:
                message = (
                    f"The bucket {bucket} can't be prepared with the region {settings.AWS_REGION} "
                    f"and the AWS credentials of this process: {error.__cause__}"
                )
                raise CommandError(message) from error
