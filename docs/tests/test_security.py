"""SECURITY.md is true: ports, settings, defaults, and what is for development only."""

import math
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "SECURITY.md").read_text()
UNITS = {
    "monolith": ROOT / "monolith",
    "accounts": ROOT / "microservices" / "accounts",
    "submissions": ROOT / "microservices" / "submissions",
    "recognition": ROOT / "microservices" / "recognition",
}
EDGES = {"monolith": ROOT / "monolith/edge", "microservices": ROOT / "microservices/edge"}
_ROW = re.compile(r"^\| `([A-Z_]+)` \| ([^|]+?) \|(?: ([^|]+?) \|)?", re.MULTILINE)
_DEVELOPMENT = re.compile(r'_text\(\s*"([A-Z_]+)",\s*development=')
# As recognition, which has no Django, writes it
_REQUIRED = re.compile(r'environ\.get\("([A-Z_]+)"\)\n +if not \w+ and environment == "production"')


def _section(title: str) -> str:
    _, _, after = TEXT.partition(f"\n## {title}\n")
    assert after, title
    return after.partition("\n## ")[0]


def _defaults(folder: Path) -> dict[str, str]:
    """The settings table of a unit's or an edge's README."""
    return {name: default for name, default, _ in _ROW.findall((folder / "README.md").read_text())}


def _default_in_code(folder: Path, name: str) -> str | None:
    """The default of a number in a unit's settings module."""
    (path,) = (
        it
        for it in (folder / "config/settings.py", folder / folder.name / "settings.py")
        if it.exists()
    )
    found = re.search(rf'_number\((?:environ, )?"{name}", ([0-9_* ]+)\)', path.read_text())
    return None if found is None else str(math.prod(map(int, found[1].split("*"))))


def test_every_setting_that_it_names_is_one() -> None:
    known: set[str] = {"ENVIRONMENT"}
    for folder in (*UNITS.values(), *EDGES.values()):
        known |= _defaults(folder).keys()
    named = {it.partition("=")[0] for it in re.findall(r"`([A-Z][A-Z_]+(?:=\w+)?)`", TEXT)}
    assert len(named) > 20
    assert named - known == set()


@pytest.mark.parametrize(
    ("setting", "edges"),
    [
        ("EDGE_PORT", ["monolith", "microservices"]),
        ("EDGE_INTERNAL_PORT", ["microservices"]),
        ("EDGE_ADMIN_PORT", ["monolith"]),
    ],
)
def test_ports_are_the_defaults_of_the_edges(setting: str, edges: list[str]) -> None:
    named = re.findall(rf"`{setting}` (\d+)", TEXT)
    assert named == [_defaults(EDGES[edge])[setting].strip("`") for edge in edges]
    for edge, port in zip(edges, named, strict=True):
        assert f"{{${setting}:{port}}}" in (EDGES[edge] / "Caddyfile").read_text()


def test_nothing_listens_for_other_machines_by_default() -> None:
    for folder in (*UNITS.values(), *EDGES.values()):
        defaults = _defaults(folder)
        found = {defaults[name] for name in ("HOST", "INTERNAL_HOST") if name in defaults}
        assert found <= {"`127.0.0.1`"}, folder.name
    web = [folder for folder in UNITS.values() if "\nweb: " in (folder / "Procfile").read_text()]
    assert len(web) == 3
    for folder in web:
        hosts = re.findall(r"--host (\S+)", (folder / "Procfile").read_text())
        assert hosts == ['"${HOST:-127.0.0.1}"'], folder.name
    for edge in EDGES.values():
        binds = re.findall(r"^\tbind (.+)$", (edge / "Caddyfile").read_text(), re.MULTILINE)
        assert binds
        assert set(binds) <= {"{$HOST:127.0.0.1}", "{$INTERNAL_HOST:127.0.0.1}"}
    published = re.findall(
        r'^ +- "(\S+?:)??(?:\d+|\$\{\w+:-\d+\}):\d+"$',
        (ROOT / "docker-compose.yml").read_text(),
        re.MULTILINE,
    )
    assert published
    assert set(published) == {"127.0.0.1:"}


def test_limits_are_the_defaults_of_the_units() -> None:
    rows = _ROW.findall(_section("Limits against abuse"))
    assert len(rows) == 9
    for name, default, _ in rows:
        found = {unit: _defaults(folder).get(name) for unit, folder in UNITS.items()}
        assert {it for it in found.values() if it is not None} == {default}, (name, found)
        in_code = {_default_in_code(folder, name) for folder in UNITS.values()} - {None}
        assert in_code == {default}, name


def test_what_has_a_value_in_development_only_is_listed_with_its_units() -> None:
    listed = {
        name: set(units.split(", "))
        for name, units, _ in _ROW.findall(_section("For development only"))
    }
    found: dict[str, set[str]] = {}
    for unit, folder in UNITS.items():
        (settings,) = (
            it
            for it in (folder / "config/settings.py", folder / unit / "settings.py")
            if it.exists()
        )
        text = settings.read_text()
        for name in (*_DEVELOPMENT.findall(text), *_REQUIRED.findall(text)):
            found.setdefault(name, set()).add(unit)
    assert listed == found


def test_the_secret_of_development_is_refused_in_production_by_each_unit_that_has_it() -> None:
    secret = "only-for-development-on-this-machine"
    for unit in ("monolith", "accounts", "submissions"):
        text = (UNITS[unit] / "config" / "settings.py").read_text()
        assert secret in text
        assert 'ENVIRONMENT == "production" and SECRET_KEY == _DEVELOPMENT_SECRET' in text


def test_the_lifetimes_of_tokens_and_keys() -> None:
    assert _defaults(UNITS["accounts"])["TOKEN_LIFETIME_SECONDS"] == "900"
    assert "`TOKEN_LIFETIME_SECONDS`, 900" in TEXT
    keys = (UNITS["submissions"] / "submissions" / "keys.py").read_text()
    assert "_REFRESH_SECONDS = 300.0" in keys
    assert "public keys again after 300 seconds" in TEXT


def test_messages_carry_no_account() -> None:
    for schema in (ROOT / "shared/contracts/messages").glob("*.json"):
        assert not re.search(r'"(email|account_id|token|authorization)"', schema.read_text())


def test_the_readme_leads_here() -> None:
    assert "](SECURITY.md)" in (ROOT / "README.md").read_text()
