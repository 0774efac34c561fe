"""Builds the wheel of the Python package by CMake (a PEP 517 backend).

It asks for nothing beside the standard library, so that `pip install .` works without a network on a machine that
has what scripts/bootstrap installs.
"""

import base64
import hashlib
import os
import pathlib
import re
import subprocess
import sys
import sysconfig
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[3]


def version() -> str:
    return re.search(r"project\(mavis VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text()).group(1)


def tag() -> str:
    python = f"cp{sys.version_info.major}{sys.version_info.minor}"
    return f"{python}-{python}-{re.sub('[-.]', '_', sysconfig.get_platform())}"


def compiled(build: pathlib.Path) -> pathlib.Path:
    """The package's folder, built below `build` for the Python that runs this."""
    subprocess.run(
        ["cmake", "-S", ROOT, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DMAVIS_BUILD_TESTS=OFF"]
        + ["-DCMAKE_CXX_FLAGS_RELEASE=-O2 -DNDEBUG", f"-DPython_EXECUTABLE={sys.executable}"]
        + os.environ.get("MAVIS_CMAKE_ARGUMENTS", "").split(),
        check=True,
    )
    subprocess.run(["cmake", "--build", build, "--target", "mavis_python"], check=True)
    return build / "python" / "mavis"


def metadata() -> dict:
    read = (ROOT / "pyproject.toml").read_text()
    field = lambda name: re.search(rf'^{name} = "(.*)"$', read, re.MULTILINE).group(1)  # noqa: E731
    return {
        "METADATA": f"Metadata-Version: 2.1\nName: mavis\nVersion: {version()}\nSummary: {field('description')}\n"
        f"License: Apache-2.0\nRequires-Python: {field('requires-python')}\nRequires-Dist: numpy\n",
        "WHEEL": f"Wheel-Version: 1.0\nGenerator: mavis_backend\nRoot-Is-Purelib: false\nTag: {tag()}\n",
        "licenses/LICENSE": (ROOT / "LICENSE").read_text(),
    }


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    folder = pathlib.Path(metadata_directory) / f"mavis-{version()}.dist-info"
    for name, text in metadata().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder.name


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    info = f"mavis-{version()}.dist-info"
    name = f"mavis-{version()}-{tag()}.whl"
    record = []
    with tempfile.TemporaryDirectory() as temporary:
        package = compiled(pathlib.Path(temporary))
        files = {f"mavis/{path.name}": path.read_bytes() for path in sorted(package.iterdir()) if path.is_file()}
        files |= {f"{info}/{file}": text.encode() for file, text in metadata().items()}
        with zipfile.ZipFile(pathlib.Path(wheel_directory) / name, "w", zipfile.ZIP_DEFLATED) as wheel:
            for file, content in files.items():
                digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
                record.append(f"{file},sha256={digest},{len(content)}\n")
                wheel.writestr(file, content)
            wheel.writestr(f"{info}/RECORD", "".join(record) + f"{info}/RECORD,,\n")
    return name
