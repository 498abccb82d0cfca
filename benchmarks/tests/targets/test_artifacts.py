"""What a release is made of: a commit, a lock, and what is refused."""

import re
import subprocess
from pathlib import Path

import pytest
from benchmarks.command_line import main
from benchmarks.targets.architectures import ARCHITECTURES, REPOSITORY, WEB_RELEASE, unit_names
from benchmarks.targets.errors import GitError, ReleaseError
from benchmarks.targets.git import git, resolve, uncommitted
from benchmarks.targets.releases import artifacts
from benchmarks.targets.releases.artifacts import build, make_environment, recipe

SERVICES = ARCHITECTURES["microservices"]


def test_the_monolith_is_one_unit_and_the_services_are_four() -> None:
    assert unit_names(ARCHITECTURES["monolith"]) == ("monolith",)
    assert set(unit_names(SERVICES)) == {"accounts", "submissions", "recognition", "edge"}


@pytest.mark.parametrize(
    ("unit", "paths"),
    [
        ("monolith", ["monolith", "shared/imaging", "shared/web/site"]),
        ("accounts", ["microservices/accounts"]),
        ("submissions", ["microservices/submissions", "shared/imaging"]),
        ("recognition", ["microservices/recognition", "shared/imaging"]),
        ("edge", ["microservices/edge", "shared/web/site"]),
    ],
)
def test_what_goes_out_with_a_unit(unit: str, paths: list[str]) -> None:
    architecture = ARCHITECTURES["monolith"] if unit == "monolith" else SERVICES
    assert recipe(architecture, unit).paths == paths


def test_an_artifact_is_the_commit_s_files_and_is_made_once(tmp_path: Path) -> None:
    made_of, commit = recipe(SERVICES, "edge"), resolve("HEAD")
    made = build(made_of, commit, store=tmp_path)
    caddyfile = made.installed.files(SERVICES.edge_folder) / "Caddyfile"
    assert caddyfile.read_text() == git("show", "HEAD:microservices/edge/Caddyfile")
    assert made.version.endswith(f"+{commit[:8]}")
    page = (made.installed.files(WEB_RELEASE) / "index.html").read_text()
    named = re.findall(r'"(assets/[^"]+)"', page)
    assert named
    assert all((made.installed.files(WEB_RELEASE) / name).is_file() for name in named)
    again = build(made_of, commit, store=tmp_path)
    assert (again.folder, again.seconds) == (made.folder, 0.0)


def test_an_artifact_has_an_environment_from_its_own_lock(tmp_path: Path) -> None:
    made = build(recipe(SERVICES, "accounts"), resolve("HEAD"), store=tmp_path)
    python = made.installed.executables / "python"
    output = subprocess.run(
        [str(python), "-c", "import django, granian; print(django.__file__)"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert output.startswith(str(made.folder))


UV = """#!/bin/sh
echo "$@" >> {calls}
case "$*" in *pip*--offline*) exit {offline} ;; esac
"""


@pytest.mark.parametrize(("offline", "attempts"), [(0, 1), (1, 2)])
def test_the_index_is_requested_only_for_what_is_not_cached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, offline: int, attempts: int
) -> None:
    """A uv by hand: it installs what is cached without the index, or refuses to."""
    uv, calls, lock = tmp_path / "uv/bin/uv", tmp_path / "calls", tmp_path / "requirements.txt"
    uv.parent.mkdir(parents=True)
    uv.write_text(UV.format(calls=calls, offline=offline))
    uv.chmod(0o755)
    monkeypatch.setenv("VENVS", str(tmp_path))
    make_environment("unit", lock, None, tmp_path / "environment")
    installs = [line for line in calls.read_text().splitlines() if " install " in line]
    assert ["--offline" in line for line in installs] == [True, False][:attempts]
    assert all(f"--require-hashes -r {lock}" in line for line in installs)


def test_an_incomplete_artifact_is_built_again(tmp_path: Path) -> None:
    made_of, commit = recipe(SERVICES, "edge"), resolve("HEAD")
    made = build(made_of, commit, store=tmp_path)
    (made.folder / "artifact.json").unlink()
    (made.folder / "source" / "left over").touch()
    assert build(made_of, commit, store=tmp_path).folder == made.folder
    assert not (made.folder / "source" / "left over").exists()


def test_a_lock_that_can_t_be_installed_leaves_no_artifact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "nothing"))
    with pytest.raises(ReleaseError, match="could not be made; what runs goes on"):
        build(recipe(SERVICES, "accounts"), resolve("HEAD"), store=tmp_path)
    assert [it.name for it in (tmp_path / "accounts").iterdir()] == ["lock"]


def test_a_full_disk_is_reported_before_anything_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(artifacts, "FREE_BYTES", 1 << 60)
    with pytest.raises(ReleaseError, match="MB are free at"):
        build(recipe(SERVICES, "edge"), resolve("HEAD"), store=tmp_path)


def test_a_commit_that_isn_t_there_is_named() -> None:
    with pytest.raises(GitError, match="The repository has no commit 'no-such-branch'"):
        resolve("no-such-branch")
    with pytest.raises(GitError, match="The repository has no commit '--help'"):
        resolve("--help")


def test_changes_that_no_commit_has_are_found(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    repository.mkdir()
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    git("init", "--quiet", repository=repository)
    for folder in ("mine", "yours"):
        (repository / folder).mkdir()
        (repository / folder / "file").write_text("1")
    git("add", ".", repository=repository)
    git(*identity, "commit", "--quiet", "-m", "one", repository=repository)
    assert uncommitted(["mine"], repository=repository) == []
    (repository / "mine" / "file").write_text("2")
    (repository / "mine" / "another").write_text("2")
    found = uncommitted(["mine"], repository=repository)
    assert sorted(found) == ["mine/another", "mine/file"]
    assert uncommitted(["yours"], repository=repository) == []


@pytest.mark.parametrize(
    ("arguments", "status", "expected"),
    [
        (["release", "database", "HEAD"], 1, "There is no unit database: use one of monolith, "),
        (["release", "", "HEAD"], 1, "There is no unit (none given)"),
        (["rollback", "database"], 1, "There is no unit database"),
    ],
)
def test_wrong_calls_are_reported(
    capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, expected: str
) -> None:
    assert main(arguments) == status
    assert expected in capsys.readouterr().err


def test_no_artifact_lies_in_the_repository_s_index() -> None:
    ignored = git("check-ignore", str(artifacts.ARTIFACTS.relative_to(REPOSITORY)))
    assert ignored.strip() == ".run/artifacts"
