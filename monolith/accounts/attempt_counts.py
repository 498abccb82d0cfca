"""Counts of attempts in windows of a fixed length, shared by all processes.

An attempt is counted in this process's memory and in the cache, and both must admit it. While the
cache is unavailable or stalled, the process's own counts still apply: the limits then hold per
process, so an outage of the cache doesn't lift them. After a failure the cache is not used for a
second, so that a stalled one delays few requests.
"""

import logging
import math
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import NamedTuple, Protocol

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

_AWAY_SECONDS = 1.0
_LOCAL_COUNTS_MAX = 10_000
# Both scripts change all counts in one step, so parallel attempts can't pass a limit together, and
# every count expires. The window begins when a count is created and is not extended.
_TAKE = """
local longest = 0
for i, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') >= tonumber(ARGV[i + 2]) then
    longest = math.max(longest, redis.call('PTTL', key), 1)
  end
end
if longest > 0 or ARGV[2] == '0' then return longest end
for _, key in ipairs(KEYS) do
  if redis.call('INCR', key) == 1 then redis.call('PEXPIRE', key, ARGV[1]) end
end
return 0
"""
_GIVE_BACK = """
for _, key in ipairs(KEYS) do
  local count = tonumber(redis.call('GET', key) or '0')
  if count > 1 then redis.call('DECR', key) elseif count == 1 then redis.call('DEL', key) end
end
"""


class Limit(NamedTuple):
    """The number of attempts that one count admits within its window."""

    key: str
    most: int


class _Counts(Protocol):
    def take(self, limits: Sequence[Limit], *, window_seconds: float, reserve: bool) -> float:
        """Return the seconds until all limits admit an attempt; 0 if they do so now."""

    def give_back(self, limits: Sequence[Limit]) -> None:
        """Count one attempt less."""


@dataclass(frozen=True)
class Reservation:
    """An attempt that has been counted already, before its outcome is known."""

    limits: Sequence[Limit]
    counted_in: Sequence[_Counts]

    def give_back(self) -> None:
        """Undo the count of the attempt; while the cache is unavailable it stays counted there."""
        for counts in self.counted_in:
            try:
                counts.give_back(self.limits)
            except (redis.RedisError, OSError) as error:
                logger.warning("an attempt stays counted, the cache is unavailable: %s", error)


@dataclass(frozen=True)
class Refusal:
    """A limit is reached; attempts are admitted again after `retry_after_seconds`."""

    retry_after_seconds: int


class SharedCounts:
    """Counts in the cache. Raises RedisError or OSError within a second if it can't be reached."""

    def __init__(self, client: "redis.Redis") -> None:
        self._take = client.register_script(_TAKE)
        self._give_back = client.register_script(_GIVE_BACK)

    def take(self, limits: Sequence[Limit], *, window_seconds: float, reserve: bool) -> float:
        """Count an attempt if every limit admits it and `reserve` is set; one round trip."""
        arguments = [round(window_seconds * 1000), int(reserve), *(limit.most for limit in limits)]
        left_ms = self._take([limit.key for limit in limits], arguments)
        return float(left_ms) / 1000

    def give_back(self, limits: Sequence[Limit]) -> None:
        """Count one attempt less; one round trip."""
        self._give_back([limit.key for limit in limits])


class LocalCounts:
    """Counts in this process's memory; beyond a maximum number the oldest are dropped."""

    def __init__(self, *, most_counts: int = _LOCAL_COUNTS_MAX) -> None:
        self._most_counts = most_counts
        self._lock = Lock()
        self._counts: OrderedDict[str, tuple[int, float]] = OrderedDict()  # count, end of window

    def take(self, limits: Sequence[Limit], *, window_seconds: float, reserve: bool) -> float:
        """Count an attempt if every limit admits it and `reserve` is set."""
        now = time.monotonic()
        with self._lock:
            found = {limit.key: self._count(limit.key, now) for limit in limits}
            ends = [found[key][1] for key, most in limits if found[key][0] >= most]
            if ends or not reserve:
                return max((max(end - now, 0.001) for end in ends), default=0)
            for key, (count, end) in found.items():
                self._counts[key] = (count + 1, end if count else now + window_seconds)
            while len(self._counts) > self._most_counts:
                self._counts.popitem(last=False)
        return 0

    def give_back(self, limits: Sequence[Limit]) -> None:
        """Count one attempt less."""
        now = time.monotonic()
        with self._lock:
            for limit in limits:
                count, end = self._count(limit.key, now)
                if count > 1:
                    self._counts[limit.key] = (count - 1, end)
                else:
                    self._counts.pop(limit.key, None)

    def _count(self, key: str, now: float) -> tuple[int, float]:
        count, end = self._counts.get(key, (0, 0.0))
        return (count, end) if end > now else (0, 0.0)


class AttemptCounts:
    """The process's own counts together with the shared ones."""

    def __init__(self, local: _Counts, shared: _Counts) -> None:
        self._local = local
        self._shared = shared
        self._away_until = 0.0

    def check(self, limits: Sequence[Limit], *, window_seconds: float) -> Refusal | None:
        """Return a refusal if a limit is reached. Counts nothing."""
        found = self._take(limits, window_seconds=window_seconds, reserve=False)
        return found if isinstance(found, Refusal) else None

    def reserve(self, limits: Sequence[Limit], *, window_seconds: float) -> Reservation | Refusal:
        """Count an attempt if every limit admits it. A refused attempt counts nowhere."""
        return self._take(limits, window_seconds=window_seconds, reserve=True)

    def _take(
        self, limits: Sequence[Limit], *, window_seconds: float, reserve: bool
    ) -> Reservation | Refusal:
        left_seconds = self._local.take(limits, window_seconds=window_seconds, reserve=reserve)
        if left_seconds > 0:
            return Refusal(math.ceil(left_seconds))
        if time.monotonic() < self._away_until:
            return Reservation(limits, [self._local])
        try:
            left_seconds = self._shared.take(limits, window_seconds=window_seconds, reserve=reserve)
        except (redis.RedisError, OSError) as error:
            self._away_until = time.monotonic() + _AWAY_SECONDS
            logger.warning("attempts are counted per process, the cache is unavailable: %s", error)
            return Reservation(limits, [self._local])
        if left_seconds > 0:
            if reserve:
                self._local.give_back(limits)
            return Refusal(math.ceil(left_seconds))
        return Reservation(limits, [self._local, self._shared])


@cache
def attempt_counts() -> AttemptCounts:
    """Return this process's AttemptCounts."""
    client = redis.Redis.from_url(
        settings.CACHE_URL,
        socket_connect_timeout=0.5,
        socket_timeout=0.5,
        retry=Retry(NoBackoff(), 0),  # no retry: a client waits, and local counts are the fallback
    )
    return AttemptCounts(LocalCounts(), SharedCounts(client))
