"""The caller's settings of pip, uv and Python that reach the installers, and those that don't.

Kept are settings of how packages are found and fetched: indexes, certificates, proxies, caches,
time limits, "offline". Removed are settings of where packages go, which ones, and how Python runs:
an environment of ours depends on none of them. The Makefile does the same for Python itself.
"""

import ast
import re
import subprocess
from collections.abc import Mapping

# pip's names, as in its configuration; the variable is PIP_<NAME>.
PIP_KEPT = frozenset(
    {
        "index-url",
        "extra-index-url",
        "find-links",
        "no-index",
        "trusted-host",
        "cert",
        "client-cert",
        "keyring-provider",
        "proxy",
        "timeout",
        "default-timeout",
        "retries",
        "cache-dir",
        "no-cache-dir",
    }
)
UV_KEPT = re.compile(
    r"UV_(DEFAULT_INDEX|INDEX|INDEX_\w+_(USERNAME|PASSWORD)|INDEX_URL|EXTRA_INDEX_URL|FIND_LINKS"
    r"|NO_INDEX|INSECURE_HOST|KEYRING_PROVIDER|NATIVE_TLS|SYSTEM_CERTS|HTTP_\w+|REQUEST_TIMEOUT"
    r"|CONCURRENT_\w+|OFFLINE|CACHE_DIR|NO_CACHE|LINK_MODE|CONFIG_FILE|NO_CONFIG|CREDENTIALS_DIR)"
)
UV_INDEX = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_CONFIG_FILE")
_DROPPED = re.compile(r"(PIP|UV|CONDA)_\w+|PYTHON\w*|VIRTUAL_ENV|__PYVENV_LAUNCHER__")
_PYTHON_KEPT = frozenset({"PYTHONUTF8", "PYTHONIOENCODING", "PYTHONDONTWRITEBYTECODE"})
_SETTING = re.compile(r"(:env:|global|install)\.([\w-]+)=(.*)")


def cleaned(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without what would change what is installed, or where."""
    kept = {
        name: value
        for name, value in environment.items()
        if not _DROPPED.fullmatch(name) or UV_KEPT.fullmatch(name) or name in _PYTHON_KEPT
    }
    return {**kept, "UV_PYTHON_DOWNLOADS": "never"}


def for_pip(pip: list[str], environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for pip: its configuration files are not read, but for what is kept.

    `pip` is its command. Its own `pip config list` merges the files and the variables.
    """
    variables = {
        name: value for name, value in environment.items() if not name.startswith("PYTHON")
    }
    done = subprocess.run(
        [*pip, "config", "list"], check=False, capture_output=True, text=True, env=variables
    )
    return {
        **cleaned(environment),
        **{_variable(name): value for name, value in kept_settings(done.stdout).items()},
        "PIP_CONFIG_FILE": "/dev/null",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


def for_uv(environment: Mapping[str, str], pip_settings: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for uv, which finds packages where pip does unless it has an index.

    `pip_settings` are the variables that `for_pip` returned.
    """
    found = cleaned(environment)
    if "PIP_INDEX_URL" in pip_settings and not any(name in found for name in UV_INDEX):
        found["UV_DEFAULT_INDEX"] = pip_settings["PIP_INDEX_URL"].strip()
    return found


def kept_settings(listing: str) -> dict[str, str]:
    """Read `pip config list`; the more specific section wins, as it does for pip."""
    found: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for line in listing.splitlines():
        if (parts := _SETTING.fullmatch(line)) and parts[2] in PIP_KEPT:
            found[parts[1]][parts[2]] = str(ast.literal_eval(parts[3]))
    return {**found["global"], **found["install"], **found[":env:"]}


def _variable(name: str) -> str:
    return "PIP_" + name.upper().replace("-", "_")
