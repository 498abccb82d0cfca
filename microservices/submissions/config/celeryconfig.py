"""Celery's settings: how messages are published and consumed. Celery imports it lazily."""

import socket

from django.conf import settings

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

broker_url = settings.BROKER_URL
task_default_queue = "submissions"
accept_content = ["json"]
task_serializer = "json"
task_ignore_result = True
# A message is acknowledged after its outcome is in the database. If a consumer dies before that,
# the message is redelivered.
task_acks_late = True
worker_prefetch_multiplier = 1
# A request never waits for an unavailable broker: the sweeper publishes later.
task_publish_retry = False
# The worker reconnects by itself after any failure of the broker, such as a disk that is full,
# for which Valkey refuses commands.
broker_channel_error_retry = True
broker_connection_retry_on_startup = True
broker_connection_max_retries = None
broker_connection_timeout = 1
worker_cancel_long_running_tasks_on_connection_loss = False
broker_transport_options = {
    # Longer than any task, so that no message is redelivered while its task runs.
    "visibility_timeout": 60,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "priority_steps": [0],  # no message has a priority: one list for each queue, not four
    "max_retries": 0,
    "socket_connect_timeout": 1,
    "socket_timeout": 1,
    "socket_keepalive": True,
    "socket_keepalive_options": _KEEPALIVE,
    "health_check_interval": 10,
}
worker_hijack_root_logger = False
worker_send_task_events = False
# A busy worker reads only the remote control channel. Without it, the loss of the broker during a
# task goes unnoticed, the acknowledgement fails, and the worker waits for ever.
worker_enable_remote_control = True
