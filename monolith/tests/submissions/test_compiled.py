"""Compiled queries return what the ORM returns."""

from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from submissions.compiled import CompiledQuery
from submissions.models import OPEN_STATES, Submission
from tests.submissions.test_reading import completed, submitted

pytestmark = pytest.mark.django_db


def columns(rows: list[Submission]) -> list[tuple[object, ...]]:
    fields = [field.attname for field in Submission._meta.concrete_fields]
    return [tuple(getattr(row, name) for name in fields) for row in rows]


def test_rows_and_related_rows_are_those_of_the_orm(owner: APIClient, account_id: UUID) -> None:
    for number in range(3):
        location = submitted(owner)
        if number:
            completed(location)

    def build(account_id: UUID) -> QuerySet[Submission]:
        rows = Submission.objects.select_related("recognition").order_by("id")
        return rows.filter(account_id=account_id)

    query = CompiledQuery(build, "account_id")
    with CaptureQueriesContext(connection) as captured:
        rows = query.rows(account_id=account_id)
        counts = [row.detection_count for row in rows]
    assert len(captured) == 1
    assert counts == [None, 1, 1]
    assert columns(rows) == columns(list(build(account_id)))
    assert not any(row._state.adding for row in rows)
    assert query.rows(account_id=uuid4()) == []


def test_only_the_named_parameters_change(owner: APIClient, account_id: UUID) -> None:
    built = []

    def build(account_id: UUID, before: UUID) -> QuerySet[Submission]:
        built.append(account_id)
        rows = Submission.objects.filter(id__lt=before, state__in=OPEN_STATES)
        return rows.filter(account_id=account_id).order_by("-id")[:2]

    query = CompiledQuery(build, "account_id", "before")
    ids = [UUID(submitted(owner).rpartition("/")[2]) for _ in range(4)]
    completed(f"/api/v1/submissions/{ids[1]}")
    pages = [[row.id for row in query.rows(account_id=account_id, before=id_)] for id_ in ids]
    assert pages == [[], [ids[0]], [ids[0]], [ids[2], ids[0]]]
    assert len(built) == 1
