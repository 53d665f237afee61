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


def named(service: str) -> str:
    """The image that a variable names, else the one that versions.toml declares."""
    return os.environ.get(variable(service)) or str(versions.declared()["images"][service])


def variable(service: str) -> str:
    """What another image is named by."""
    return f"STREAMGAUGE_IMAGE_{service.upper()}"


def bring(service: str) -> str:
    """The image of a service, pulled where it is not here.

    A StreamgaugeError where it cannot be: it says how to name another.
    """
    image = named(service)
    # testcontainers puts the prefix before it by itself.
    whole = testcontainers_config.hub_image_name_prefix + image
    if not _is_here(whole):
        _log.info("pulling image %s", whole)
        cannot = (
            f"image {whole} is not here and cannot be pulled ({variable(service)} names another)"
        )
        with client() as engine, asking(cannot):
            _pull(engine, whole, cannot)
    return image


def _pull(engine: DockerClient, image: str, cannot: str) -> None:
    """What breaks off on the way, such as over a full disk, is told in the stream alone."""
    repository, tag = parse_repository_tag(image)
    for told in engine.api.pull(repository, tag=tag or "latest", stream=True, decode=True):
        if "error" in told:
            raise StreamgaugeError(f"{cannot}: {told['error']}")


def _is_here(image: str) -> bool:
    with client() as engine, asking(f"image {image}"):
        try:
            engine.images.get(image)
        except ImageNotFound:
            return False
    return True
