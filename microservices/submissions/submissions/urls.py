"""The paths of submissions, relative to the API's prefix."""

from django.urls import path

from submissions.apis import (
    SubmissionApi,
    SubmissionImageApi,
    SubmissionResultApi,
    SubmissionsApi,
)

urlpatterns = [
    path("submissions", SubmissionsApi.as_view()),
    path("submissions/<str:id>", SubmissionApi.as_view()),
    path("submissions/<str:id>/result", SubmissionResultApi.as_view()),
    path("submissions/<str:id>/image", SubmissionImageApi.as_view()),
]
