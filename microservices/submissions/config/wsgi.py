"""The WSGI entry point: the one kind of process in which many threads share a few connections."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DATABASE_POOL_SIZE", "8")
application = get_wsgi_application()
