"""What recognition as a function costs, with its queue."""

import numpy as np

from benchmarks.cost import sizing
from benchmarks.cost.deployment import Platform
from benchmarks.cost.inputs import Inputs
from benchmarks.cost.sizing import Values


def memory_mb(inputs: Inputs) -> float:
    """Return the function's memory: what the worker was measured to hold, with headroom."""
    needed = sizing.function_memory_mb(inputs.memory_bytes(inputs.usage.worker))
    return max(inputs.assumptions.function_least_mb, needed)


def call_seconds(inputs: Inputs, platform: Platform) -> float:
    """Return the billed seconds of one warm call.

    A function's share of a vCPU grows with its memory. It waits for the store as a worker does, and
    the wait is billed as well.
    """
    given = inputs.assumptions
    speed = min(1.0, memory_mb(inputs) / given.function_vcpu_mb)
    if platform is Platform.LAMBDA_ARM:
        speed *= given.arm_speed
    if inputs.function_ms is None:
        computing, overhead = inputs.cpu_ms(inputs.usage.worker), given.function_overhead_ms
    else:
        computing, overhead = inputs.function_ms / given.vcpu_speed, 0.0
    return (computing / speed + overhead + inputs.wait_ms) / 1000


def monthly(inputs: Inputs, platform: Platform, calls: Values) -> Values:
    """Return dollars for so many calls in a month."""
    given, prices = inputs.assumptions, inputs.prices
    cold = given.cold_start_share * given.cold_start_ms / 1000
    seconds = call_seconds(inputs, platform) + cold
    gb_seconds = calls * seconds * memory_mb(inputs) / 1024
    is_arm = platform is Platform.LAMBDA_ARM
    price = prices["lambda_gb_seconds_arm" if is_arm else "lambda_gb_seconds_x86"]
    computed: Values = np.maximum(0, gb_seconds - given.free_gb_seconds) * price
    called: Values = np.maximum(0, calls - given.free_requests) * prices["lambda_requests"]
    return computed + called


def queue(inputs: Inputs, submissions: Values) -> Values:
    """Return dollars for the queue's requests in a month."""
    given = inputs.assumptions
    requests = submissions * given.queue_messages * given.requests_per_message
    return (requests + given.polls_per_month) * inputs.prices["sqs_requests"]
