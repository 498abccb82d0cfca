"""Recognition as a function: it scales by itself, and what breaks it loses and doubles nothing."""

import signal
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.oracle import History, RecordingClient
from benchmarks.reliability.records import Record
from benchmarks.targets import Target
from benchmarks.targets.injection import Overrides
from benchmarks.targets.local.function import (
    CONCURRENCY,
    DEAD_LETTER_QUEUE,
    QUEUE_SETTING,
    SETTINGS_FILE,
    client,
)
from benchmarks.tests.faults.test_messages import MAX_ATTEMPTS, POISON, attempts_of, poisonous
from benchmarks.tests.faults.verification import assert_nothing_lost_or_doubled, seconds_until

FUNCTION = {"monolith": "monolith", "microservices": "recognition"}
BURST = 40
STARTED_SECONDS = 60.0  # four functions start at once, on a busy machine after ten seconds
DRAIN_SECONDS = 90.0
IDLE_SECONDS = 30.0


class Aws:
    """The emulator's clients, and the queues of a target."""

    def __init__(self, target: Target) -> None:
        settings = target.queue_environment()
        self.sqs = client("sqs", settings)
        self.functions = client("lambda", settings)
        self.name = FUNCTION[target.arch]
        self.queue = settings[QUEUE_SETTING]
        self.dead_letters = self.sqs.get_queue_url(QueueName=DEAD_LETTER_QUEUE)["QueueUrl"]

    def count(self, queue: str) -> int:
        """How many messages of a queue wait or are being handled."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)
        return sum(int(found["Attributes"][name]) for name in names)

    @contextmanager
    def throttled(self) -> Iterator[None]:
        """Allow no call of the function within the block."""
        self.functions.put_function_concurrency(
            FunctionName=self.name, ReservedConcurrentExecutions=0
        )
        try:
            yield
        finally:
            self.functions.delete_function_concurrency(FunctionName=self.name)

    def visible_again_after(self, seconds: int) -> None:
        """Set after how long a message that wasn't handled is delivered again."""
        attributes = {"VisibilityTimeout": str(seconds)}
        self.sqs.set_queue_attributes(QueueUrl=self.queue, Attributes=attributes)


@contextmanager
def broken(target: Target, aws: Aws) -> Iterator[None]:
    """Let every environment of the function end at its start within the block."""
    settings = target.run_dir / SETTINGS_FILE
    aside = settings.with_suffix(".aside")
    settings.rename(aside)
    target.kill_children("lambda")
    aws.visible_again_after(1)
    try:
        yield
    finally:
        aws.visible_again_after(22)
        aside.rename(settings)


def test_a_burst_starts_environments_which_end_by_themselves(
    function_target: Target, function_recorder: RecordingClient, record: Record
) -> None:
    target, recorder = function_target, function_recorder
    assert seconds_until(lambda: not target.function_pids(), timeout_seconds=IDLE_SECONDS) < 30
    before = len(target.function_starts())
    with watched(target) as counts:
        started = time.monotonic()
        recorder.submit_accepted(BURST)
        recorder.drain(timeout_seconds=DRAIN_SECONDS)
        record.note("done after", time.monotonic() - started, "s")
        ended = seconds_until(lambda: not target.function_pids(), timeout_seconds=IDLE_SECONDS)
    starts = target.function_starts()[before:]
    record.note("environments", max(counts))
    record.note("cold start", statistics.median(start.seconds for start in starts), "s")
    record.at_most("none left after", ended, IDLE_SECONDS)
    assert max(counts) == CONCURRENCY
    assert_nothing_lost_or_doubled(target, recorder.history, record)


@contextmanager
def watched(target: Target) -> Iterator[list[int]]:
    """Yield a list of how many environments there were, every 0.1 s of the block."""
    counts, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            counts.append(len(target.function_pids()))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield counts
    finally:
        over.set()
        thread.join()


def test_a_function_killed_mid_attempt(
    function_target: Target, function_recorder: RecordingClient, record: Record
) -> None:
    ids = function_recorder.submit_accepted(4)
    function_recorder.wait_for_state(ids, "processing", timeout_seconds=STARTED_SECONDS)
    assert function_target.function_pids()
    function_target.kill_children("lambda", signal.SIGKILL)
    seconds = function_recorder.drain(timeout_seconds=DRAIN_SECONDS)
    record.at_most("done after", seconds, DRAIN_SECONDS)
    assert_nothing_lost_or_doubled(function_target, function_recorder.history, record)


def test_a_function_killed_again_and_again(
    function_target: Target, function_recorder: RecordingClient, record: Record
) -> None:
    function_recorder.submit_accepted(BURST)
    killed = 0
    for _ in range(3):
        time.sleep(1)
        killed += len(function_target.function_pids())
        function_target.kill_children("lambda", signal.SIGKILL)
    assert killed
    record.note("killed", killed)
    seconds = function_recorder.drain(timeout_seconds=DRAIN_SECONDS)
    record.at_most("done after", seconds, DRAIN_SECONDS)
    assert_nothing_lost_or_doubled(function_target, function_recorder.history, record)


def test_a_message_delivered_10_times(
    function_target: Target, function_recorder: RecordingClient, record: Record
) -> None:
    aws = Aws(function_target)
    with aws.throttled():
        (submission_id,) = function_recorder.submit_accepted(1)
        (message,) = aws.sqs.receive_message(QueueUrl=aws.queue, WaitTimeSeconds=5)["Messages"]
        handle = message["ReceiptHandle"]
        for _ in range(10):
            aws.sqs.send_message(QueueUrl=aws.queue, MessageBody=message["Body"])
        aws.sqs.delete_message(QueueUrl=aws.queue, ReceiptHandle=handle)
    function_recorder.drain(timeout_seconds=DRAIN_SECONDS)
    consumed = seconds_until(lambda: aws.count(aws.queue) == 0, timeout_seconds=30)
    record.at_most("consumed after", consumed, 30)
    record.at_most("attempts", attempts_of(function_target, submission_id), 1, "")
    assert_nothing_lost_or_doubled(function_target, function_recorder.history, record)


def test_a_throttled_function(
    function_target: Target, function_recorder: RecordingClient, record: Record
) -> None:
    aws = Aws(function_target)
    with aws.throttled():
        ids = function_recorder.submit_accepted(3)
        time.sleep(8)  # longer than REDISPATCH_AFTER_SECONDS
        states = {function_target.inventory().rows[key].state for key in ids}
        record.at_most("messages", aws.count(aws.queue), 3, "")  # a backlog is no loss
    assert states == {"pending"}
    record.at_most("done after", function_recorder.drain(timeout_seconds=DRAIN_SECONDS), 30)
    assert_nothing_lost_or_doubled(function_target, function_recorder.history, record)


def test_messages_in_the_dead_letter_queue(
    function_target: Target, function_recorder: RecordingClient, record: Record
) -> None:
    aws = Aws(function_target)
    before = aws.count(aws.dead_letters)
    with broken(function_target, aws):
        function_recorder.submit_accepted(2)
        dead = seconds_until(lambda: aws.count(aws.dead_letters) >= before + 2, timeout_seconds=60)
    record.at_most("dead after", dead, 60)
    record.at_most("done after", function_recorder.drain(timeout_seconds=DRAIN_SECONDS), 90)
    assert_nothing_lost_or_doubled(function_target, function_recorder.history, record)


def test_a_poison_image(
    function_target: Target, history: History, record: Record, overrides: Overrides
) -> None:
    neighbour = RecordingClient(function_target.base_url, history)
    poisoner = RecordingClient(function_target.base_url, history, image=poisonous())
    aws = Aws(function_target)
    overrides.poison(width=POISON[0], height=POISON[1], effect="kill")
    try:
        (poison,) = poisoner.submit_accepted(1)
        others = neighbour.submit_accepted(4)
        neighbour.drain(timeout_seconds=DRAIN_SECONDS)
        poisoner.drain(timeout_seconds=240)
    finally:
        overrides.clear()
    rows = function_target.inventory().rows
    assert rows[poison].state == "failed"
    assert {rows[key].state for key in others} == {"succeeded"}
    record.at_most("attempts", attempts_of(function_target, poison), MAX_ATTEMPTS, "")
    assert seconds_until(lambda: aws.count(aws.queue) == 0, timeout_seconds=90) < 90
    assert_nothing_lost_or_doubled(function_target, history, record, states=("succeeded", "failed"))
