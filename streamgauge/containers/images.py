"""The images of services: what they are called, and that they are here."""

from __future__ import annotations

import logging
import os

from docker import DockerClient
from docker.errors import ImageNotFound
from docker.utils import parse_repository_tag
from testcontainers.core.config import testcontainers_config

from streamgauge import versions
from streamgauge.containers.engine import asking, client
from streamgauge.errors import StreamgaugeError

_log = logging.getLogger(__name__)


def named(service: str, release: str = "") -> str:
    """The image that a variable names, else the one that versions.toml declares for a release."""
    declared = str(versions.declared()["images"][service])
    return os.environ.get(variable(service)) or declared.format(release=release)


def variable(service: str) -> str:
    """What another image is named by."""
    return f"STREAMGAUGE_IMAGE_{service.upper()}"


def whole(image: str) -> str:
    """Its name with the prefix, which testcontainers puts before it by itself."""
    return testcontainers_config.hub_image_name_prefix + image


def bring(service: str, release: str = "") -> str:
    """The image of a service, pulled where it is not here.

    A StreamgaugeError where it cannot be: it says how to name another.
    """
    image = named(service, release)
    if not is_here(called := whole(image)):
        _log.info("pulling image %s", called)
        cannot = (
            f"image {called} is not here and cannot be pulled ({variable(service)} names another)"
        )
        with client() as engine, asking(cannot):
            _pull(engine, called, cannot)
    return image


def _pull(engine: DockerClient, image: str, cannot: str) -> None:
    """What breaks off on the way, such as over a full disk, is told in the stream alone."""
    repository, tag = parse_repository_tag(image)
    for told in engine.api.pull(repository, tag=tag or "latest", stream=True, decode=True):
        if "error" in told:
            raise StreamgaugeError(f"{cannot}: {told['error']}")


def is_here(image: str) -> bool:
    """Whether the engine has an image of this whole name."""
    with client() as engine, asking(f"image {image}"):
        try:
            engine.images.get(image)
        except ImageNotFound:
            return False
    return True
