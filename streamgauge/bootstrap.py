"""Make the checkout's .venv from the lock. Standard library only; `run.sh` calls it.

python bootstrap.py CHECKOUT harness|dev
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path


def main() -> None:
    """Bring .venv up to the lock; nothing to do where it is."""
    checkout, packages = Path(sys.argv[1]), sys.argv[2]
    environment = checkout / ".venv"
    locks = checkout / "jars" / "locks"
    with (checkout / ".venv.lock").open("w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        wanted = [_stamp(locks / f"{name}.txt") for name in _needed(packages)]
        if not all((environment / stamp).exists() for stamp in wanted):
            _install(environment, checkout, locks / f"{packages}.txt")
            for stamp in wanted:
                (environment / stamp).touch()


def _needed(packages: str) -> list[str]:
    """The dev lock has all that the harness needs."""
    return ["harness"] if packages == "harness" else ["harness", "dev"]


def _stamp(lock: Path) -> str:
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    return f"{lock.stem}-{digest}"


def _install(environment: Path, checkout: Path, lock: Path) -> None:
    print(f"streamgauge: making .venv ({lock.stem})", file=sys.stderr)
    python = environment / "bin" / "python"
    if not _works(python):
        shutil.rmtree(environment, ignore_errors=True)
        venv.create(environment, with_pip=True)
    with tempfile.TemporaryDirectory() as folder:
        alone = _uv_alone(lock, Path(folder))
        _run(python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", alone)
    uv = environment / "bin" / "uv"
    _run(uv, "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", lock)
    _on_path(environment, checkout)


def _works(python: Path) -> bool:
    """Whether an environment is there and whole; one cut short is made anew."""
    pip = [str(python), "-m", "pip", "--version"]
    try:
        return subprocess.run(pip, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _uv_alone(lock: Path, folder: Path) -> Path:
    """The lock's entry for uv: pip installs uv, uv the rest in a tenth of the time."""
    entries = lock.read_text().replace("\\\n", " ").splitlines()
    (entry,) = (entry for entry in entries if entry.startswith("uv=="))
    alone = folder / "uv.txt"
    alone.write_text(entry + "\n")
    return alone


def _run(*command: object) -> None:
    done = subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        sys.exit(f"streamgauge: could not make .venv: {command[0]} failed, see above")


def _on_path(environment: Path, checkout: Path) -> None:
    """Let the environment import this checkout, as an editable install would."""
    python = environment / "bin" / "python"
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    folder = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    (Path(folder.stdout.strip()) / "streamgauge-checkout.pth").write_text(f"{checkout}\n")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("streamgauge: interrupted")
