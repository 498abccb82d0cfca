"""The validation of a run's options, when Locust starts and when a test does.

On the command line, an invalid value ends Locust with one sentence and status 1. On the web page,
the start is refused with that sentence, as Locust refuses an invalid number of users. A worker gets
its options from the master when the test starts, and ends if it can't use them.
"""

import logging
import sys
from argparse import Namespace
from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify, request
from locust import events
from locust.env import Environment
from locust.runners import WorkerRunner
from locust.web import WebUI

from benchmarks.workload import arguments, checks

HOST = arguments.Argument("--host", "LOCUST_HOST", "", "", checks.base_url)
_log = logging.getLogger(__name__)


def problems(values: Mapping[str, Any], known: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each of our options among the values that is invalid.

    `known` are the parsed options; a form's values are text, which is converted by type.
    """
    found = []
    for argument in (HOST, *arguments.added()):
        value = values.get(argument.name)
        if value is None or argument.name not in known:
            continue
        try:
            argument.check(type(argument.default)(value))
        except ValueError as error:
            found.append(f"{argument.flag}: {error}.")
    return found


def normalize(environment: Environment) -> None:
    """Replace the options by what their checks return. ValueError with one sentence a line."""
    options = _options(environment)
    values = {name: value for name, value in options.items() if name != "host" or value}
    if found := problems(values, options):
        raise ValueError("\n".join(found))
    for argument in (HOST, *arguments.added()):
        if argument.name in values:
            options[argument.name] = argument.check(values[argument.name])
    if environment.host:
        environment.host = checks.base_url(environment.host)


def _options(environment: Environment) -> dict[str, Any]:
    """Return the options that Locust has parsed; none in the experiments' generator."""
    options = environment.parsed_options
    return vars(options) if isinstance(options, Namespace) else {}


def _headless_problems(options: Any) -> list[str]:
    found = []
    if not options.host:
        found.append("--host is missing: the base URL of the target, as in http://127.0.0.1:8080.")
    if options.num_users is not None and options.num_users < 1:
        found.append(f"--users: must be 1 or more, not {options.num_users}.")
    if options.spawn_rate is not None and options.spawn_rate <= 0:
        found.append(f"--spawn-rate: must be above 0, not {options.spawn_rate:g}.")
    return found


def _on_init(environment: Environment, web_ui: WebUI | None = None, **_: object) -> None:
    options = environment.parsed_options
    if options is None or isinstance(environment.runner, WorkerRunner):
        return
    found = _headless_problems(options) if options.headless else []
    try:
        normalize(environment)
    except ValueError as error:
        found.append(str(error))
    if found:
        sys.exit("\n".join(found))
    if web_ui is not None and web_ui.app is not None:
        web_ui.app.before_request(lambda: _refuse_form(environment))


def _refuse_form(environment: Environment) -> Response | None:
    """Return a response with what is invalid in the web page's form; None if nothing is."""
    if request.method != "POST" or not request.path.endswith("/swarm"):
        return None
    found = problems(request.form, _options(environment))
    if not found:
        return None
    _log.error(" ".join(found))
    return jsonify({"success": False, "message": " ".join(found), "host": environment.host})


def _on_test_start(environment: Environment, **_: object) -> None:
    try:
        normalize(environment)
    except ValueError as error:
        _log.error("%s", error)
        environment.process_exit_code = 1
        if environment.runner is not None:
            environment.runner.quit()


events.init.add_listener(_on_init)
events.test_start.add_listener(_on_test_start)
