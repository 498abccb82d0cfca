"""Check responses against shared/contracts/openapi.yaml.

An undocumented status, a missing or malformed header, a body that doesn't match its schema, a
problem whose members disagree: each is a ContractViolation.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import yaml
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

CONTRACTS = Path(__file__).resolve().parents[2] / "contracts"
_BASE = "urn:contract"
_METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
_OF_EVERY_CALL = {408: "RequestTimeout", 431: "HeadersTooLarge"}
# libyaml's, which takes an eighth of the time, where PyYAML was built with it
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What no response may contain: details of the implementation
_INTERNAL = re.compile(
    r"Traceback|psycopg|django|botocore|boto3|urllib3|HTTPConnectionPool|celery|redis://"
    r'|site-packages|postgresql://|File "|Errno|0x[0-9a-f]{8,}',
    re.IGNORECASE,
)


class ContractViolation(AssertionError):
    """A response that the contract does not allow."""


class Contract:
    """The contract, as a checker of responses."""

    def __init__(self, folder: Path = CONTRACTS) -> None:
        text = (folder / "openapi.yaml").read_text(encoding="utf-8")
        self.document: dict[str, Any] = yaml.load(text, _LOADER)
        self.errors: dict[str, dict[str, Any]] = yaml.load(
            (folder / "errors.yaml").read_text(encoding="utf-8"), _LOADER
        )
        resource = DRAFT202012.create_resource(self.document)
        self._registry: Registry[Any] = Registry().with_resource(_BASE, resource)
        self._validators: dict[str, Draft202012Validator] = {}

    @cached_property
    def _templates(self) -> list[tuple[re.Pattern[str], str]]:
        return [
            (re.compile(re.sub(r"\\\{[^/]+?\\\}", "[^/]+", re.escape(path)) + r"\Z"), path)
            for path in self.document["paths"]
        ]

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield each operation: path template, method in lower case, and its document."""
        for path, item in self.document["paths"].items():
            for method in _METHODS:
                if method in item:
                    yield path, method, item[method]

    def template(self, path: str) -> str | None:
        """Return the documented path template of a request's path, or None."""
        return next((name for pattern, name in self._templates if pattern.match(path)), None)

    def check(self, response: httpx.Response) -> None:
        """Raise ContractViolation if the contract does not allow the response."""
        request = response.request
        where = f"{request.method} {request.url.path} responded with {response.status_code}"
        try:
            self._check(response)
        except ContractViolation as violation:
            message = f"{where}: {violation}\n{response.text[:1000]}"
            raise ContractViolation(message) from None

    def check_schema(self, name: str, value: object) -> None:
        """Raise ContractViolation if a value does not match a named schema."""
        self._validate(f"/components/schemas/{name}", value)

    def _check(self, response: httpx.Response) -> None:
        pointer, documented = self._documented(response)
        for name, header in documented.get("headers", {}).items():
            self._check_header(response, name, header)
        content = documented.get("content")
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if content is None:
            _require(not response.content, "a body where the contract has none")
            return
        _require(media_type in content, f"content type {media_type!r} is not documented")
        if media_type.endswith("json"):
            try:
                body = json.loads(response.content.decode("utf-8"), parse_constant=_no_constant)
            except ValueError as error:
                message = f"the body is not JSON in UTF-8: {error}"
                raise ContractViolation(message) from error
            self._validate(f"{pointer}/content/{_escape(media_type)}/schema", body)
            if media_type == "application/problem+json":
                self._check_problem(response, body)

    def _documented(self, response: httpx.Response) -> tuple[str, dict[str, Any]]:
        """Return the documented response and the JSON pointer to it."""
        path = self.template(response.request.url.path)
        method = response.request.method.lower()
        if path is None or method not in self.document["paths"][path]:
            name = {404: "NotFound", 405: "MethodNotAllowed"}.get(response.status_code)
            if path is not None:
                _require(name == "MethodNotAllowed", "the path has no such method: expected 405")
            _require(name is not None, "there is no such path: expected 404 or 405")
            pointer = f"/components/responses/{name}"
        elif response.status_code in _OF_EVERY_CALL:
            pointer = f"/components/responses/{_OF_EVERY_CALL[response.status_code]}"
        else:
            pointer = f"/paths/{_escape(path)}/{method}/responses/{response.status_code}"
        documented = self._resolve(pointer)
        _require(documented is not None, "the status is not documented for this operation")
        while documented is not None and "$ref" in documented:
            pointer = documented["$ref"].removeprefix("#")
            documented = self._resolve(pointer)
        return pointer, documented or {}

    def _check_header(self, response: httpx.Response, name: str, header: dict[str, Any]) -> None:
        if "$ref" in header:
            header = self._resolve(header["$ref"].removeprefix("#")) or {}
        value = response.headers.get(name)
        if value is None:
            _require(not header.get("required"), f"the header {name} is missing")
            return
        schema = header["schema"]
        if schema.get("type") == "integer":
            _require(value.isascii() and value.isdigit(), f"{name} is no whole number: {value!r}")
        errors = list(
            Draft202012Validator(schema).iter_errors(
                int(value) if schema.get("type") == "integer" else value
            )
        )
        _require(not errors, f"{name}: {errors[0].message if errors else ''}")

    def _check_problem(self, response: httpx.Response, body: Mapping[str, Any]) -> None:
        code, status = body["code"], response.status_code
        _require(body["status"] == status, f"the problem has status {body['status']}")
        _require(body["type"] == f"/problems/{code}", f"type {body['type']!r} is not its code's")
        listed = self.errors["requests"].get(code)
        _require(listed is not None, f"errors.yaml has no code {code!r}")
        _require(listed is not None and listed["status"] == status, f"{code} is of another status")
        _require(status != 422 or bool(body.get("errors")), "a 422 without errors")
        shown = json.dumps(body)
        _require(not _INTERNAL.search(shown), "the problem shows something internal")

    def _validate(self, pointer: str, value: object) -> None:
        if pointer not in self._validators:
            self._validators[pointer] = Draft202012Validator(
                {"$ref": f"{_BASE}#{pointer}"},
                registry=self._registry,
                format_checker=FormatChecker(),
            )
        errors = sorted(self._validators[pointer].iter_errors(value), key=lambda e: list(e.path))
        if errors:
            where = "/".join(str(part) for part in errors[0].absolute_path)
            message = f"the body's {where or 'whole'}: {errors[0].message}"
            raise ContractViolation(message)

    def _resolve(self, pointer: str) -> dict[str, Any] | None:
        value: Any = self.document
        for part in pointer.split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")
            if not isinstance(value, dict) or key not in value:
                return None
            value = value[key]
        return dict(value)


def _escape(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def _no_constant(name: str) -> None:
    message = f"{name} is not JSON"
    raise ValueError(message)


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise ContractViolation(message)
