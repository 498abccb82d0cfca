"""The templates agree with the code: settings, processes, routes, limits, keys and headers."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from aws.paths import REPOSITORY, TEMPLATES
from aws.templates import ACCOUNT, Template

from tests.stacks import FUNCTION, IMAGES, UNITS, WORKER, template

ARMS = (FUNCTION, WORKER)
SOURCES = {name: TEMPLATES[name].parents[1] for name in UNITS}
# Read by libpq itself
_LIBRARIES = {"PGSSLMODE"}
# After which granian closes an idle connection, where --http1-header-read-timeout isn't set
GRANIAN_IDLE_SECONDS = 30
# Statuses that CloudFront caches whatever the origin allows
ALWAYS_CACHED = (404, 414, 500, 501, 502, 503, 504)


def _settings(unit: str) -> dict[str, str]:
    """Return the settings table of a unit's README: variable and default."""
    text = (SOURCES[unit] / "README.md").read_text()
    return dict(re.findall(r"^\| `([A-Z_0-9]+)` \| *([^|]*?) *\|", text, re.MULTILINE))


def _needed(unit: str) -> set[str]:
    """Return the settings without which the unit doesn't start in production."""
    settings = SOURCES[unit] / "config" / "settings.py"
    if settings.exists():
        return set(re.findall(r'_text\(\s*"([A-Z_]+)",\s*development=', settings.read_text()))
    return {"BROKER_URL"}


def _containers(found: Template) -> list[dict[str, Any]]:
    """Return the containers with the unit's processes."""
    return [
        container
        for name in found.of_type("AWS::ECS::TaskDefinition")
        for container in found.properties(name)["ContainerDefinitions"]
        if container["Name"] != "keys"
    ]


def _variables(container: dict[str, Any]) -> set[str]:
    return {it["Name"] for it in (*container["Environment"], *container.get("Secrets", []))}


def _function(unit: str) -> dict[str, Any]:
    return template(unit).properties("Function")


@pytest.mark.parametrize("name", list(TEMPLATES))
@pytest.mark.parametrize("arm", ARMS)
def test_every_resource_and_output_can_be_resolved(name: str, arm: str) -> None:
    found = template(name, arm)
    for resource in found.resources:
        if found.is_created(resource):
            found.properties(resource)
    for output in found.document["Outputs"].values():
        assert found.resolve(output["Value"]) is not None


@pytest.mark.parametrize("unit", UNITS)
def test_each_process_of_the_procfile_has_its_task(unit: str) -> None:
    processes = set(re.findall(r"^(\w+):", (SOURCES[unit] / "Procfile").read_text(), re.MULTILINE))
    commands = {container["Command"][0] for container in _containers(template(unit, WORKER))}
    assert commands == processes


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("arm", ARMS)
def test_each_process_has_every_setting_that_production_needs_and_no_unknown_one(
    unit: str, arm: str
) -> None:
    containers = _containers(template(unit, arm))
    assert containers
    for container in containers:
        names = _variables(container)
        assert _needed(unit) - names == set(), container["Name"]
        assert names - set(_settings(unit)) - _LIBRARIES == set(), container["Name"]


@pytest.mark.parametrize("unit", ["monolith", "recognition"])
def test_the_function_has_the_same_settings(unit: str) -> None:
    names = set(_function(unit)["Environment"]["Variables"])
    assert _needed(unit) - names == set()
    assert names - set(_settings(unit)) - _LIBRARIES == set()


@pytest.mark.parametrize("unit", ["monolith", "recognition"])
def test_the_function_ends_after_the_attempt_and_before_lease_and_message(unit: str) -> None:
    function = _function(unit)
    lease = _settings("submissions")["LEASE_SECONDS"]
    assert int(_settings(unit)["TIME_LIMIT_SECONDS"]) < function["Timeout"] < int(lease)
    # A message whose function was killed comes again in time for a drain of 90 s.
    assert int(lease) < template(unit).properties("Queue")["VisibilityTimeout"] < 90


@pytest.mark.parametrize("unit", ["monolith", "recognition"])
def test_a_failed_message_is_delivered_again_alone_and_ends_in_the_dead_letters(unit: str) -> None:
    found = template(unit)
    mapping = _function(unit)["Events"]["Requests"]["Properties"]
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["BatchSize"] == 1
    assert mapping["ScalingConfig"]["MaximumConcurrency"] >= 2
    redrive = found.properties("Queue")["RedrivePolicy"]
    assert redrive["deadLetterTargetArn"].endswith("DeadLetters")
    dead = found.properties("DeadLetters")
    assert dead["MessageRetentionPeriod"] > found.properties("Queue")["MessageRetentionPeriod"]


@pytest.mark.parametrize("unit", ["monolith", "recognition"])
def test_alarms_on_dead_letters_and_on_the_age_of_the_oldest_message(unit: str) -> None:
    found = template(unit)
    alarms = [found.properties(name) for name in found.of_type("AWS::CloudWatch::Alarm")]
    watched = {(it["MetricName"], it["Dimensions"][0]["Value"].split("-")[-1]) for it in alarms}
    assert watched == {
        ("ApproximateNumberOfMessagesVisible", "DeadLetters.QueueName"),
        ("ApproximateAgeOfOldestMessage", "Queue.QueueName"),
    }
    assert all(alarm["AlarmActions"] for alarm in alarms)


@pytest.mark.parametrize("unit", ["monolith", "recognition"])
def test_where_a_worker_makes_the_attempts_there_is_no_queue_and_no_function(unit: str) -> None:
    found = template(unit, WORKER)
    assert not found.of_type("AWS::SQS::Queue")
    assert not found.of_type("AWS::Serverless::Function")
    assert not template(unit, FUNCTION).is_created("WorkerService")


def _buckets() -> list[tuple[str, str]]:
    names = ("monolith", "edge", "submissions", "recognition")
    return [
        (name, bucket) for name in names for bucket in template(name).of_type("AWS::S3::Bucket")
    ]


@pytest.mark.parametrize(("name", "bucket"), _buckets())
def test_buckets_are_private_encrypted_and_rid_of_unfinished_uploads(
    name: str, bucket: str
) -> None:
    properties = template(name).properties(bucket)
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(properties["PublicAccessBlockConfiguration"]) == 4
    assert properties["BucketEncryption"]
    rules = properties["LifecycleConfiguration"]["Rules"]
    assert any("AbortIncompleteMultipartUpload" in rule for rule in rules)
    statements = template(name).properties(f"{bucket}Policy")["PolicyDocument"]["Statement"]
    denials = [it for it in statements if it["Effect"] == "Deny"]
    assert denials[0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize("unit", ["monolith", "accounts"])
def test_the_table_is_the_one_that_the_code_creates(unit: str) -> None:
    code = (SOURCES[unit] / "accounts" / "table.py").read_text()
    (key,) = re.findall(r'^_KEY = "(\w+)"', code, re.MULTILINE)
    table = template(unit).properties("AccountsTable")
    assert table["KeySchema"] == [{"AttributeName": key, "KeyType": "HASH"}]
    assert table["BillingMode"] == "PAY_PER_REQUEST"


def _patience_seconds(command: list[str], interval: int, failures: int) -> int:
    """Return for how long a process may make no progress until it is replaced."""
    found = re.search(r"worker_health \S+ (\d+)$", " ".join(command))
    assert found, command
    return int(found[1]) + interval * failures


@pytest.mark.parametrize(
    ("unit", "process"),
    [("monolith", "worker"), ("recognition", "worker"), ("submissions", "consumer")],
)
def test_an_outage_of_a_store_replaces_a_process_as_late_as_on_kubernetes(
    unit: str, process: str
) -> None:
    (check,) = [
        container["HealthCheck"]
        for container in _containers(template(unit, WORKER))
        if container["Command"] == [process]
    ]
    file = SOURCES[unit] / "deploy" / "kubernetes" / "base" / f"{process}.yaml"
    (probe,) = [
        container["livenessProbe"]
        for document in yaml.safe_load_all(file.read_text())
        if document["kind"] == "Deployment"
        for container in document["spec"]["template"]["spec"]["containers"]
    ]
    patience = _patience_seconds(
        probe["exec"]["command"], probe["periodSeconds"], probe["failureThreshold"]
    )
    assert _patience_seconds(check["Command"], check["Interval"], check["Retries"]) == patience


@pytest.mark.parametrize("name", ["monolith", "edge"])
def test_an_idle_connection_is_closed_by_the_load_balancer_and_not_by_what_is_behind_it(
    name: str,
) -> None:
    attributes = template(name).properties("LoadBalancer")["LoadBalancerAttributes"]
    (seconds,) = [
        int(it["Value"]) for it in attributes if it["Key"] == "idle_timeout.timeout_seconds"
    ]
    long_poll = (SOURCES["monolith"] / "submissions" / "long_poll.py").read_text()
    found = re.search(r"^WAIT_MAX_SECONDS = (\d+)", long_poll, re.MULTILINE)
    assert found
    assert int(found[1]) < seconds < GRANIAN_IDLE_SECONDS
    for source in SOURCES.values():
        assert "header-read-timeout" not in (source / "Procfile").read_text()


def _routes(caddyfile: Path, matcher: str) -> set[str]:
    found = re.search(rf"^\t@{matcher} path (.+)$", caddyfile.read_text(), re.MULTILINE)
    assert found, matcher
    return set(found[1].split())


def _rule(unit: str, name: str = "ApiRule") -> set[str]:
    (condition,) = template(unit).properties(name)["Conditions"]
    return set(condition["PathPatternConfig"]["Values"])


def test_the_load_balancers_route_as_the_caddyfiles_do() -> None:
    services = REPOSITORY / "microservices" / "edge" / "Caddyfile"
    assert _rule("monolith") == _routes(REPOSITORY / "monolith" / "edge" / "Caddyfile", "api")
    assert _rule("accounts") == _routes(services, "accounts")
    assert _rule("submissions") == _routes(services, "submissions")
    _, _, inner = services.read_text().partition("EDGE_INTERNAL_PORT:8083} {")
    assert set(re.findall(r"^\thandle (/\S+) \{", inner, re.MULTILINE)) == (
        _rule("accounts", "InnerRule") | _rule("submissions", "InnerRule")
    )


@pytest.mark.parametrize("name", ["monolith", "edge"])
def test_only_what_a_rule_names_is_public(name: str) -> None:
    (action,) = template(name).properties("Listener")["DefaultActions"]
    assert action["FixedResponseConfig"]["StatusCode"] == "404"
    assert '"code":"not-found"' in action["FixedResponseConfig"]["MessageBody"]
    assert template(name).properties("LoadBalancer")["Scheme"] == "internal"
    public = [_rule("accounts"), _rule("submissions"), _rule("monolith")]
    assert not any(path.startswith("/internal") for paths in public for path in paths)


@pytest.mark.parametrize(
    ("name", "folder"), [("monolith", "monolith/edge"), ("edge", "microservices/edge")]
)
def test_cloudfront_sends_the_headers_of_the_caddyfile(name: str, folder: str) -> None:
    text = (REPOSITORY / folder / "Caddyfile").read_text()
    api, page = re.findall(r'^\t\tContent-Security-Policy "(.+)"$', text, re.MULTILINE)
    for policy, expected in (("ApiHeaders", api), ("PageHeaders", page)):
        config = template(name).properties(policy)["ResponseHeadersPolicyConfig"]
        security = config["SecurityHeadersConfig"]["ContentSecurityPolicy"]
        assert security["ContentSecurityPolicy"] == expected


@pytest.mark.parametrize("name", ["monolith", "edge"])
def test_the_page_is_readable_by_its_distribution_alone(name: str) -> None:
    found = template(name)
    statements = found.properties("PageBucketPolicy")["PolicyDocument"]["Statement"]
    (allowed,) = [it for it in statements if it["Effect"] == "Allow"]
    assert allowed["Action"] == "s3:GetObject"
    source = allowed["Condition"]["StringEquals"]["aws:SourceArn"]
    assert source.endswith(f"distribution/{name}-Distribution")
    config = found.properties("Distribution")["DistributionConfig"]
    page, _, stored = config["Origins"]
    assert page["OriginAccessControlId"].startswith(f"{name}-PageAccess")
    # The URL's own signature is what S3 checks; another one would replace it.
    assert "OriginAccessControlId" not in stored


def test_responses_of_the_api_and_signed_images_are_cached_by_no_edge() -> None:
    disabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # AWS's policy CachingDisabled
    for name in ("monolith", "edge"):
        config = template(name).properties("Distribution")["DistributionConfig"]
        for behaviour in config["CacheBehaviors"]:
            if behaviour["TargetOriginId"] != "page":
                assert behaviour["CachePolicyId"] == disabled, behaviour["PathPattern"]
        # Errors are cached apart from that policy, each for the time that is set here.
        errors = {
            it["ErrorCode"]: it["ErrorCachingMinTTL"] for it in config["CustomErrorResponses"]
        }
        assert errors == dict.fromkeys(ALWAYS_CACHED, 0)


@pytest.mark.parametrize(
    ("name", "bucket"), [("monolith", f"monolith-images-{ACCOUNT}"), ("edge", IMAGES)]
)
def test_cloudfront_passes_images_of_one_bucket_on_and_nothing_else_of_s3(
    name: str, bucket: str
) -> None:
    code = template(name).properties("StoredPath")["FunctionCode"]
    (pattern,) = re.findall(r"uri\.match\(/(.+)/\);", code)
    path = f"/{bucket}/images/0195b0c4-7f3e-7c1a-9d52-3f1e8a6b7c90"
    found = re.search(pattern, f"/stored{path}")
    assert found is not None
    assert found[1] == path
    others = (path.replace(bucket, "another"), path.replace("images/0", "uploads/0"), f"{path}/..")
    assert not any(re.search(pattern, f"/stored{other}") for other in others)


def test_every_image_of_a_unit_has_a_repository() -> None:
    shared = template("shared")
    names = {
        shared.properties(it)["RepositoryName"] for it in shared.of_type("AWS::ECR::Repository")
    }
    functions = {f"flow/{unit}-function" for unit in ("monolith", "recognition")}
    assert names == {f"flow/{unit}" for unit in UNITS} | functions


@pytest.mark.parametrize("unit", ["accounts", "submissions", "recognition", "edge"])
def test_the_services_stack_gives_each_unit_its_parameters(unit: str) -> None:
    parent = template("microservices")
    (given,) = [
        parent.properties(name)["Parameters"]
        for name in parent.of_type("AWS::CloudFormation::Stack")
        if f"/{unit}/" in parent.properties(name)["TemplateURL"]
    ]
    declared = template(unit).document["Parameters"]
    assert set(given) <= set(declared)
    assert {name for name, it in declared.items() if "Default" not in it} <= set(given)


@pytest.mark.parametrize("stack", ["monolith", "microservices"])
def test_what_is_imported_from_the_shared_stack_is_exported_by_it(stack: str) -> None:
    text = TEMPLATES[stack].read_text()
    imported = set(re.findall(r'"Fn::ImportValue": \{"Fn::Sub": "\$\{SharedStack\}-(\w+)"', text))
    assert imported
    assert imported <= set(template("shared").document["Outputs"])
