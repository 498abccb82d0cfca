"""Compare objects with schemas strictly: an unknown field is an error.

Kubernetes' schemas are those of the package `kubernetes-validate`, as data. Its last version has no
Kubernetes as old as 1.20; those come from an older one in an environment of its own. KEDA's kinds
have the fields of its CRDs, from the models of `cloudcoil-models-keda`.
"""

import functools
import json
import re
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import kubernetes_validate
from aws.paths import VENVS, MissingEnvironment
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from manifests.render import LOCAL_1_20, Manifest, name_of

OLD = "1.20"
_OLD_ENVIRONMENT = "deploy-schemas-1-20"
_KEDA, _KEDA_MODELS = "keda.sh/v1alpha1", "cloudcoil.models.keda.v1alpha1"
_DEFINITIONS = "_definitions.json"


def version_of(overlay: str) -> str:
    """Return the version of Kubernetes that an overlay is for, such as 1.37."""
    newest: str = kubernetes_validate.latest_version()
    return OLD if overlay == LOCAL_1_20 else newest.rpartition(".")[0]


def problems(manifests: Iterable[Manifest], version: str) -> list[str]:
    """Return what is wrong with objects for a version of Kubernetes, a line each.

    Raises MissingEnvironment.
    """
    return [f"{name_of(it)}: {line}" for it in manifests for line in _problems(it, version)]


def _problems(manifest: Manifest, version: str) -> list[str]:
    kind, group = manifest["kind"], manifest["apiVersion"]
    validator = _keda(kind) if group == _KEDA else _kubernetes(kind, group, version)
    if validator is None:
        return [f"{version} has no {kind} of {group}"]
    return [
        f"{'.'.join(map(str, error.absolute_path))}: {error.message}"
        for error in validator.iter_errors(manifest)
    ]


@functools.cache
def _kubernetes(kind: str, group: str, version: str) -> Draft202012Validator | None:
    """Return the validator of a kind; None if the version doesn't have it."""
    # The schema of apps/v1 is in -apps-v1, that of networking.k8s.io/v1 in -networking-v1.
    short = re.sub(r"^([^./]*)(?:\.[^/]*)?/", r"\1-", group)
    path = _folder(version) / f"{kind.lower()}-{short}.json"
    if not path.exists():
        return None
    return Draft202012Validator(json.loads(path.read_text()), registry=_registry(version))


@functools.cache
def _registry(version: str) -> Registry[Any]:
    definitions = json.loads((_folder(version) / _DEFINITIONS).read_text())
    # Crawled once: otherwise each reference to a definition goes through all of them
    resource = DRAFT202012.create_resource(definitions)
    registry: Registry[Any] = Registry().with_resource(_DEFINITIONS, resource)
    return registry.crawl()


def _folder(version: str) -> Path:
    packages = Path(kubernetes_validate.__file__).parent
    if version == OLD:
        pattern = "lib/python*/site-packages/kubernetes_validate"
        found = next(iter(sorted((VENVS / _OLD_ENVIRONMENT).glob(pattern))), None)
        if found is None:
            raise MissingEnvironment(
                f"The schemas of 1.20 are missing: run `make .venvs/{_OLD_ENVIRONMENT}` first."
            )
        packages = found
    return packages / "kubernetes-json-schema" / f"v{version}.0-local-strict"


@functools.cache
def _keda(kind: str) -> Draft202012Validator | None:
    """Return the validator of one of KEDA's kinds; None if there is no such kind."""
    # Imported here, since it takes a second and few objects need it
    model = getattr(import_module(_KEDA_MODELS), kind, None)
    if model is None:
        return None
    schema: dict[str, Any] = model.model_json_schema(by_alias=True)
    for definition in (schema, *schema["$defs"].values()):
        if "properties" in definition:
            definition.setdefault("additionalProperties", False)
    return Draft202012Validator(schema)
