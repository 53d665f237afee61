"""Whom Java trusts: certificates, PEM, as the PKCS #12 that its drivers read."""

from __future__ import annotations

import re
from pathlib import Path

from streamgauge import paths
from streamgauge.errors import StreamgaugeError
from streamgauge.files import made_whole, short_name
from streamgauge.processes import run
from streamgauge.runtimes.java import java

_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)


def store(authorities: Path, password: str) -> Path:
    """A store of the certificates in a file; the same for the same, as long as the project is.

    Debezium tells a whole JVM where it is, once. A StreamgaugeError where there is none in it.
    """
    found = _CERTIFICATE.findall(authorities.read_text())
    if not found:
        raise StreamgaugeError(f"{authorities} has no certificate in PEM")
    folder = paths.state() / "trust" / short_name(*found)
    if not folder.exists():
        with made_whole(folder) as temporary:
            for number, certificate in enumerate(found):
                _add(certificate, f"ca-{number}", temporary, password)
    return folder / "ca.p12"


def _add(certificate: str, alias: str, folder: Path, password: str) -> None:
    file = folder / f"{alias}.pem"
    file.write_text(certificate)
    options = ["-noprompt", "-storetype", "PKCS12", "-storepass", password, "-alias", alias]
    kept = ["-keystore", str(folder / "ca.p12"), "-file", str(file)]
    run([str(java().with_name("keytool")), "-importcert", *options, *kept])
