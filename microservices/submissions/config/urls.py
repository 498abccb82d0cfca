"""The project's paths."""

from django.urls import include, path

from config import health
from config.schema import SchemaApi
from submissions.internal import urlpatterns as internal_urlpatterns
from submissions.urls import urlpatterns as submissions_urlpatterns

urlpatterns = [
    path("api/v1/", include(submissions_urlpatterns)),
    path("api/v1/schema", SchemaApi.as_view()),
    path("internal/", include(internal_urlpatterns)),
    path("livez", health.livez),
    path("readyz", health.readyz),
]
handler400 = "config.problems.bad_request"
handler404 = "config.problems.not_found"
handler500 = "config.problems.server_error"
