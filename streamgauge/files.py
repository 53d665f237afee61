"""Files and folders that are there whole or not at all, and what is told where they cannot be."""

from __future__ import annotations

import fcntl
import hashlib
import json
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from streamgauge.errors import StreamgaugeError


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """An OSError of the body, which writes `path`, as a StreamgaugeError with the reason."""
    try:
        yield
    except OSError as error:
        raise StreamgaugeError(f"cannot write {path}: {error.strerror or error}") from None


@contextmanager
def written_whole(path: Path, mode: int = 0o666) -> Iterator[Path]:
    """A temporary file beside `path` that takes its place only when all went well.

    Of its `mode` the umask takes away. A StreamgaugeError where it cannot be written.
    """
    temporary = path.parent / f".{path.name}.{secrets.token_hex(4)}"
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.touch(mode, exist_ok=False)
        try:
            yield temporary
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def write_secret(path: Path, text: str) -> None:
    """Write a text, such as a password, that nobody but the owner may read."""
    with written_whole(path, mode=0o600) as temporary:
        temporary.write_text(text)


@contextmanager
def made_whole(folder: Path) -> Iterator[Path]:
    """A temporary folder that becomes `folder` when all went well; others wait for it.

    A StreamgaugeError where it cannot be written.
    """
    lock = folder.with_name(f".{folder.name}.lock")
    with writing(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
    with writing(folder), lock.open("w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            yield temporary
            if not folder.exists():
                temporary.rename(folder)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


def make_or_copy(folder: Path, kept: Path, make: Callable[[], None]) -> None:
    """Have `folder` made, or copied from `kept`, where it is kept when it was made first.

    A StreamgaugeError where it cannot be written.
    """
    if not kept.exists():
        make()
        with made_whole(kept) as temporary:
            shutil.copytree(folder, temporary, dirs_exist_ok=True)
        return
    with writing(folder):
        shutil.copytree(kept, folder)


def read_json(path: Path) -> Any:
    """What a JSON file says. A StreamgaugeError where it is damaged."""
    try:
        return json.loads(path.read_bytes())
    except ValueError as error:
        raise StreamgaugeError(f"{path} is damaged: {error}") from None


def uri(path: Path) -> str:
    """The address of a file or folder as Flink, Hive and Hadoop read it.

    Not `Path.as_uri`: they take a `%20` in it for three characters of a name.
    """
    return f"file://{path.absolute()}"


def located(location: str) -> Path:
    """The file or folder at such an address, which may have one slash or three."""
    return Path("/" + location.partition(":")[2].lstrip("/"))


def sha256(path: Path) -> str:
    """The file's SHA-256, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def short_name(*texts: str) -> str:
    """A name that these texts have, and in all likelihood no others."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:10]
