"""What is kept of a submission. The row is the truth; messages are only hints."""

from django.db import models
from django.db.models import Q

from submissions.identifiers import uuid7


class State(models.TextChoices):
    """Where a submission stands. The last two are final."""

    PENDING = "pending"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class ImageKind(models.TextChoices):
    """How the image was submitted."""

    URL = "url"
    UPLOAD = "upload"


OPEN_STATES = (State.PENDING, State.PROCESSING)


class Submission(models.Model):
    """One image that an account submitted, and what became of it.

    `attempt` is the fence: whoever changes the state names the attempt that it works for, and has
    no effect once the row has moved on to another.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account_id = models.UUIDField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    attempt = models.PositiveSmallIntegerField(default=1)
    # While pending: when the sweeper asks for the attempt again.
    dispatch_after = models.DateTimeField()
    # While processing: when the attempt's holder is given up.
    lease_expires_at = models.DateTimeField(null=True)
    image_kind = models.CharField(max_length=6, choices=ImageKind.choices)
    image_url = models.TextField(null=True)
    image_media_type = models.CharField(max_length=20, null=True)
    image_bytes = models.PositiveIntegerField(null=True)
    error_code = models.CharField(max_length=40, null=True)
    error_detail = models.TextField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    # What the recognition service has told: copies, since its rows and buckets are its own.
    detection_count = models.PositiveIntegerField(null=True)
    result_bucket = models.CharField(max_length=63, default="")
    result_key = models.TextField(default="")

    class Meta:
        """The ways in which rows are looked for, and what no row may be."""

        indexes = [
            models.Index(fields=["account_id", "id"], name="submission_page"),
            models.Index(
                fields=["account_id"], condition=Q(state__in=OPEN_STATES), name="submission_open"
            ),
            models.Index(
                fields=["dispatch_after"], condition=Q(state=State.PENDING), name="submission_due"
            ),
            models.Index(
                fields=["lease_expires_at"],
                condition=Q(state=State.PROCESSING),
                name="submission_lease",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES, completed_at=None)
                | Q(state=State.SUCCEEDED, completed_at__isnull=False, error_code=None)
                | Q(state=State.FAILED, completed_at__isnull=False, error_code__isnull=False),
                name="submission_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} ({self.state})"

    @property
    def is_final(self) -> bool:
        """Whether nothing will change any more."""
        return self.state not in OPEN_STATES


class ObjectRemoval(models.Model):
    """The objects of a submission that is gone or has failed, until they have been removed.

    Committed together with what makes them needless. `remove_after` is when the sweeper removes
    them if that hasn't happened yet.
    """

    submission_id = models.UUIDField(primary_key=True)
    remove_after = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"the objects of {self.submission_id}"


class IdempotencyKey(models.Model):
    """The first answer under an Idempotency-Key, kept for a day.

    Not tied to the submission's row: a request that is repeated after its submission was deleted
    must not bring it back.
    """

    id = models.BigAutoField(primary_key=True)
    account_id = models.UUIDField()
    key = models.CharField(max_length=255)
    fingerprint = models.BinaryField(max_length=32)
    answer = models.TextField()  # and not jsonb, which gives its fields another order
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        """One answer for each key."""

        constraints = [
            models.UniqueConstraint(fields=["account_id", "key"], name="idempotency_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.account_id}"


class OutboxMessage(models.Model):
    """A message that is to be published, committed together with what it tells of."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=100)
    body = models.JSONField()
    request_id = models.CharField(max_length=64, null=True)
    publish_after = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.name} {self.id}"
