"""An endpoint says all that a client needs, and nothing that nobody should read."""

import pytest

from streamgauge.services import kafka
from streamgauge.services.endpoint import Endpoint

SASL = {"sasl.mechanism": "PLAIN"}


@pytest.mark.parametrize(
    ("seen", "address"),
    [(None, "127.0.0.1:9092"), ("kafka:19092", "kafka:19092"), ("fd00::1:9092", "fd00::1:9092")],
)
def test_jobs_may_see_a_service_elsewhere(seen, address):
    """User, password and the way to log in stay what they are."""
    endpoint = Endpoint("127.0.0.1", 9092, "ada", "secret", SASL, seen)

    assert "127.0.0.1:9092" == str(endpoint)
    assert address == str(endpoint.for_jobs)
    assert endpoint.for_jobs == endpoint.for_jobs.for_jobs
    assert ("ada", "secret", SASL) == (
        endpoint.for_jobs.user,
        endpoint.for_jobs.password,
        endpoint.for_jobs.options,
    )


def test_endpoint_is_a_key():
    """Clients are kept one an endpoint."""
    assert 1 == len({Endpoint("127.0.0.1", 1, "", "", dict(SASL)) for _ in range(2)})


@pytest.mark.parametrize(
    ("password", "told"),
    [("secret", '"secret"'), ('a"b', r'"a\"b"'), ("a\\b", r'"a\\b"'), ("a;'b", '"a;\'b"')],
)
def test_any_password_stands_in_a_login_of_java(password, told):
    """Quotes and backslashes are Java's own to read."""
    login = kafka.login(kafka.endpoint(9092, "ada", password))

    assert login.endswith(f' username="ada" password={told};')


def test_password_does_not_show():
    """Not even where an endpoint is printed by mistake."""
    assert "secret" not in repr(Endpoint("127.0.0.1", 1, "ada", "secret", SASL))
