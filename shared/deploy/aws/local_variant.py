"""The recognition service's template as the emulator can run it, made from the one for AWS.

Five things differ, and nothing else: the function's container image is replaced by a package that
starts AWS's runtime client with the unit's environment of this machine, since there is no Docker
here; the function isn't in a network, since the emulator has none; outcomes are published to a
Valkey on this machine, without TLS; the policies that refuse requests without TLS are left out,
since the emulator enforces them and is called by HTTP; and the limit of functions at once is a
number in place of a parameter, whose value the emulator keeps as a text.
"""

import copy
import shlex
from pathlib import Path
from typing import Any

import yaml

from aws.paths import REPOSITORY, TEMPLATES, MissingEnvironment, program

FUNCTION, BROKER_URL = "Function", "BrokerUrl"
FUNCTIONS_MAX = 4
ONLY_TLS = ("QueuePolicy", "ResultBucketPolicy")
_UNIT = REPOSITORY / "microservices" / "recognition"


def write(folder: Path, *, broker_url: str) -> Path:
    """Write the variant and its package into a folder; return the template's path.

    Raises MissingEnvironment.
    """
    original: dict[str, Any] = yaml.safe_load(TEMPLATES["recognition"].read_text(encoding="utf-8"))
    package = folder / "package"
    package.mkdir()
    bootstrap = package / "bootstrap"
    bootstrap.write_text(_bootstrap(_handler(original)), encoding="utf-8")
    bootstrap.chmod(0o755)
    path = folder / "template.yaml"
    path.write_text(yaml.safe_dump(variant(original, package.name, broker_url)), encoding="utf-8")
    return path


def variant(original: dict[str, Any], package: str, broker_url: str) -> dict[str, Any]:
    """Return the template with the five differences; `package` is the package's folder."""
    document = copy.deepcopy(original)
    function = document["Resources"][FUNCTION]["Properties"]
    for name in ("PackageType", "ImageUri", "ImageConfig", "VpcConfig"):
        del function[name]
    function |= {
        "Runtime": "provided.al2023",
        "Handler": _handler(original),
        "CodeUri": package,
    }
    scaling = function["Events"]["Requests"]["Properties"]["ScalingConfig"]
    scaling["MaximumConcurrency"] = FUNCTIONS_MAX
    document["Resources"][BROKER_URL]["Properties"]["SecretString"] = broker_url
    for name in ONLY_TLS:
        del document["Resources"][name]
    return document


def _handler(original: dict[str, Any]) -> str:
    (handler,) = original["Resources"][FUNCTION]["Properties"]["ImageConfig"]["Command"]
    return str(handler)


def _bootstrap(handler: str) -> str:
    """Return the script that starts an environment of the function, as the image's command does.

    The variables are those of the template, and the credentials those of the function's role.
    """
    python = program("recognition", "python")
    runtime = program("recognition-function", "python").parents[1]
    packages = next(iter(sorted(runtime.glob("lib/python*/site-packages"))), None)
    if packages is None:
        raise MissingEnvironment(f"{runtime} has no packages.")
    return (
        "#!/bin/sh\n"
        'export AWS_ENDPOINT_URL_S3="$AWS_ENDPOINT_URL"\n'
        f"export PYTHONPATH={shlex.quote(str(packages))}\n"
        f"cd {shlex.quote(str(_UNIT))}\n"
        f"exec {shlex.quote(str(python))} -m awslambdaric {handler}\n"
    )
