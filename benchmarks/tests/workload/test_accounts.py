"""Accounts are made once and shared, and users that share one sign in again once."""

import subprocess
import sys

import gevent
import pytest

from benchmarks.tests.fake_target import FakeApplication, Server
from benchmarks.tests.workload.locust_process import REPOSITORY
from benchmarks.workload.accounts import Account, SharedAccounts


class Maker:
    """Makes an account in some milliseconds, and at times refuses."""

    def __init__(self) -> None:
        self.made: list[Account] = []
        self.at_work = 0
        self.refuses = False

    def __call__(self) -> Account:
        self.at_work += 1
        assert self.at_work == 1, "one after another"
        gevent.sleep(0.005)
        self.at_work -= 1
        if self.refuses:
            raise ConnectionRefusedError
        self.made.append(Account(f"{len(self.made)}@example.com", "secret"))
        return self.made[-1]


def test_accounts_go_round() -> None:
    accounts, make = SharedAccounts(3), Maker()
    taken = [accounts.take(make) for _ in range(7)]
    assert len(make.made) == 3
    assert [make.made.index(it) for it in taken] == [0, 1, 2, 0, 1, 2, 0]


def test_those_made_beforehand_are_the_ones_that_are_taken() -> None:
    accounts, make = SharedAccounts(3), Maker()
    assert accounts.fill(make) == make.made
    assert [accounts.take(make) for _ in range(3)] == make.made
    assert len(make.made) == 3


def test_users_that_start_together_make_no_more_than_are_shared() -> None:
    accounts, make = SharedAccounts(4), Maker()
    taking = [gevent.spawn(accounts.take, make) for _ in range(12)]
    gevent.joinall(taking, timeout=5, raise_error=True)
    assert len(make.made) == 4
    assert all(it.value in make.made for it in taking)


def test_one_that_couldn_t_be_made_is_made_later() -> None:
    accounts, make = SharedAccounts(1), Maker()
    make.refuses = True
    with pytest.raises(ConnectionRefusedError):
        accounts.take(make)
    make.refuses = False
    assert accounts.take(make) is make.made[0]


TWO_USERS = """
import sys, gevent
from locust.env import Environment
from benchmarks.workload.accounts import Account
from benchmarks.workload.users import FlowUser

class User(FlowUser):
    host = sys.argv[1]

environment, shared = Environment(), Account("a@example.com", "secret")
users = [User(environment) for _ in range(5)]
for user in users:
    user.account = shared
gevent.joinall([gevent.spawn(it.keep_signed_in) for it in users], raise_error=True)
assert shared.token and not shared.stale
"""


def test_users_that_share_an_account_sign_in_again_once() -> None:
    with Server(FakeApplication()) as server:
        server.application.passwords["a@example.com"] = "secret"
        subprocess.run(
            [sys.executable, "-c", TWO_USERS, server.base_url],
            check=True,
            cwd=REPOSITORY,
            timeout=30,
        )
        assert server.application.calls == {"POST /api/v1/tokens": 1}


ENDED_SLOT = """
from locust.env import Environment
from benchmarks.workload.arrivals import Arrival
from benchmarks.workload.admission_queue import AdmissionQueue
from benchmarks.workload.slots import ArrivalUser, report_shed

class Slot(ArrivalUser):
    host = "http://127.0.0.1:9"

environment, shed = Environment(), []
environment.events.request.add_listener(lambda *, name, **_: shed.append(name))
Slot.queue = AdmissionQueue(report_shed(environment))
slot = Slot(environment)
slot.on_stop()
assert shed == []
Slot.queue.feed([Arrival(0.0)])
slot.wait_time()
slot.on_stop()
assert shed == ["arrival shed"], shed
"""


def test_an_arrival_that_an_ended_slot_can_t_begin_is_counted() -> None:
    subprocess.run([sys.executable, "-c", ENDED_SLOT], check=True, cwd=REPOSITORY, timeout=30)
