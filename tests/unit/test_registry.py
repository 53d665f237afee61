"""Messages whose schemas are in a registry, and where that is."""

import json

import httpx
import pytest

from streamgauge.attachments import formats
from streamgauge.attachments.place import Place
from streamgauge.attachments.registered import Registered
from streamgauge.attachments.topic import Topics, TopicSink, TopicSource
from streamgauge.cells import make_cell
from streamgauge.errors import ScenarioError, StreamgaugeError, UsageError
from streamgauge.providers import addresses
from streamgauge.scenario import Scenario
from streamgauge.services import registry, registry_rights
from streamgauge.services.endpoint import Endpoint
from streamgauge.slices import encoded
from streamgauge.tables import Sink, Source
from streamgauge.values.schema import Schema
from streamgauge.versions import Jar, line

COLUMNS = Schema.of(id="INT NOT NULL", name="STRING")
AT = Endpoint("h", 8081, "ada", "secret", {"scheme": "https", "path": "/api"})


def source(**more):
    return Source("orders", COLUMNS, rows=[], format="avro-confluent", **more)


@pytest.fixture
def asked(monkeypatch):
    """A registry in memory, and what it was asked."""
    schemas, calls = {}, []

    def answer(request):
        calls.append((request.method, request.url.path, request.headers.get("authorization")))
        path = request.url.path.removeprefix("/api/")
        if request.method == "POST":
            schemas[len(schemas) + 1] = path.split("/")[1], json.loads(request.content)["schema"]
            return httpx.Response(200, json={"id": len(schemas)})
        if request.method == "DELETE":
            return httpx.Response(200, json=[1])
        if path == "subjects":
            return httpx.Response(200, json=sorted({name for name, _ in schemas.values()}))
        number = int(path.rpartition("/")[2])
        if number not in schemas:
            return httpx.Response(404, json={"error_code": 40403})
        return httpx.Response(200, json={"schema": schemas[number][1]})

    client = httpx.Client(transport=httpx.MockTransport(answer))
    monkeypatch.setattr(registry, "client", lambda: client)
    return calls


def test_message_says_by_which_schema_it_is(asked):
    """That is registered once, under the topic's name, and asked for once."""
    registered = Registered(AT, "t")

    messages = [registered.encode(COLUMNS, row) for row in ((1, None), (2, "a"))]

    assert [b"\0\0\0\0\1\2\0", b"\0\0\0\0\1\4\2\2a"] == messages
    assert (1, None) == Registered(AT, "t").decode(COLUMNS, messages[0])
    assert [(2, "a")] * 2 == [registered.decode(COLUMNS, messages[1]) for _ in range(2)]
    assert ["/api/subjects/t-value/versions", "/api/schemas/ids/1", "/api/schemas/ids/1"] == [
        path for _, path, _ in asked
    ]
    assert all(login.startswith("Basic ") for _, _, login in asked)


def test_row_is_read_by_the_schema_that_it_was_written_with(asked):
    """Which may have a column more, and the others elsewhere."""
    fields = [{"name": name, "type": "string"} for name in ("more", "name")]
    fields.append({"name": "id", "type": "int"})
    number = registry.register(AT, "t-value", {"type": "record", "name": "r", "fields": fields})

    assert (1, "b") == Registered(AT, "t").decode(
        COLUMNS, bytes([0, 0, 0, 0, number]) + b"\2a\2b\2"
    )


@pytest.mark.parametrize("message", [b"", None, b"\0\0", b"{}    "])
def test_message_of_no_registry(message):
    with pytest.raises(ValueError, match="no message of a registry's Avro"):
        Registered(AT, "t").decode(COLUMNS, message)


def test_schema_that_is_not_there(asked):
    with pytest.raises(StreamgaugeError, match=r"schema registry at h:8081: .*404[^\n]*$"):
        Registered(AT, "t").decode(COLUMNS, b"\0\0\0\0\7\2")


def test_subject_is_deleted_if_it_is_there(asked):
    registered = Registered(AT, "t")
    registered.drop()
    registered.encode(COLUMNS, (1, None))
    registered.drop()

    assert [("DELETE", "/api/subjects/t-value")] == [
        (method, path) for method, path, _ in asked if method == "DELETE"
    ]


def test_rights_are_tried(asked):
    """A schema made, read and removed under a name of the run."""
    registry_rights.probe(AT, "sg_1_0-probe")

    assert ["POST", "GET", "GET", "DELETE"] == [method for method, _, _ in asked]


def test_tables_of_a_registry(tmp_path):
    """Flink is told where it is, and how to log in."""
    services = {"kafka": Endpoint("h", 1, "u", "p"), "registry": AT}
    topics = Topics(Place("run_1", "streaming", tmp_path, services))
    sink = Sink("out", COLUMNS, format="avro-confluent")

    for table in (TopicSource(topics, source()), TopicSink(topics, sink)):
        (ddl,) = table.ddl()
        assert "'format' = 'avro-confluent'" in ddl
        assert "'avro-confluent.url' = 'https://h:8081/api'" in ddl
        assert "'avro-confluent.basic-auth.user-info' = 'ada:secret'" in ddl


def test_what_a_cell_needs():
    """A registry, besides the jar."""
    sink = Sink("s", COLUMNS, rows=[])
    scenario = Scenario("x", 1, "?", (source(),), (sink,), ("kafka",), sql="SELECT 1")

    cell = make_cell(scenario, "sql", "batch", "kafka", line("2.3"))

    assert ("kafka", "registry") == cell.kind.services
    assert ("kafka", "avro") == cell.kind.connectors


def test_what_a_registry_has_not(tmp_path):
    """Times of others than the old mapping, a schema of the table's own, what no run sends."""
    with pytest.raises(ScenarioError, match="column a: TIMESTAMP_LTZ"):
        Source("t", Schema.of(a="TIMESTAMP_LTZ(3)"), rows=[], format="avro-confluent")
    with pytest.raises(ScenarioError, match=r"avro-confluent\.subject of kafka changes how rows"):
        source(options={"kafka": {"avro-confluent.subject": "x"}})
    with pytest.raises(UsageError, match="source orders: a run alone has a schema registry"):
        next(encoded(None, source(), 0, range(1)))
    with pytest.raises(AssertionError):
        formats.options(source())


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        ("http://h:1", "http://h:1"),
        ("https://ada:p%2F@h:1?path=/apis/ccompat/v7/", "https://h:1/apis/ccompat/v7"),
    ],
)
def test_address_of_a_registry(monkeypatch, url, seen):
    monkeypatch.setenv("STREAMGAUGE_REGISTRY", url)

    assert seen == registry.url(addresses.addresses()["registry"])


def test_whom_a_registry_is_trusted_by(monkeypatch, tmp_path):
    """We read the file; Flink is told what is in it, for its machines may not have it."""
    file = tmp_path / "ca.pem"
    file.write_text("-----BEGIN")
    monkeypatch.setenv("STREAMGAUGE_REGISTRY", f"https://h:1?ca={file}")
    registered = Registered(addresses.addresses()["registry"], "t")

    below = "avro-confluent.properties.schema.registry.ssl.truststore"
    assert ("PEM", "-----BEGIN") == tuple(
        registered.options[f"{below}.{name}"] for name in ("type", "certificates")
    )


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://h:1?ca=x", "STREAMGAUGE_REGISTRY option 'ca'"),
        ("https://h:1?ca=/no/x", "STREAMGAUGE_REGISTRY: ca=/no/x is no file"),
        ("http://h:1?path=x", "STREAMGAUGE_REGISTRY: path=x does not begin with /"),
        (
            "kafka://h:1",
            "STREAMGAUGE_REGISTRY is not like http://USER:PASSWORD@HOST:PORT, or https",
        ),
        ("http://h:1?paht=/", "STREAMGAUGE_REGISTRY option 'paht'"),
    ],
)
def test_address_that_is_none(monkeypatch, url, told):
    monkeypatch.setenv("STREAMGAUGE_REGISTRY", url)

    with pytest.raises(UsageError, match=told):
        addresses.addresses()


def test_file_that_is_no_jar():
    """It has its extension and its classifier in its coordinate, as Maven writes them."""
    file = Jar("g.h:a:tar.gz:all:1.0", "")

    assert "a-1.0-all.tar.gz" == file.name
    assert "g/h/a/1.0/a-1.0-all.tar.gz" == file.path
    assert "g/h/a/1.0/a-1.0.jar" == Jar("g.h:a:1.0", "").path
