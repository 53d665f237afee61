"""Where a user's own services are: read from URLs, never quoted; what they are told, and whose."""

import re
from types import SimpleNamespace

import pytest

from streamgauge import paths
from streamgauge.attachments.connector import Connector
from streamgauge.attachments.database import Database
from streamgauge.attachments.place import Place
from streamgauge.attachments.topic import Topics
from streamgauge.bindings import KINDS, of_tables
from streamgauge.errors import StreamgaugeError, UsageError
from streamgauge.harness import Harness
from streamgauge.providers import external, local, sweep
from streamgauge.providers.addresses import addresses
from streamgauge.services import connect, kafka, kafka_rights, mysql, mysql_rights
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.service import Service
from streamgauge.tables import Sink, Source
from streamgauge.values.schema import Schema

SECRET = "p/w:1@x"
QUOTED = "p%2Fw%3A1%40x"
DOCS = (paths.PACKAGE.parent / "docs" / "providers.md").read_text()
USERS = Schema.of(id="INT", name="STRING")


@pytest.fixture
def told(tmp_path, monkeypatch):
    """Sets variables, and gives the addresses; certificates are in the folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("ca", "cert", "key"):
        (tmp_path / f"{name}.pem").write_text(f"-----BEGIN {name}\nof 'us'\n")

    def tell(**urls):
        for name, url in urls.items():
            monkeypatch.setenv(f"STREAMGAUGE_{name.upper()}", url)
        return addresses()

    return tell


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("broker:9092", {"security.protocol": "PLAINTEXT"}),
        ("kafka://broker:9092", {"security.protocol": "PLAINTEXT"}),
        ("kafka+ssl://broker:9092", {"security.protocol": "SSL"}),
        (
            f"kafka://ada:{QUOTED}@broker:9092",
            {"security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "PLAIN"},
        ),
        (
            f"kafka+ssl://ada:{QUOTED}@broker:9092?mechanism=SCRAM-SHA-512&verify=ca",
            {
                "security.protocol": "SASL_SSL",
                "sasl.mechanism": "SCRAM-SHA-512",
                "ssl.endpoint.identification.algorithm": "none",
            },
        ),
    ],
)
def test_kafka_is_told_by_a_url(told, url, options):
    """With and without TLS, with and without a user."""
    address = told(kafka=url)["kafka"]

    assert ("broker:9092", options) == (str(address), dict(address.options))
    assert (("ada", SECRET) if "ada" in url else ("", "")) == (address.user, address.password)


def test_certificates_are_files_for_us_and_texts_for_jobs(told, tmp_path):
    """Jobs may run where no file of ours is."""
    files = {name: str(tmp_path / f"{name}.pem") for name in ("ca", "cert", "key")}
    address = told(kafka="kafka+ssl://broker:9093?ca=ca.pem&cert=cert.pem&key=key.pem")["kafka"]
    java = kafka.java_settings(address)

    assert files == {
        "ca": address.options["ssl.ca.location"],
        "cert": address.options["ssl.certificate.location"],
        "key": address.options["ssl.key.location"],
    }
    assert ("PEM", "PEM") == (java["ssl.truststore.type"], java["ssl.keystore.type"])
    assert java["ssl.truststore.certificates"].startswith("-----BEGIN ca")
    assert java["ssl.keystore.certificate.chain"].startswith("-----BEGIN cert")
    assert java["ssl.keystore.key"].startswith("-----BEGIN key")
    assert not any(name.endswith("location") for name in java)


def test_job_logs_in_by_scram_at_its_own_address(told):
    """What it reaches may be another address than ours."""
    url = f"kafka://ada:{QUOTED}@broker:9092?mechanism=SCRAM-SHA-256&jobs=inside:29092"
    topics = Topics(Place("sg_1", "batch", None, told(kafka=url)))
    options = topics.options("kafka", "sg_1-words")

    assert "inside:29092" == options["properties.bootstrap.servers"]
    assert "SCRAM-SHA-256" == options["properties.sasl.mechanism"]
    assert options["properties.sasl.jaas.config"].startswith(
        "org.apache.kafka.common.security.scram.ScramLoginModule required username="
    )


def test_java_has_no_name_for_any_host(told):
    """What librdkafka calls none is empty there."""
    address = told(kafka="kafka+ssl://broker:9093?verify=ca")["kafka"]

    assert "" == kafka.java_settings(address)["ssl.endpoint.identification.algorithm"]


@pytest.mark.parametrize(
    ("verify", "mode"), [("", "VERIFY_IDENTITY"), ("&verify=ca", "VERIFY_CA")], ids=["name", "ca"]
)
def test_mysql_by_tls(told, tmp_path, verify, mode):
    """Its driver, Debezium and mysql-cdc are told the same, each in its own words."""
    url = f"mysql+ssl://ada:{QUOTED}@db:3306?ca=ca.pem{verify}"
    given = told(mysql=url)["mysql"]
    assert {"ssl-mode": mode, "ssl-ca": str(tmp_path / "ca.pem")} == given.options
    address = Endpoint("db", 3306, "ada", SECRET, {**given.options, "truststore": "/trusted.p12"})
    place = Place("sg_1", "streaming", tmp_path, {"mysql": address})
    source = Source("users", USERS, generate=lambda *_: [], key=("id",))
    sink = Sink("users", USERS, key=("id",))
    attached = KINDS["cdc"].attach(place, [source], [sink])
    (reading,) = attached.sources["users"].ddl()
    (writing,) = attached.sinks["users"].ddl()

    assert f"sslMode={mode}" in writing
    assert "trustCertificateKeyStoreUrl=file%3A%2Ftrusted.p12" in writing
    assert "useSSL=false" not in writing
    assert f"'jdbc.properties.sslMode' = '{mode}'" in reading
    assert f"'debezium.database.ssl.mode' = '{mode.lower()}'" in reading
    assert "'debezium.database.ssl.truststore' = '/trusted.p12'" in reading


def test_variable_comes_before_the_file(told, tmp_path, monkeypatch):
    """Each service by itself."""
    file = tmp_path / "mine.toml"
    file.write_text('kafka = "kafka://there:1"\nmysql = "mysql://ada:x@there:2"\n')
    monkeypatch.setenv("STREAMGAUGE_EXTERNAL", str(file))
    found = told(kafka="kafka://here:1")

    assert {"kafka": "here:1", "mysql": "there:2"} == {n: str(at) for n, at in found.items()}


def test_variables_of_the_docs_are_read(told):
    """As they are, where the certificate is there."""
    shown = re.findall(r"^export STREAMGAUGE_(\w+)='(.*)'$", DOCS, re.MULTILINE)
    found = told(**{name.lower(): url for name, url in shown})

    assert {"kafka": "broker.example:9093", "mysql": "db.example:3306"} == {
        name: str(at) for name, at in found.items()
    }


def test_file_lies_with_what_belongs_to_the_project(told, tmp_path):
    """Where nothing else is said; that of the docs is one."""
    (shown,) = re.findall(r"^```toml\n(.*?)^```$", DOCS, re.MULTILINE | re.DOTALL)
    (tmp_path / ".streamgauge").mkdir()
    (tmp_path / ".streamgauge" / "external.toml").write_text(shown)

    assert {"kafka", "mysql", "connect", "registry"} == set(told())


@pytest.mark.parametrize(
    ("urls", "why"),
    [
        ({}, "--provider external: no address in STREAMGAUGE_KAFKA, STREAMGAUGE_MYSQL, "),
        ({"kafka": "kafka://ada:p/w@broker:9092"}, "STREAMGAUGE_KAFKA is not like kafka://USER"),
        ({"kafka": "kafka://broker"}, "STREAMGAUGE_KAFKA is not like kafka://USER:PASSWORD@HOST"),
        ({"kafka": "mysql://broker:1"}, "STREAMGAUGE_KAFKA is not like kafka://USER:PASSWORD@HO"),
        ({"kafka": "kafka://b:1?ca=ca.pem"}, "unknown STREAMGAUGE_KAFKA option 'ca'"),
        ({"kafka": "kafka+ssl://b:1?ca=cb.pem"}, "STREAMGAUGE_KAFKA: ca=cb.pem is no file"),
        ({"kafka": "kafka+ssl://b:1?key=key.pem"}, "STREAMGAUGE_KAFKA: cert= and key= go together"),
        ({"kafka": "kafka://a:x@b:1?mechanism=SCRAM"}, "unknown STREAMGAUGE_KAFKA mechanism 'SC"),
        ({"kafka": "kafka://b:1?jobs=inside"}, "STREAMGAUGE_KAFKA: jobs= is HOST:PORT"),
        ({"mysql": "mysql://db:3306"}, "STREAMGAUGE_MYSQL: no user in it"),
        ({"connect": "http://c:8083"}, "STREAMGAUGE_CONNECT: ?database.password= has to be there"),
        (
            {"connect": "http://c:8083?database.password=hunter2"},
            "STREAMGAUGE_CONNECT: ?database.password= has to be there",
        ),
    ],
)
def test_address_that_cannot_be_read(told, urls, why):
    """In one line, in which nothing is that may be a password."""
    with pytest.raises(UsageError) as error:
        told(**urls)

    assert str(error.value).startswith(why)
    assert not any(secret in str(error.value) for secret in ("p/w", "hunter2", "\n"))


@pytest.mark.parametrize(
    ("text", "why"),
    [("kafka = hunter2", "is no TOML: lines such as"), ('kafak = "x"', "unknown service in ")],
)
def test_file_that_cannot_be_read(told, tmp_path, monkeypatch, text, why):
    """What is wrong in it is not quoted."""
    (tmp_path / "mine.toml").write_text(text)
    monkeypatch.setenv("STREAMGAUGE_EXTERNAL", "mine.toml")

    with pytest.raises(UsageError, match=why) as error:
        told()

    assert "hunter2" not in str(error.value)


def test_own_connect_reaches_services_where_jobs_do(told):
    """And its connectors log in by names that it knows."""
    found = told(
        kafka="kafka://ada:x@broker:9092?jobs=inside:29092",
        mysql="mysql://ada:x@db:3306?jobs=inside:3307",
        connect="http://c:8083?database.password=${env:DB}",
    )
    at = external.endpoint("connect", found)
    made = Connector(at, found["kafka"], found["mysql"], "sg_1", "sg_1_from")._settings

    assert ("inside", "3307") == (made["database.hostname"], made["database.port"])
    assert "inside:29092" == made["schema.history.internal.kafka.bootstrap.servers"]
    assert "${env:DB}" == made["database.password"]
    assert not any("jaas" in name for name in made)


def test_our_connect_keeps_the_key_to_itself(told, tmp_path):
    """It lies in a file of its own: Debezium logs what it is told, and REST shows it to anybody."""
    kafka_at = told(kafka="kafka+ssl://broker:9093?cert=cert.pem&key=key.pem")["kafka"]
    home = tmp_path / "connect"
    at = Endpoint("127.0.0.1", 8083, "", "", connect._told(kafka_at, home))
    made = Connector(at, kafka_at, Endpoint("db", 3306, "ada", SECRET), "sg_1", "sg_1_from")
    connect._write_settings(home, at, kafka_at)
    store = home / "kafka.pem"

    assert "-----BEGIN key\nof 'us'\n-----BEGIN cert\nof 'us'\n" == store.read_text()
    assert 0o600 == store.stat().st_mode & 0o777
    assert str(store) == made._settings["schema.history.internal.consumer.ssl.keystore.location"]
    assert f"\nproducer.ssl.keystore.location={store}\n" in (home / "worker.properties").read_text()
    assert not any(part in str(made._settings) for part in (SECRET, "of 'us'"))


def test_properties_have_texts_of_several_lines(told):
    """As Java reads them."""
    address = told(kafka="kafka+ssl://broker:9093?ca=ca.pem")["kafka"]

    assert r"ssl.truststore.certificates=-----BEGIN ca\nof 'us'\n" in connect._logins(address, None)


@pytest.fixture
def probed(monkeypatch):
    """The services that were probed, by which name."""
    names = {}

    def tried(name):
        module = SimpleNamespace(probe=lambda _, own: names.setdefault(name, own))
        return lambda path: module if path.startswith("streamgauge.services") else None

    monkeypatch.setattr(sweep, "_KEPT", ())
    for name in external._PROBES:
        monkeypatch.setitem(external._PROBES, name, name)
    monkeypatch.setattr(
        external.importlib,
        "import_module",
        lambda path: tried(path.rpartition(".")[2])(path),
    )
    return names


def test_service_is_probed_and_the_run_is_noted(told, probed):
    """By a name of the run, so that what a probe leaves is found."""
    told(kafka="kafka://broker:9092")
    given = external.External(SimpleNamespace(id="20240101-120000-00ff00"))

    assert "broker:9092" == str(given.service("kafka").endpoint)
    assert given.service("mysql") is None
    assert {"kafka": "sg_20240101_120000_00ff00_0-probe"} == probed
    assert {"20240101-120000-00ff00"} == external.noted()


def test_nothing_external_is_ours_to_break(told, probed):
    """Whoever else uses it."""
    told(kafka="kafka://broker:9092")
    service = external.External(SimpleNamespace(id="1-2-3")).service("kafka")

    with pytest.raises(StreamgaugeError, match="kafka at broker:9092 is not this run's own"):
        service.kill()


def test_what_has_no_address_is_our_own(told, probed, monkeypatch):
    """And says so in records."""
    start = {"mysql": lambda *_: Service("mysql", Endpoint("here", 1, "", ""), lambda _: True)}
    monkeypatch.setattr(local, "START", start)
    monkeypatch.setattr(local, "ASK", {"kafka": lambda *_: True})
    told(kafka="kafka://broker:9092")
    harness = Harness(SimpleNamespace(id="1-2-3"), provider="external")
    found = harness.services(["kafka", "mysql"])
    harness.close()

    assert ["broker:9092", "here:1"] == [str(address) for address in found.values()]
    assert "external, local" == harness.provider(found)


@pytest.mark.parametrize("password", ["secret", 'a"b\\c', "it's"])
def test_password_is_masked_however_it_is_quoted(password):
    """Flink quotes the options of a table that it cannot use."""
    address = Endpoint("broker", 9092, "ada", password)
    sql = kafka.login(address).replace("'", "''")

    assert "******" in address.masked(f"it said '{sql}'")
    assert password not in address.masked(f"{password}, {kafka.login(address)}")


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        ((1045, "Access denied for user 'ada'@'h' (using password: YES)"), "wrong user or passw"),
        ((2003, "Can't connect ([SSL: CERTIFICATE_VERIFY_FAILED] ...)"), "its certificate is not"),
        ((3159, "Connections using insecure transport are prohibited"), "it wants TLS: mysql+ssl"),
        ((2003, "Can't connect to MySQL server on 'h' ([Errno 111] Connection refused)"), "no ans"),
        (("'cryptography' package is required for sha256_password",), "this user logs in by TLS"),
    ],
)
def test_cause_is_told_in_words(error, cause):
    """Before what the client says."""
    told = mysql_rights._cause(Exception(*error))

    assert told.startswith(cause)
    assert told.endswith(error[-1])


def test_end_of_the_binlog_is_asked_for_as_servers_know_it(monkeypatch):
    """The old way is gone in 8.4; which one is right is asked once."""
    asked = []

    def ask(_, question):
        asked.append(question)
        if question == mysql.END_OF_BINLOG:
            raise mysql.pymysql.err.ProgrammingError(1064, "syntax")
        return [("binlog.000001", 157, "", "", "")]

    monkeypatch.setattr(Database, "ask", ask)
    database = Database(Endpoint("db", 3306, "ada", ""), "sg_1")

    assert [("binlog.000001", 157)] * 2 == [database.position() for _ in range(2)]
    assert [mysql.END_OF_BINLOG, mysql.NEWER_END, mysql.NEWER_END] == asked


class Server:
    """A connection to a server of a version, and its cursor."""

    def __init__(self, version):
        self.version = version

    def get_server_info(self):
        return self.version

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def cursor(self):
        return self

    def execute(self, statement):
        if statement == mysql.END_OF_BINLOG and self.version > "8.3":
            raise mysql.pymysql.err.ProgrammingError(1064, "You have an error in your SQL syntax")


@pytest.mark.parametrize(
    ("version", "binding", "reason"),
    [
        ("8.0.31", "cdc", None),
        (
            "8.4.6",
            "cdc",
            "MySQL 8.4.6 has no SHOW MASTER STATUS, which mysql-cdc asks for",
        ),
        ("8.4.6", "debezium", None),
        ("8.4.6", "kafka", None),
    ],
)
@pytest.mark.parametrize("own", [False, True])
def test_cell_whose_connector_the_server_does_not_suit_is_absent(
    monkeypatch, version, binding, reason, own
):
    """By its binding, and by that of one table; nothing else asks the server."""
    monkeypatch.setattr(mysql, "connect", lambda _: Server(version))
    names = ("orders", "users")
    sources = {s: SimpleNamespace(name=s, binding=None, format="json") for s in names}
    sources["orders"].binding = binding if own else None
    kind = of_tables("debezium" if own else binding, sources.values())
    harness = Harness(SimpleNamespace(id="1-2-3", zone="UTC"))
    monkeypatch.setattr(harness, "services", dict.fromkeys)

    told = harness.refusal(SimpleNamespace(kind=kind), None)
    harness.close()

    assert reason == (told and told.partition(": ")[0])


def test_harness_hides_passwords_of_what_it_gave(told, probed, monkeypatch):
    """Of services that are up, and of no others."""
    monkeypatch.setattr(local, "ASK", {"kafka": lambda *_: True})
    told(kafka=f"kafka://ada:{QUOTED}@broker:9092")
    harness = Harness(SimpleNamespace(id="1-2-3"), provider="external")
    before = harness.masked(SECRET)
    harness.services(["kafka"])
    harness.close()

    assert (SECRET, "it said ******") == (before, harness.masked(f"it said {SECRET}"))


def test_what_is_left_of_a_run_goes_with_it(told, monkeypatch):
    """Of services that it asked for; what other runs have stays."""
    ours, others = "sg_20240101_120000_00ff00_1", "sg_20240101_120000_0000ff_1"
    there = [ours, others, "words"]
    kept = sweep._Kept("kafka", "group", lambda _: list(there), lambda _, name: there.remove(name))
    monkeypatch.setattr(sweep, "_KEPT", (kept, kept._replace(service="mysql", names=None)))
    monkeypatch.setattr(external, "_PROBES", {"kafka": "kafka_rights"})
    monkeypatch.setattr(kafka_rights, "probe", lambda *_: None)
    told(kafka="kafka://broker:9092", mysql="mysql://ada:x@db:3306")
    monkeypatch.setattr(local, "ASK", {"kafka": lambda *_: True})
    harness = Harness(SimpleNamespace(id="20240101-120000-00ff00"), provider="external")
    harness.services(["kafka"])
    harness.close()

    assert [others, "words"] == there
