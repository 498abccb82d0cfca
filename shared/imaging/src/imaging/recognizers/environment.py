"""Create the recognizer that the environment names.

This package reads all its variables here, with their defaults.
"""

from collections.abc import Mapping

from imaging.recognizers.protocol import Recognizer

DEFAULTS = {
    "RECOGNIZER": "centerface",
    "CENTERFACE_LONGEST_SIDE": "640",
    "CLARIFAI_URL": "https://api.clarifai.com",
    "CLARIFAI_API_KEY": "",
    "CLARIFAI_TIMEOUT_SECONDS": "10",
    "CLARIFAI_BREAKER_FAILURES": "3",
    "CLARIFAI_BREAKER_SECONDS": "10",
    "CLARIFAI_RETRY_AFTER_MAX_SECONDS": "120",
    "SYNTHETIC_CPU_MS": "30",
    "SYNTHETIC_WAIT_MS": "0",
}


def recognizer_from_environment(environ: Mapping[str, str]) -> Recognizer:
    """Create the recognizer that ``environ`` names.

    Cheap: a model is loaded at first use, in the process that uses it. Raises ValueError with the
    name of an invalid variable.
    """
    kind = _text(environ, "RECOGNIZER")
    # Imported only if configured: the libraries of the others need not be installed.
    if kind == "centerface":
        from imaging.recognizers.centerface import CenterFace  # noqa: PLC0415

        return CenterFace(longest_side=int(_number(environ, "CENTERFACE_LONGEST_SIDE", least=32)))
    if kind == "clarifai":
        from imaging.recognizers.breaker import CircuitBreaker  # noqa: PLC0415
        from imaging.recognizers.clarifai import Clarifai  # noqa: PLC0415

        if not (api_key := _text(environ, "CLARIFAI_API_KEY")):
            raise ValueError("CLARIFAI_API_KEY must be set if RECOGNIZER is clarifai.")
        return Clarifai(
            url=_text(environ, "CLARIFAI_URL"),
            api_key=api_key,
            timeout_seconds=_number(environ, "CLARIFAI_TIMEOUT_SECONDS", least=0.001),
            breaker=CircuitBreaker(
                max_failures=int(_number(environ, "CLARIFAI_BREAKER_FAILURES", least=1)),
                open_seconds=_number(environ, "CLARIFAI_BREAKER_SECONDS", least=0.001),
                max_retry_after_seconds=_number(
                    environ, "CLARIFAI_RETRY_AFTER_MAX_SECONDS", least=1
                ),
            ),
        )
    if kind == "synthetic":
        from imaging.recognizers.synthetic import Synthetic  # noqa: PLC0415

        return Synthetic(
            cpu_ms=_number(environ, "SYNTHETIC_CPU_MS", least=0),
            wait_ms=_number(environ, "SYNTHETIC_WAIT_MS", least=0),
        )
    raise ValueError("RECOGNIZER must be centerface, clarifai or synthetic.")


def _text(environ: Mapping[str, str], name: str) -> str:
    return environ.get(name) or DEFAULTS[name]


def _number(environ: Mapping[str, str], name: str, *, least: float) -> float:
    try:
        number = float(_text(environ, name))
    except ValueError:
        number = float("nan")
    if not least <= number < float("inf"):
        raise ValueError(f"{name} must be a number of at least {least:g}.")
    return number
