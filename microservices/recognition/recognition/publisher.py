"""Publish outcomes to the service that requested attempts."""

from recognition.celery import OUTCOME_QUEUE, app
from recognition.messages import Outgoing

_ALWAYS = {"max_retries": None, "interval_start": 0.2, "interval_step": 0.4, "interval_max": 2.0}
_BRIEFLY = {"max_retries": 2, "interval_start": 0.2, "interval_step": 0.2, "interval_max": 0.5}


def publish(message: Outgoing, *, request_id: str, patient: bool) -> None:
    """Publish to the outcome queue.

    A patient call retries until the broker is available or the caller is interrupted; any other
    call stops after about a second. Raises kombu's OperationalError.
    """
    app.send_task(
        message.name,
        args=[message.body],
        queue=OUTCOME_QUEUE,
        headers={"request_id": request_id},
        retry=True,
        retry_policy=_ALWAYS if patient else _BRIEFLY,
    )
