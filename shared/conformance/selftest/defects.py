"""The planted violations of the contract, each with the cases that must fail."""

import base64
import json
import re
from typing import Any

from selftest.proxy import Defect, Exchange, fresh_id, sleep

LIST = "/api/v1/submissions"
ONE = re.compile(r"/api/v1/submissions/[^/]+")


def _is(exchange: Exchange, method: str, path: str) -> bool:
    return (exchange.method, exchange.path) == (method, path)


def _reads_one(exchange: Exchange) -> bool:
    return exchange.method == "GET" and ONE.fullmatch(exchange.path) is not None


def _forgets(name: str) -> Any:
    def before(exchange: Exchange) -> None:
        exchange.headers.pop(name, None)

    return before


def _loses(name: str) -> Any:
    return lambda exchange: exchange.drop(name)


def _responses(status: int, code: str, instead_status: int, instead_code: str) -> Any:
    def after(exchange: Exchange) -> None:
        if exchange.status == status and exchange.json.get("code") == code:
            exchange.status = instead_status
            exchange.change(
                status=instead_status, code=instead_code, type=f"/problems/{instead_code}"
            )

    return after


def _acknowledges_early(exchange: Exchange) -> None:
    if exchange.status == 202:
        lost = fresh_id()
        exchange.change(id=lost)
        exchange.put("Location", f"{LIST}/{lost}")


def _reveals_others(exchange: Exchange) -> None:
    if exchange.status == 404:
        exchange.change(detail=f"There is nothing at {exchange.path}.")


def _marks_others(exchange: Exchange) -> None:
    """Remove one header from the 404 for an unknown submission, not from that for another's."""
    known = exchange.memory.setdefault("ids", set())
    if exchange.status == 202:
        known.add(exchange.json["id"])
    if exchange.status == 404 and any(i in exchange.path for i in known):
        exchange.put("X-Cache", "hit")


def _lets_unsigned_in(exchange: Exchange) -> None:
    """Accept an unsigned token as the valid one that was issued before."""
    authorization = exchange.headers.get("authorization", "")
    header = authorization.removeprefix("Bearer ").partition(".")[0]
    try:
        algorithm = json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))["alg"]
    except (ValueError, KeyError, TypeError):
        return
    if str(algorithm).lower() == "none":
        exchange.headers["authorization"] = exchange.memory.get("good", "")


def _remembers_a_token(exchange: Exchange) -> None:
    if exchange.path.endswith("/tokens") and exchange.status == 200:
        exchange.memory["good"] = f"Bearer {exchange.json['access_token']}"


def _ignores_unknown_fields(exchange: Exchange) -> None:
    if _is(exchange, "POST", LIST) and b'"image_url"' in exchange.body:
        try:
            body = json.loads(exchange.body)
            exchange.body = json.dumps({"image_url": body["image_url"]}).encode()
        except (ValueError, KeyError, TypeError):
            return


def _takes_any_url(exchange: Exchange) -> None:
    if exchange.json.get("code") == "invalid-image-url" and exchange.status == 422:
        taken = fresh_id()
        exchange.instead(
            202,
            {
                "id": taken,
                "state": "pending",
                "image": {"kind": "url", "url": "http://a/", "media_type": None, "bytes": None},
                "detection_count": None,
                "error": None,
                "created_at": "2026-01-02T03:04:05Z",
                "started_at": None,
                "completed_at": None,
            },
        )
        exchange.put("Location", f"{LIST}/{taken}")
        exchange.put("Retry-After", "1")


def _skips_one(exchange: Exchange) -> None:
    if _is(exchange, "GET", LIST) and "cursor" in exchange.query and exchange.status == 200:
        exchange.change(items=exchange.json["items"][1:])


def _repeats_one(exchange: Exchange) -> None:
    if _is(exchange, "GET", LIST) and exchange.status == 200 and exchange.json["items"]:
        exchange.change(items=[*exchange.json["items"], exchange.json["items"][-1]])


def _turns_the_list(exchange: Exchange) -> None:
    if _is(exchange, "GET", LIST) and exchange.status == 200:
        exchange.change(items=exchange.json["items"][::-1])


def _takes_any_limit(exchange: Exchange) -> None:
    if exchange.query.get("limit", "1") in {"0", "101"}:
        del exchange.query["limit"]


def _does_not_wait(exchange: Exchange) -> None:
    exchange.query.pop("wait", None)


def _waits_too_long(exchange: Exchange) -> None:
    if exchange.query.get("wait") == "1":
        sleep(3.5)


def _does_not_delete(exchange: Exchange) -> None:
    if exchange.method == "DELETE" and ONE.fullmatch(exchange.path):
        exchange.method = "GET"
        exchange.memory["kept"] = True


def _reports_it_deleted(exchange: Exchange) -> None:
    if exchange.memory.pop("kept", False):
        exchange.status, exchange.content = (204, b"") if exchange.status == 200 else (404, b"")
        exchange.response_headers = []


def _changes_the_image(exchange: Exchange) -> None:
    if exchange.path.endswith("/image") and exchange.status == 200:
        exchange.content += b"\x00"


def _shifts_boxes(exchange: Exchange) -> None:
    if exchange.path.endswith("/result") and exchange.status == 200:
        result = exchange.json
        for detection in result["detections"]:
            detection["box"]["left"] = detection["box"]["left"] * 0.4
        exchange.set_json(result)


def _changes_image_and_boxes(exchange: Exchange) -> None:
    _changes_the_image(exchange)
    _shifts_boxes(exchange)


def _finds_one_more(exchange: Exchange) -> None:
    if exchange.path.endswith("/result") and exchange.status == 200:
        box = {"left": 0.0, "top": 0.0, "width": 0.1, "height": 0.1}
        extra = {"label": "face", "score": 0.9, "box": box}
        exchange.change(detections=[*exchange.json["detections"], extra])


def _fails_with_another_code(exchange: Exchange) -> None:
    if _reads_one(exchange) and exchange.json.get("error"):
        exchange.change(error=exchange.json["error"] | {"code": "recognizer-crashed"})


def _reveals_internals(exchange: Exchange) -> None:
    if _reads_one(exchange) and exchange.json.get("error"):
        detail = "HTTPConnectionPool(host='10.0.0.7', port=80): Max retries exceeded"
        exchange.change(error=exchange.json["error"] | {"detail": detail})


def _publishes_private_keys(exchange: Exchange) -> None:
    if exchange.path.endswith("jwks.json"):
        exchange.set_json({"keys": [key | {"d": "c2VjcmV0"} for key in exchange.json["keys"]]})


def _counts_nothing(exchange: Exchange) -> None:
    if exchange.path == "/api/v1/account" and exchange.status == 200:
        exchange.change(submission_count=0)


def _reveals_that_the_email_is_unknown(exchange: Exchange) -> None:
    if exchange.json.get("code") == "invalid-credentials" and b"unknown-" in exchange.body:
        exchange.change(detail="There is no such account.")


def _opens_the_inside(exchange: Exchange) -> None:
    if exchange.path.startswith("/internal/"):
        exchange.instead(200, {"count": 3})


def _leaves_an_operation_out(exchange: Exchange) -> None:
    if exchange.path == "/api/v1/schema":
        paths = {n: i for n, i in exchange.json["paths"].items() if not n.endswith("/result")}
        exchange.change(paths=paths)


def _breaks_on_bad_pages(exchange: Exchange) -> None:
    if _is(exchange, "GET", LIST) and exchange.status == 422:
        exchange.status = 500
        exchange.change(status=500, code="internal", type="/problems/internal")


def _responds_as_undocumented(exchange: Exchange) -> None:
    if _is(exchange, "GET", LIST) and exchange.status == 200:
        exchange.status = 206


def _never_refuses_many(exchange: Exchange) -> None:
    if exchange.status == 429 and exchange.path == LIST:
        exchange.status = 503
        exchange.change(status=503, code="unavailable", type="/problems/unavailable")


def _forgets_a_field(exchange: Exchange) -> None:
    if _reads_one(exchange) and exchange.status == 200:
        exchange.set_json({n: v for n, v in exchange.json.items() if n != "started_at"})


def _adds_a_field(exchange: Exchange) -> None:
    if _reads_one(exchange) and exchange.status == 200:
        exchange.change(owner="another")


def _problems_as_json(exchange: Exchange) -> None:
    if exchange.status >= 400:
        exchange.put("Content-Type", "application/json")


def _replays_as_it_is_now(exchange: Exchange) -> None:
    if "Idempotent-Replayed" in dict(exchange.response_headers) or any(
        name.lower() == "idempotent-replayed" for name, _ in exchange.response_headers
    ):
        exchange.change(state="processing", started_at="2026-01-02T03:04:05Z")


_OWNERSHIP = (
    "cases/test_ownership.py::test_another_account_gets_the_same_response_as_for_an_unknown_one"
)
_SLOW = "cases/test_reading.py::test_a_slow_submission_from_pending_to_succeeded"
_IDEMPOTENCY = "cases/test_idempotency.py::test_"
_INSIDE = "cases/test_protocol.py::test_the_inside_is_not_reached_through_the_edge"
_SCHEMA = "cases/test_schema.py::test_it_has_the_operation_with_its_success"
_PORTRAIT = "[images/portrait.jpg]"

DEFECTS = {
    "acknowledged-early": Defect(
        ("cases/test_image_urls.py::test_the_location_leads_to_the_submission",),
        after=_acknowledges_early,
    ),
    "reveals-others-in-the-body": Defect(
        (f"{_OWNERSHIP}[failed-read]", f"{_OWNERSHIP}[failed-delete]"), after=_reveals_others
    ),
    "reveals-others-in-a-header": Defect((f"{_OWNERSHIP}[failed-result]",), after=_marks_others),
    "others-are-forbidden": Defect(
        (f"{_OWNERSHIP}[failed-read]",), after=_responses(404, "not-found", 403, "forbidden")
    ),
    "no-etag": Defect(
        ("cases/test_image_urls.py::test_the_location_leads_to_the_submission",),
        after=_loses("ETag"),
    ),
    "never-304": Defect(
        ("cases/test_reading.py::test_a_known_response_is_not_sent_again[{}-304]",),
        before=_forgets("if-none-match"),
    ),
    "does-not-wait": Defect((_SLOW,), before=_does_not_wait),
    "waits-too-long": Defect((_SLOW,), after=_waits_too_long),
    "no-idempotency": Defect(
        (
            f"{_IDEMPOTENCY}a_repeated_request_gets_the_first_response",
            f"{_IDEMPOTENCY}another_url_with_the_key_is_refused",
            f"{_IDEMPOTENCY}50_at_once_with_one_key_make_one_submission",
            f"{_IDEMPOTENCY}20_uploads_at_once_with_one_key_make_one_submission",
            f"{_IDEMPOTENCY}a_key_of_256_characters_is_refused",
        ),
        before=_forgets("idempotency-key"),
    ),
    "replay-not-marked": Defect(
        (f"{_IDEMPOTENCY}a_repeated_request_gets_the_first_response",),
        after=_loses("Idempotent-Replayed"),
    ),
    "replay-moves-on": Defect(
        (f"{_IDEMPOTENCY}a_repeated_request_gets_the_first_response",), after=_replays_as_it_is_now
    ),
    "unsigned-token": Defect(
        (
            "cases/test_authentication.py::test_a_forged_token_is_refused[alg-none-/account]",
            "cases/test_authentication.py::test_a_forged_token_is_refused[alg-NONE-/submissions]",
        ),
        before=_lets_unsigned_in,
        after=_remembers_a_token,
    ),
    "unknown-fields-ignored": Defect(
        ("cases/test_image_urls.py::test_a_field_that_a_client_can_not_set[state]",),
        before=_ignores_unknown_fields,
    ),
    "any-url": Defect(
        (
            "cases/test_image_urls.py::test_a_url_that_can_not_be_fetched[metadata]",
            "cases/test_image_urls.py::test_a_url_that_can_not_be_fetched[loopback-octal]",
        ),
        after=_takes_any_url,
    ),
    "page-with-a-gap": Defect(
        (
            "cases/test_listing.py::test_all_pages_together_are_the_list[5]",
            "cases/test_listing.py::test_pages_have_no_gap_and_nothing_twice_while_others_come",
        ),
        after=_skips_one,
    ),
    "page-with-a-double": Defect(
        ("cases/test_listing.py::test_all_pages_together_are_the_list[5]",), after=_repeats_one
    ),
    "oldest-first": Defect(
        ("cases/test_listing.py::test_the_newest_comes_first",), after=_turns_the_list
    ),
    "any-limit": Defect(
        (
            "cases/test_listing.py::test_a_limit_out_of_bounds_is_refused[0]",
            "cases/test_listing.py::test_a_limit_out_of_bounds_is_refused[101]",
        ),
        before=_takes_any_limit,
    ),
    "not-deleted": Defect(
        ("cases/test_deletion.py::test_everything_is_gone[failed]",),
        before=_does_not_delete,
        after=_reports_it_deleted,
    ),
    "image-and-result": Defect(
        (
            f"cases/test_images.py::test_its_result_describes_the_stored_image{_PORTRAIT}",
            f"cases/test_images.py::test_its_faces_are_found{_PORTRAIT}",
        ),
        after=_changes_image_and_boxes,
    ),
    "one-face-more": Defect(
        (f"cases/test_images.py::test_its_faces_are_found{_PORTRAIT}",), after=_finds_one_more
    ),
    "image-may-be-sniffed": Defect(
        ("cases/test_images.py::test_an_image_is_shown_but_not_run",),
        after=_loses("X-Content-Type-Options"),
    ),
    "another-failure-code": Defect(
        (
            "cases/test_failures.py::test_a_redirect_to_where_it_may_not[metadata]",
            "cases/test_failures.py::test_a_bad_response_fails_with_its_code[huge]",
        ),
        after=_fails_with_another_code,
    ),
    "failure-reveals-internals": Defect(
        ("cases/test_failures.py::test_a_bad_response_fails_with_its_code[not-found]",),
        after=_reveals_internals,
    ),
    "private-keys": Defect(
        ("cases/test_tokens.py::test_the_key_set_has_no_private_parts",),
        after=_publishes_private_keys,
    ),
    "counts-nothing": Defect(
        ("cases/test_deletion.py::test_the_list_and_the_count_shrink",), after=_counts_nothing
    ),
    "unknown-email-revealed": Defect(
        ("cases/test_tokens.py::test_an_unknown_email_gets_the_same_response_as_a_wrong_password",),
        after=_reveals_that_the_email_is_unknown,
    ),
    "never-throttled": Defect(
        ("cases/test_tokens.py::test_an_account_is_throttled_after_ten_failures_in_parallel",),
        after=_responses(429, "too-many-requests", 401, "invalid-credentials"),
    ),
    "email-taken-twice": Defect(
        ("cases/test_accounts.py::test_an_email_is_taken_once",),
        after=_responses(409, "email-taken", 422, "invalid"),
    ),
    "inside-reached": Defect(
        (f"{_INSIDE}[/internal/submission-count]",),
        after=_opens_the_inside,
    ),
    "problems-as-json": Defect(
        ("cases/test_protocol.py::test_a_path_that_leads_nowhere[/api/v1/nothing]",),
        after=_problems_as_json,
    ),
    "no-challenge": Defect(
        ("cases/test_authentication.py::test_a_token_is_needed[GET /api/v1/account]",),
        after=_loses("WWW-Authenticate"),
    ),
    "operation-left-out": Defect(
        (f"{_SCHEMA}[GET /api/v1/submissions/{{id}}/result]",),
        after=_leaves_an_operation_out,
    ),
    "page-without-policy": Defect(
        ("cases/test_page.py::test_the_page_may_run_its_own_scripts_only",),
        after=_loses("Content-Security-Policy"),
    ),
    "field-forgotten": Defect(
        ("cases/test_image_urls.py::test_the_location_leads_to_the_submission",),
        after=_forgets_a_field,
    ),
    "field-too-many": Defect(
        ("cases/test_reading.py::test_a_submission_has_the_fields_of_the_contract",),
        after=_adds_a_field,
    ),
    "too-large-taken-as-broken": Defect(
        ("cases/test_uploads.py::test_more_than_10_megabytes_are_too_large[10000001]",),
        after=_responses(413, "image-too-large", 400, "malformed"),
    ),
    "full-account-is-unavailable": Defect(
        ("cases/test_open_submissions.py::test_more_than_100_open_submissions_are_too_many",),
        after=_never_refuses_many,
    ),
    "breaks-on-generated-requests": Defect(
        ("cases/test_schemathesis.py::test_generated_requests[GET /api/v1/submissions bad]",),
        after=_breaks_on_bad_pages,
    ),
    "undocumented-response": Defect(
        ("cases/test_schemathesis.py::test_generated_requests[GET /api/v1/submissions good]",),
        after=_responds_as_undocumented,
    ),
}
