"""The ASGI entry point of the web process: the gateway in front of Django's WSGI handler."""

import gc
import os
import resource

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

_wsgi = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 - imports the views before the first request

from accounts.keys import signing_keys_ensure  # noqa: E402 - needs a configured Django
from config.gateway import Gateway  # noqa: E402

_FILES_MAX = 16_384  # open sockets: more than the clients that may wait at once


def _files_raise() -> None:
    """Raise the soft limit of open files: each waiting client holds a socket."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES_MAX if hard == resource.RLIM_INFINITY else min(_FILES_MAX, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


_files_raise()
signing_keys_ensure()
application = Gateway(_wsgi)
if settings.OBSERVE:
    from config.observability import begin
    from config.observability.requests import observe_requests

    begin("web")
    application = observe_requests(application)
# What is loaded stays as long as the process: without this, a collection visits all of it now and
# then, for a tenth of a second in which no request is served.
gc.collect()
gc.freeze()
