"""The API for other services. The edge has no route to it."""

from django.http import HttpResponse, JsonResponse
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from submissions import selectors
from submissions.inputs import account_of


class SubmissionCountApi(APIView):
    """The number of submissions, requested by the accounts service with the caller's token."""

    http_method_names = ["get", "head"]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        """Return how many submissions the caller has."""
        return JsonResponse({"count": selectors.submission_count(account_id=account_of(request))})


urlpatterns = [
    path("submission-count", SubmissionCountApi.as_view()),
]
