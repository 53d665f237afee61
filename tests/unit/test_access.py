"""How to get to a cluster of somebody's own: what is secret comes by variables, and stays so."""

import pytest

from streamgauge.clusters import access as module
from streamgauge.clusters.access import CA, PASSWORD, SAVEPOINTS, TOKEN, USER, access
from streamgauge.errors import UsageError

URL = "https://flink.example:8443/team"
SECRET = "only-for-us"


@pytest.mark.parametrize(
    ("variables", "authorization"),
    [
        ({}, ""),
        ({TOKEN: SECRET}, f"Bearer {SECRET}"),
        ({USER: "ada", PASSWORD: "a:b"}, "Basic YWRhOmE6Yg=="),
    ],
)
def test_login_comes_by_variables(variables, authorization):
    """Both clients send it as a header: ours, and Flink's own."""
    found = access(URL, variables)

    assert authorization == found.authorization
    header = {"FLINK_REST_CLIENT_HEADERS": f"Authorization:{authorization}"}
    assert (header if authorization else {}) == found.variables()


def test_login_is_not_shown():
    """Whoever prints it gets nothing, and no job is told."""
    found = access(URL, {TOKEN: SECRET})

    assert SECRET not in f"{found!r} {found} {found.settings()}"


@pytest.mark.parametrize(
    ("url", "address", "port", "path"),
    [
        ("http://127.0.0.1:8081", "127.0.0.1", "8081", None),
        ("http://127.0.0.1:8081/", "127.0.0.1", "8081", None),
        ("https://flink", "flink", "443", None),
        ("http://flink", "flink", "80", None),
        (URL, "flink.example", "8443", "/team"),
    ],
)
def test_jobs_are_sent_to_the_url(url, address, port, path):
    """With a path, where Flink stands behind a proxy that has others too."""
    told = access(url, {}).settings()

    assert (address, port) == (told["rest.address"], told["rest.port"])
    assert path == told.get("rest.path")


def test_where_savepoints_go_may_be_named():
    """By a URI of the cluster's own."""
    assert "s3://there/sp" == access(URL, {SAVEPOINTS: "s3://there/sp"}).savepoints


@pytest.mark.parametrize(
    ("url", "variables", "told"),
    [
        ("flink:8081", {}, "http://HOST:PORT, or https"),
        ("ftp://flink", {}, "http://HOST:PORT, or https"),
        ("http://", {}, "http://HOST:PORT, or https"),
        ("http://flink:port", {}, "http://HOST:PORT, or https"),
        (f"http://ada:{SECRET}@flink", {}, "--rest http://flink: a login comes by"),
        (f"http://flink/?token={SECRET}", {}, "--rest http://flink/: a login comes by"),
        (URL, {TOKEN: SECRET, USER: "ada", PASSWORD: SECRET}, f"either {TOKEN}, or"),
        (URL, {USER: "ada"}, "go together"),
        (URL, {PASSWORD: SECRET}, "go together"),
        (URL, {TOKEN: f"{SECRET}\nHost: other"}, "of one line each"),
        (URL, {CA: "no-such.pem"}, f"{CA} no-such.pem: No such file"),
    ],
)
def test_what_is_wrong_is_told_without_what_is_secret(url, variables, told):
    """In one line."""
    with pytest.raises(UsageError, match=r".") as error:
        access(url, variables)

    assert told in str(error.value)
    assert SECRET not in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_no_certificate_is_refused(tmp_path):
    """At once, with its name."""
    (tmp_path / "ca.pem").write_text("nothing")

    with pytest.raises(UsageError, match=r"ca\.pem: "):
        access(URL, {CA: str(tmp_path / "ca.pem")})


def test_without_tls_nothing_has_to_be_trusted(tmp_path):
    """No store is made."""
    assert {} == access("http://flink", {}).trust(tmp_path)


def test_without_a_certificate_what_java_trusts_is(tmp_path, monkeypatch):
    """Its own store is named, whose password everybody knows."""
    java = tmp_path / "jdk" / "bin" / "java"
    monkeypatch.setattr(module, "java", lambda: java)

    told = access(URL, {}).trust(tmp_path)

    assert str(tmp_path / "jdk/lib/security/cacerts") == told["security.ssl.rest.truststore"]
