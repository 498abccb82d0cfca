"""The Celery application: consumes one queue, publishes to another service's queue."""

import socket
from importlib import import_module

from celery import Celery
from celery.signals import setup_logging, worker_init

from recognition.bootstrap import settings
from recognition.logs import configure_logging

QUEUE = "recognition"
OUTCOME_QUEUE = "submissions"

# A host that disappears without a reset is detected within 20 seconds, whether the worker sends or
# waits. Options that the platform lacks are left out.
_KEEPALIVE = {
    getattr(socket, name): value
    for name, value in {
        "TCP_KEEPIDLE": 10,  # seconds
        "TCP_KEEPINTVL": 5,  # seconds
        "TCP_KEEPCNT": 2,
        "TCP_USER_TIMEOUT": 20_000,  # milliseconds
    }.items()
    if hasattr(socket, name)
}

app = Celery("recognition", include=["recognition.tasks"])
app.conf.update(
    broker_url=settings().broker_url,
    task_default_queue=QUEUE,
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    # A message is acknowledged after its outcome is published. If a child dies, the message is
    # redelivered with a mark, and the attempt counts as crashed (see tasks).
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    # The soft limit interrupts Python; the hard one kills a child that is stuck beneath it.
    task_soft_time_limit=settings().time_limit_seconds,
    task_time_limit=settings().time_limit_seconds + 5,
    # The worker reconnects by itself after any failure of the broker, such as a disk that is full,
    # for which Valkey refuses commands.
    broker_channel_error_retry=True,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_connection_timeout=1,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    broker_transport_options={
        # Longer than any task, so that no message is redelivered while its task runs.
        "visibility_timeout": 60,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "priority_steps": [0],  # no message has a priority: one list for each queue, not four
        "socket_connect_timeout": 1,
        "socket_timeout": 1,
        "socket_keepalive": True,
        "socket_keepalive_options": _KEEPALIVE,
        "health_check_interval": 10,
    },
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    # A busy worker reads only the remote control channel. Without it, the loss of the broker during
    # a task goes unnoticed, the acknowledgement fails, and the worker waits for ever.
    worker_enable_remote_control=True,
)
app.steps["consumer"].add("recognition.progress:ProgressStep")


@setup_logging.connect
def _setup_logging(**_: object) -> None:
    configure_logging(settings().log_level)


@worker_init.connect
def _observe(**_: object) -> None:
    """Begin the traces before the worker forks, once the tasks are imported."""
    if settings().observe:
        import_module("recognition.observability").begin("worker")
