"""The tables of submissions. The row is authoritative; messages are only hints."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from submissions.identifiers import uuid7


class State(models.TextChoices):
    """The state of a submission. The last two are final."""

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
    """One image that an account submitted, and its outcome.

    `attempt` is a fencing token: each change of state names the attempt that it belongs to, and has
    no effect once the row is at another attempt.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account_id = models.UUIDField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    attempt = models.PositiveSmallIntegerField(default=1)
    # How many of the attempts so far were postponed, and so don't count against the limit.
    postponements = models.PositiveSmallIntegerField(default=0, db_default=0)
    # While pending: when the sweeper requests the attempt (again).
    dispatch_after = models.DateTimeField()
    dispatched_at = models.DateTimeField(null=True)  # when its task was last published
    # While processing: when the attempt counts as lost.
    lease_expires_at = models.DateTimeField(null=True)
    image_kind = models.CharField(max_length=6, choices=ImageKind.choices)
    image_url = models.TextField(null=True)
    image_media_type = models.CharField(max_length=20, null=True)
    image_bytes = models.PositiveIntegerField(null=True)
    error_code = models.CharField(max_length=40, null=True)
    error_detail = models.TextField(null=True)
    # Of the trace in which the attempt is requested; null without OBSERVE.
    traceparent = models.CharField(max_length=55, null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    recognition = models.OneToOneField(
        "recognition.Recognition", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        """Indexes for the queries, and constraints on the state."""

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
    def detection_count(self) -> int | None:
        """Return how many faces were found; None until then."""
        return self.recognition.detection_count if self.recognition else None

    @property
    def is_final(self) -> bool:
        """Return whether the state is final."""
        return self.state not in OPEN_STATES


class AccountCount(models.Model):
    """How many submissions an account has up to an id, so that a read counts the newer ones only.

    A trigger on the table of submissions subtracts each that is deleted.
    """

    account_id = models.UUIDField(primary_key=True)
    count = models.BigIntegerField(default=0)
    counted_up_to = models.UUIDField(default=UUID(int=0))

    def __str__(self) -> str:
        return f"{self.count} of {self.account_id}"


class ObjectRemoval(models.Model):
    """The objects of a deleted or failed submission, until they have been removed.

    Committed in the transaction that deletes or fails the submission. At `remove_after` the sweeper
    removes the objects, if that hasn't happened yet.
    """

    submission_id = models.UUIDField(primary_key=True)
    remove_after = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"the objects of {self.submission_id}"


class HistoryPosition(models.Model):
    """Where the sweeper's slow pass over all stored objects has arrived."""

    listing = models.CharField(max_length=7, primary_key=True)
    last = models.TextField()

    def __str__(self) -> str:
        return f"{self.listing} after {self.last}"


class IdempotencyKey(models.Model):
    """The first response under an Idempotency-Key, kept for a day.

    No foreign key to the submission: a request that is repeated after its submission was deleted
    must not create it again.
    """

    id = models.BigAutoField(primary_key=True)
    account_id = models.UUIDField()
    key = models.CharField(max_length=255)
    fingerprint = models.BinaryField(max_length=32)
    answer = models.TextField()  # not jsonb, which changes the order of fields
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        """One response for each key."""

        constraints = [
            models.UniqueConstraint(fields=["account_id", "key"], name="idempotency_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.account_id}"
