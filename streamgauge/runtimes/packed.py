"""A line's Python, whole, in one archive: for a cluster that has none like it."""

from __future__ import annotations

import json
import stat
import subprocess
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from streamgauge import paths
from streamgauge.files import written_whole
from streamgauge.runtimes.environment import Environment

# Where it is within what the archive is unpacked to.
PYTHON = "bin/python"
_TOLD = """\
import json, os, sys, sysconfig
print(json.dumps({
    "binary": os.path.realpath(os.path.join(sys.base_prefix, "bin", "python3")),
    "library": os.path.join(
        sysconfig.get_config_var("LIBDIR") or "", sysconfig.get_config_var("INSTSONAME") or ""
    ),
    "standard": sysconfig.get_path("stdlib"),
}))
"""
# It is the same Python wherever it is unpacked. A system's own may not look into site-packages.
_LAUNCH = """\
#!/bin/sh
here=$(cd "$(dirname "$0")/.." && pwd)
export LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export PYTHONHOME="$here"
export PYTHONPATH="${PYTHONPATH:+$PYTHONPATH:}$here/lib/STANDARD/site-packages"
exec "$here/bin/BINARY" "$@"
"""
# What no function needs: jars, which clusters have, tests, and what has a window.
_UNNEEDED = ("__pycache__", "test", "tests", "idlelib", "tkinter", "ensurepip")
_JARS = ("pyflink/lib", "pyflink/opt", "pyflink/plugins", "pyflink/examples")


def archive(environment: Environment) -> Path:
    """The archive, made once. A StreamgaugeError where it cannot be written."""
    path = paths.cache() / "packed" / f"{environment.folder.name}.zip"
    if not path.exists():
        with written_whole(path) as temporary:
            _write(temporary, environment)
    return path


def _write(path: Path, environment: Environment) -> None:
    told = _told(environment)
    binary, standard = Path(told["binary"]), Path(told["standard"])
    launch = _LAUNCH.replace("STANDARD", standard.name).replace("BINARY", binary.name)
    library = Path(told["library"])
    lib = f"lib/{standard.name}"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        entry = zipfile.ZipInfo(PYTHON)
        entry.external_attr = (stat.S_IFREG | 0o755) << 16
        packed.writestr(entry, launch)
        packed.write(binary, f"bin/{binary.name}")
        if library.suffix != ".a" and library.is_file():
            packed.write(library, f"lib/{library.name}")
        for file in _files(standard, ("site-packages", "dist-packages")):
            packed.write(file, f"{lib}/{file.relative_to(standard)}")
        for file in _files(environment.packages, _JARS):
            packed.write(file, f"{lib}/site-packages/{file.relative_to(environment.packages)}")


def _told(environment: Environment) -> Mapping[str, str]:
    command = [str(environment.python), "-c", _TOLD]
    return dict(json.loads(subprocess.check_output(command, text=True)))


def _files(folder: Path, without: Iterable[str]) -> Iterator[Path]:
    """All files in a folder, but for what no function needs, and for some folders."""
    left_out = {folder / name for name in without}
    for path in sorted(folder.iterdir()):
        if path in left_out or path.name in _UNNEEDED:
            continue
        if path.is_dir():
            inner = {str(each.relative_to(path)) for each in left_out if path in each.parents}
            yield from _files(path, inner)
        elif path.is_file():
            yield path
