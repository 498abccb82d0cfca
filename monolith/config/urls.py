"""The project's paths."""

from django.urls import include, path

from accounts.urls import urlpatterns as accounts_urlpatterns
from accounts.urls import well_known_urlpatterns
from config import health
from config.schema import SchemaApi
from submissions.urls import urlpatterns as submissions_urlpatterns

urlpatterns = [
    path("api/v1/", include(submissions_urlpatterns)),  # first, as most requests are for these
    path("api/v1/", include(accounts_urlpatterns)),
    path("api/v1/schema", SchemaApi.as_view()),
    path(".well-known/", include(well_known_urlpatterns)),
    path("livez", health.livez),
    path("readyz", health.readyz),
]
handler400 = "config.problems.bad_request"
handler404 = "config.problems.not_found"
handler500 = "config.problems.server_error"
