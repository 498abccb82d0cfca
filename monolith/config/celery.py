"""The Celery application. Its settings are in `celeryconfig`."""

import os
from typing import Any

import structlog
from celery import Celery
from celery.signals import (
    before_task_publish,
    setup_logging,
    task_postrun,
    task_prerun,
    worker_init,
)
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("monolith")
app.config_from_object("config.celeryconfig")
# Otherwise Celery closes the database connection around every task, whatever CONN_MAX_AGE is;
# that tripled PostgreSQL's CPU per submission. A connection that broke is closed by the task.
app.conf["CELERY_DB_REUSE_MAX"] = 1_000_000
app.steps["consumer"].add("config.progress:ProgressStep")
app.autodiscover_tasks()


@setup_logging.connect
def _keep_logging(**_: object) -> None:
    """Keep Celery from changing the logging of the settings."""


@worker_init.connect
def _prepare(**_: object) -> None:
    """Make the recognizer before the fork, and end the worker if that isn't possible."""
    from recognition.services import recognizer_prepare  # noqa: PLC0415 - its models need the apps

    try:
        recognizer_prepare()
    except Exception as error:  # of any kind: Celery would log it and start the worker
        raise SystemExit(f"The recognizer can't be made: {error}") from error


@worker_init.connect
def _observe(**_: object) -> None:
    """Begin the traces before the worker forks, once the tasks are imported."""
    if settings.OBSERVE:
        from config.observability import begin  # noqa: PLC0415 - only while it is on

        begin("worker")


@before_task_publish.connect
def _send_request_id(headers: dict[str, Any], **_: object) -> None:
    if not headers.get("request_id"):
        headers["request_id"] = structlog.contextvars.get_contextvars().get("request_id")


@task_prerun.connect
def _bind_request_id(task: Any, **_: object) -> None:
    structlog.contextvars.bind_contextvars(request_id=getattr(task.request, "request_id", None))


@task_postrun.connect
def _forget_request_id(**_: object) -> None:
    structlog.contextvars.clear_contextvars()
