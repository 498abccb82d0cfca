"""What of the caller's settings of pip, uv and Python reaches the installers."""

from pathlib import Path

import pytest
import surroundings

from repository import VENVS

UV_PYTHON = VENVS / "uv" / "bin" / "python"  # it has pip
LISTING = """\
:env:.user='1'
:env:.timeout='180'
global.index-url='https://mirror.example/index'
global.constraint='/etc/constraints.txt'
global.timeout='5'
install.user='true'
install.find-links='/a\\n/b'
download.index-url='https://other.example/'
"""


def test_of_pip_s_settings_only_how_packages_are_found_is_kept() -> None:
    assert surroundings.kept_settings(LISTING) == {
        "index-url": "https://mirror.example/index",
        "timeout": "180",
        "find-links": "/a\n/b",
    }


@pytest.mark.parametrize(
    ("name", "is_kept"),
    [
        ("PIP_USER", False),
        ("PIP_TARGET", False),
        ("PIP_REQUIRE_VIRTUALENV", False),
        ("UV_SYSTEM_PYTHON", False),
        ("UV_PROJECT_ENVIRONMENT", False),
        ("UV_CONSTRAINT", False),
        ("UV_NO_BINARY", False),
        ("UV_PRERELEASE", False),
        ("PYTHONWARNINGS", False),
        ("VIRTUAL_ENV", False),
        ("UV_DEFAULT_INDEX", True),
        ("UV_INDEX_CORP_PASSWORD", True),
        ("UV_CACHE_DIR", True),
        ("UV_OFFLINE", True),
        ("UV_HTTP_TIMEOUT", True),
        ("HTTPS_PROXY", True),
        ("SSL_CERT_FILE", True),
        ("PIPELINE", True),
    ],
)
def test_each_variable_is_decided_upon(name: str, is_kept: bool) -> None:
    assert (name in surroundings.cleaned({name: "x"})) is is_kept


def test_a_configuration_file_that_would_move_the_packages_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "pip.conf"
    file.write_text("[global]\nindex-url = https://mirror.example/index\n[install]\nuser = true\n")
    given = {"PIP_CONFIG_FILE": str(file), "PIP_PREFIX": "/nope", "PYTHONWARNINGS": "error"}
    found = surroundings.for_pip([str(UV_PYTHON), "-m", "pip"], given)
    assert found["PIP_INDEX_URL"] == "https://mirror.example/index"
    assert found["PIP_CONFIG_FILE"] == "/dev/null"
    assert not {"PIP_USER", "PIP_PREFIX", "PYTHONWARNINGS"} & found.keys()


def test_uv_looks_where_pip_does_unless_it_has_an_index_of_its_own() -> None:
    mirror = {"PIP_INDEX_URL": "https://mirror.example/index"}
    assert surroundings.for_uv({}, mirror)["UV_DEFAULT_INDEX"] == mirror["PIP_INDEX_URL"]
    own = {"UV_INDEX_URL": "https://own.example/index"}
    assert "UV_DEFAULT_INDEX" not in surroundings.for_uv(own, mirror)
