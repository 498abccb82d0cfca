"""The checks as commands, from the table of projects: of the whole repository, then of each one."""

from dataclasses import dataclass, field

from repository import PROJECTS, REPOSITORY, Project, Table


@dataclass(frozen=True)
class Check:
    """A command in a folder, run by a program of one of the environments.

    `environments` are further ones that have to be there.
    """

    name: str
    environment: str
    command: tuple[str, ...]
    folder: str = "."
    settings: dict[str, str] = field(default_factory=dict)
    environments: tuple[str, ...] = ()


def checks_of(table: Table) -> list[Check]:
    """Return all checks: those of the repository, then each kind of check project by project."""
    projects = table.projects.values()
    return [
        *(
            Check(name, row.environment, row.command, row.folder, environments=row.environments)
            for name, row in table.checks.items()
        ),
        *(_types(project) for project in projects if "types" in project.checks),
        *(_boundaries(project) for project in projects if "boundaries" in project.checks),
        *(_caddyfile(table, it, it.caddyfile) for it in projects if it.caddyfile),
    ]


def _types(project: Project) -> Check:
    command = ("mypy", *project.types)
    return Check(f"types {project.name}", project.environment_for_checks, command, project.folder)


def _boundaries(project: Project) -> Check:
    settings = {}
    if project.python_path is not None:
        settings["PYTHONPATH"] = str(REPOSITORY / project.python_path)
    return Check(
        f"boundaries {project.name}",
        project.environment_for_checks,
        ("lint-imports", "--no-cache"),
        project.folder,
        settings,
    )


def _caddyfile(table: Table, project: Project, folder: str) -> Check:
    """Check the configuration of an edge, with made-up values for its variables."""
    names = ["WEB", *(unit.name.upper() for unit in table.units("microservices"))]
    caddy_home = str(REPOSITORY / ".build" / "caddy")
    settings = {
        "EDGE_PORT": "8080",
        "EDGE_ADMIN_PORT": "2019",
        "WEB_ROOT": "/srv/web",
        "ASSETS_ROOT": "/srv/web",
        "OBJECT_STORE_URL": "http://127.0.0.1:8333",
        **{f"{name}_UPSTREAMS": f"127.0.0.1:{port}" for port, name in enumerate(names, 1)},
        "XDG_DATA_HOME": caddy_home,
        "XDG_CONFIG_HOME": caddy_home,
    }
    command = ("caddy", "validate", "--config", "Caddyfile", "--adapter", "caddyfile")
    return Check(f"caddyfile {project.name}", "backing", command, folder, settings)


CHECKS = checks_of(PROJECTS)
