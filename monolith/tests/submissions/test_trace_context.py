"""The trace of a request goes on where its attempt is published, by whatever process."""

from uuid import uuid4

import pytest
from django.utils import timezone
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from submissions import dispatch, services, sweeper
from submissions.models import Submission
from submissions.services import NewImage, submission_create

pytestmark = pytest.mark.django_db
tracer = TracerProvider().get_tracer(__name__)


def trace_id() -> int:
    """Return the id of the trace that the caller is part of; 0 outside of one."""
    return trace.get_current_span().get_span_context().trace_id


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The trace in which each message is published."""
    found: list[int] = []

    def publish(*_: object, **__: object) -> bool:
        found.append(trace_id())
        return True

    monkeypatch.setattr(dispatch, "publish", publish)
    return found


def created_traced(capture: DjangoCaptureOnCommitCallbacks) -> tuple[Submission, int]:
    """Create a submission whose process dies before it publishes; return it and its trace."""
    with tracer.start_as_current_span("request"), capture(execute=False):
        response = submission_create(account_id=uuid4(), image=NewImage(url="http://x.org/"))
        submission = Submission.objects.get(id=response.document["id"])
        return submission, trace_id()


def test_the_sweeper_publishes_in_the_trace_of_the_request(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    settings: Settings,
    published: list[int],
) -> None:
    settings.OBSERVE = True
    _, requested_in = created_traced(django_capture_on_commit_callbacks)
    Submission.objects.update(dispatch_after=timezone.now())
    assert sweeper.attempts_dispatch() == 1
    assert published == [requested_in]
    assert trace_id() == 0


def test_another_attempt_continues_the_trace(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    settings: Settings,
    published: list[int],
) -> None:
    settings.OBSERVE = True
    submission, requested_in = created_traced(django_capture_on_commit_callbacks)
    services.submission_claim(submission_id=submission.id, attempt=1)
    assert services.submission_fail(  # by the sweeper, since the worker was killed
        submission_id=submission.id, attempt=1, code="timed-out", detail="", retryable=True
    )
    Submission.objects.update(dispatch_after=timezone.now())
    sweeper.attempts_dispatch()
    assert published[-1] == requested_in


def test_without_observe_no_trace_is_kept(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, published: list[int]
) -> None:
    submission, _ = created_traced(django_capture_on_commit_callbacks)
    submission.refresh_from_db()
    assert submission.traceparent is None
    Submission.objects.update(dispatch_after=timezone.now())
    assert sweeper.attempts_dispatch() == 1
    assert published == [0]
