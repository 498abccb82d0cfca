"""Planted into the web processes: they send the page's files, and images where a header names them.

Python imports this at its start where PYTHONPATH names the folder. WhiteNoise, which Django's users
take for static files, is no dependency of the units, so it is loaded from the folder of the package
that `EDGE_WHITENOISE` names; `EDGE_RELEASE` is the folder with the files of a release. Requests
with the header `X-Images-From` get the image from where it names, whatever IMAGES_FROM is; one
value is used at a time, by one trial.
"""

import importlib
import importlib.util
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

HASHED = r"^/assets/[\w-]+\.[0-9a-f]{10}\.\w+$"


def _load_whitenoise(folder: Path) -> None:
    """Make the package importable without the rest of the folder that it is installed in."""
    spec = importlib.util.spec_from_file_location(
        "whitenoise", folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None and spec.loader is not None  # noqa: S101, PT018 - a file that exists
    module = importlib.util.module_from_spec(spec)
    sys.modules["whitenoise"] = module
    spec.loader.exec_module(module)


def _settings() -> Any:
    """Return Django's settings, which aren't read before Django is configured."""
    return importlib.import_module("django.conf").settings


def images_from(get_response: Any) -> Any:
    """Return the middleware that obeys X-Images-From."""
    settings = _settings()

    def respond(request: Any) -> Any:
        wanted = request.META.get("HTTP_X_IMAGES_FROM")
        if wanted:
            settings.IMAGES_FROM = wanted
        return get_response(request)

    return respond


with suppress(ImportError):  # a process without Django sends no files
    from django.core.handlers.base import (  # type: ignore[import-not-found,unused-ignore]
        BaseHandler,
    )

    _load_middleware = BaseHandler.load_middleware

    def _load_with_files(self: Any, is_async: bool = False) -> None:
        if "EDGE_RELEASE" in os.environ:
            settings = _settings()
            _load_whitenoise(Path(os.environ["EDGE_WHITENOISE"]))
            settings.WHITENOISE_ROOT = os.environ["EDGE_RELEASE"]
            settings.WHITENOISE_INDEX_FILE = True
            settings.WHITENOISE_USE_FINDERS = False
            settings.WHITENOISE_AUTOREFRESH = False
            settings.WHITENOISE_MAX_AGE = 0  # revalidated, as at the edge
            settings.WHITENOISE_ALLOW_ALL_ORIGINS = False
            settings.WHITENOISE_IMMUTABLE_FILE_TEST = HASHED
            settings.MIDDLEWARE = [
                "whitenoise.middleware.WhiteNoiseMiddleware",
                "sitecustomize.images_from",
                *settings.MIDDLEWARE,
            ]
        _load_middleware(self, is_async)

    BaseHandler.load_middleware = _load_with_files
