"""Planted into the monolith: what it hands to a worker is done at once, inside the request.

Python imports this at its start where PYTHONPATH names the folder. It is how a flow is built
before there is a queue, and the product has no such setting; so it is planted, for one arm alone.
"""

from contextlib import suppress
from typing import Any

with suppress(ImportError):  # a process without Celery hands nothing over
    from celery.app.base import Celery  # type: ignore[import-not-found,unused-ignore]

    def _do_it_here(self: Any, name: str, args: Any = None, **_: Any) -> Any:
        if name not in self.tasks:
            self.loader.import_default_modules()
        return self.tasks[name].apply(args=args)

    Celery.send_task = _do_it_here
