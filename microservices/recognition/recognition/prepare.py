"""`python -m recognition.prepare`: create this service's own bucket. Run at each release."""

import sys

from recognition.bootstrap import settings, store
from recognition.errors import StorageUnavailable


def main() -> str | None:
    """Create the bucket. Return None, or a message if S3 can't be used."""
    try:
        store().result_bucket_create()
    except StorageUnavailable as error:
        return (
            f"The bucket {settings().result_bucket} can't be prepared with the region "
            f"{settings().aws_region} and the AWS credentials of this process: {error.__cause__}"
        )
    return None


if __name__ == "__main__":
    sys.exit(main())
