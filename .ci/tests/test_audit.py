"""The audit of dependencies: what it finds, what it accepts, and that it ends without a network."""

import datetime
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import audit
import pytest
from audit import NOT_DONE, Acceptance, Pin

TODAY = datetime.datetime.now(datetime.UTC).date()
DAY = datetime.timedelta(days=1)
WANTED = [("good", "1.0"), ("weak", "1.0"), ("weak", "2.0")]
FAKE = """
import json, sys
names = sys.argv[sys.argv.index("-r") + 1]
known = json.loads({advisories!r})
found = []
for line in open(names):
    name, version = line.strip().split("==")
    vulns = [dict(id=it, aliases=["CVE-1"], fix_versions=[]) for it in known.get(line.strip(), [])]
    found.append(dict(name=name, version=version, vulns=vulns))
print(json.dumps(dict(dependencies=found)))
"""


def accepted(name: str, *, expires: datetime.date = TODAY + DAY) -> list[Acceptance]:
    return [Acceptance(name, "weak", "It isn't called.", expires)]


@pytest.fixture
def auditor(tmp_path: Path) -> list[str]:
    """A program that knows of one advisory, for one of two versions."""
    script = tmp_path / "auditor.py"
    script.write_text(FAKE.format(advisories=json.dumps({"weak==2.0": ["PYSEC-1"]})))
    return [sys.executable, str(script)]


def test_an_advisory_of_any_version_is_reported(
    auditor: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit.audit(auditor, WANTED, []) == 1
    printed = capsys.readouterr().out
    assert "weak 2.0: PYSEC-1 (CVE-1)" in printed
    assert "3 of 3 packages" in printed


@pytest.mark.parametrize("name", ["PYSEC-1", "CVE-1"])
def test_an_accepted_advisory_is_none_by_any_of_its_names(auditor: list[str], name: str) -> None:
    assert audit.audit(auditor, WANTED, accepted(name)) == 0


def test_an_acceptance_is_for_one_package(auditor: list[str]) -> None:
    other = [Acceptance("PYSEC-1", "good", "Another package.", TODAY + DAY)]
    assert audit.audit(auditor, WANTED, other) == 1


def test_an_acceptance_that_has_expired_fails_without_a_network_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert audit.audit(["false"], WANTED, accepted("PYSEC-1", expires=TODAY - DAY)) == 1
    assert "review it" in capsys.readouterr().out


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["false"], id="it fails"),
        pytest.param(["echo", '{"dependencies": []}'], id="it knows nothing"),
        pytest.param(["echo", "no JSON"], id="it prints something else"),
    ],
)
def test_without_a_source_it_is_not_done(
    command: Sequence[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit.audit(command, WANTED, []) == NOT_DONE
    assert "NOT DONE, no source of advisories can be reached (pypi:" in capsys.readouterr().out


def test_a_source_that_never_responds_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "PROBE_SECONDS", 1.0)
    assert audit.audit(["sh", "-c", "exec sleep 60"], WANTED, []) == NOT_DONE


def test_layers_have_one_version_of_each_package() -> None:
    found: list[list[Pin]] = audit.layers(WANTED)
    assert found == [[("good", "1.0"), ("weak", "1.0")], [("weak", "2.0")]]


def test_every_lock_is_audited() -> None:
    names = {name for name, _ in audit.locked()}
    assert {"django", "celery", "locust", "pytest", "uv", "pip-audit"} <= names


def test_the_reviewed_list_can_be_read() -> None:
    assert all(it.reason for it in audit.read_accepted(audit.ACCEPTED))


def test_an_entry_of_the_list_has_all_fields(tmp_path: Path) -> None:
    path = tmp_path / "accepted.toml"
    path.write_text('[[accepted]]\nid = "PYSEC-1"\npackage = "weak"\nexpires = 2027-01-31\n')
    with pytest.raises(TypeError, match="reason"):
        audit.read_accepted(path)
