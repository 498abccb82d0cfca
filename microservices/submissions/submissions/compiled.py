"""Queries that are compiled to SQL once in each process, for what clients request most.

The ORM takes longer to compile such a query than PostgreSQL takes to run it.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

_Row = TypeVar("_Row", bound=Model)


class CompiledQuery(Generic[_Row]):
    """A query of a model's rows in which only UUIDs change from call to call."""

    def __init__(self, build: Callable[..., QuerySet[_Row]], *names: str) -> None:
        """Keep the function that returns the query set, and the names of its UUIDs."""
        self._build, self._names = build, names

    def rows(self, **values: UUID | None) -> list[_Row]:
        """Return the rows for these UUIDs, with the related ones that the query set selects."""
        sql, parameters, instance = self._compiled
        with connection.cursor() as cursor:
            cursor.execute(sql, [values.get(given, given) for given in parameters])
            return [instance(columns) for columns in cursor.fetchall()]

    @cached_property
    def _compiled(self) -> tuple[str, list[Any], Callable[[tuple[Any, ...]], _Row]]:
        """Return the SQL, its parameters with names in the place of UUIDs, and `_instances`."""
        stand_ins = {uuid4(): name for name in self._names}
        query_set = self._build(**{name: stand_in for stand_in, name in stand_ins.items()})
        compiler = query_set.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, given = compiler.as_sql()
        return sql, [stand_ins.get(value, value) for value in given], _instances(compiler)


def _instances(compiler: Any) -> Callable[[tuple[Any, ...]], Any]:
    """Return the function that makes an instance of a row's columns, as the ORM does."""
    model, numbers = compiler.klass_info["model"], compiler.klass_info["select_fields"]
    fields = [compiler.select[number][0].target.attname for number in numbers]
    # The stubs are those of Django 6.1, which has another parameter.
    related = get_related_populators(  # type: ignore[call-arg]
        compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS
    )

    def instance(columns: tuple[Any, ...]) -> Any:
        made = model.from_db(DEFAULT_DB_ALIAS, fields, columns[: len(fields)])
        for populator in related:
            populator.populate(columns, made)
        return made

    return instance
