"""versions.toml is the only place that names a version; all else fits it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from streamgauge import paths, versions
from streamgauge.errors import StreamgaugeError, UsageError
from streamgauge.runtimes import environment
from streamgauge.versions import Jar, JarSet

CHECKOUT = Path(__file__).resolve().parents[2]
RELEASES = ["1.19.3", "1.20.5", "2.0.2", "2.1.3", "2.2.1", "2.3.0"]
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")
# "Flink 1.20", "--flink 1.20", "flink-1.20", and lists such as "Flink 1.19, 1.20 and 2.0.2".
NAMED = re.compile(
    r"(?i)flink[ =-]v?(\d+\.\d+(?:\.\d+)?(?:(?:,| and| or| to) \d+\.\d+(?:\.\d+)?)*)"
)
# In pieces, so that this file does not name them.
HOSTS = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "ma" + "ven.org",
    "ma" + "ven.apache.org",
    "repo" + "sitory.apache.org",
    "confluent" + ".io",
    "docker" + ".io",
    "debian" + ".org",
    "ubuntu" + ".com",
]


def tracked():
    """The files that git knows, as far as they are there."""
    if not (CHECKOUT / ".git").exists():
        pytest.skip("not a git checkout")
    told = subprocess.run(
        ["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    return [path for name in told.stdout.split("\0") if (path := CHECKOUT / name).is_file()]


def named_lines(text):
    """The Flink lines and releases that a text names."""
    return {name for named in NAMED.findall(text) for name in re.findall(r"[\d.]+\d", named)}


def requirements(lock):
    """A lock's entries: `name==version ; marker --hash=...`, each on one line."""
    text = (paths.jars() / "locks" / f"{lock}.txt").read_text().replace("\\\n", " ")
    return [entry for entry in text.splitlines() if entry and not entry.startswith("#")]


def test_every_line_is_declared_oldest_first():
    """The six lines that are promised, each with the release it stands for."""
    assert RELEASES == [line.flink for line in versions.lines().values()]
    assert all(line.flink.startswith(f"{name}.") for name, line in versions.lines().items())
    assert versions.default_line() in versions.lines()


@pytest.mark.parametrize("name", versions.lines())
def test_connector_is_there_or_absent_with_a_reason(name):
    """No line has a set and a reason, and no line has a set that others lack in silence."""
    line = versions.line(name)
    every = {kind for other in versions.lines().values() for kind in other.connectors}

    assert every == set(line.connectors) | set(line.absent)
    assert not set(line.connectors) & set(line.absent)
    assert all(line.absent.values())


@pytest.mark.parametrize("jar_set", versions.jar_sets(), ids=lambda jar_set: jar_set.name)
def test_jar_set_is_locked(jar_set):
    """Each artifact of each set has a hash, and so has all that comes with it."""
    locked = versions.locked(jar_set)

    assert set(jar_set.artifacts) <= {jar.coordinate for jar in locked}
    assert all(re.fullmatch("[0-9a-f]{64}", jar.sha256) for jar in locked)


def test_lock_has_nothing_that_is_not_declared():
    """A set that went from versions.toml goes from the lock too."""
    assert {jar_set.name for jar_set in versions.jar_sets()} == set(versions.lock())


@pytest.mark.parametrize("name", versions.lines())
def test_line_has_a_lock_of_its_python_packages(name):
    """The line's lock pins its apache-flink, and each package with hashes."""
    entries = requirements(f"flink-{name}")
    release = versions.line(name).flink

    assert 1 == sum(entry.split()[0] == f"apache-flink=={release}" for entry in entries)
    assert [] == [entry for entry in entries if not HASH.search(entry)]


@pytest.mark.parametrize("lock", ["harness", "dev", "jdk"])
def test_other_locks_have_hashes(lock):
    """What the harness itself is made of is pinned as well."""
    entries = requirements(lock)

    assert entries
    assert [] == [entry for entry in entries if "==" not in entry or not HASH.search(entry)]


def test_jdk_lock_fits_the_range():
    """A JDK that is brought is one that every line runs on."""
    features = {entry.split("==")[1].split(".")[0] for entry in requirements("jdk")}
    wanted = SpecifierSet(versions.declared()["java"])

    assert features
    assert features == set(wanted.filter(features))


def test_line_with_another_set_of_a_connector():
    """All else is the line's own."""
    plain, other = versions.line("1.20"), versions.line("1.20+kafka=3.2.0-1.19")

    assert "1.20+kafka=3.2.0-1.19" == str(other)
    assert "1.20" == other.base == plain.base
    assert "flink-connector-kafka:3.2.0-1.19" in other.connectors["kafka"].artifacts[0]
    assert {**other.connectors, "kafka": plain.connectors["kafka"]} == plain.connectors


def test_line_on_another_python_has_another_environment(monkeypatch):
    """Of the same lock; that which we run on ourselves is no other."""
    monkeypatch.setattr("platform.python_version", lambda: "3.11.7")
    names = ["1.20", "1.20+python=3.11", "1.20+python=3.9", "1.20+python=3.10"]
    plain, same, *others = (environment.folder(versions.line(name)) for name in names)

    assert plain == same
    assert 3 == len({plain, *others})
    assert 1 == len({folder.parent for folder in others})


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("1.20+kafka=1.0", r"set of kafka for Flink 1\.20 '1\.0'; valid: 3\.2\.0-1\.19, 3"),
        ("1.20+kafka", "unknown set of kafka for Flink 1.20 ''; valid"),
        ("1.20+jdbc=3.2.0", "unknown set of jdbc for Flink 1.20 '3.2.0'; it has none but its own"),
        ("2.3+hive=1", "unknown connector 'hive'"),
        ("1.2+kafka=3.2.0-1.19", "unknown Flink line '1.2'"),
        ("1.20+python=3.8", r"Flink 1\.20 runs on Python >=3\.9,<3\.12, not on '3\.8'"),
        ("1.20+python=3.9.18", "not on '3.9.18'"),
        ("1.20+python=", "not on ''"),
    ],
)
def test_unknown_set_is_told_with_the_valid_ones(name, told):
    """Connector, set or line."""
    with pytest.raises(UsageError, match=told):
        versions.line(name)


def test_unknown_line_is_told_with_the_valid_ones():
    """A misspelt line is a mistake that names the nearest."""
    with pytest.raises(UsageError, match=r"unknown Flink line '1\.2' \(did you mean 1\.20\?\); va"):
        versions.line("1.2")


@pytest.mark.parametrize(
    "jar_set",
    [
        JarSet("kafka", ("org.apache.kafka:kafka_2.13:0.0.1",)),
        JarSet("kafka", ()),
        JarSet("9.9-kafka", ("org.apache.kafka:kafka_2.13:0.0.1",)),
    ],
    ids=["other version", "fewer artifacts", "no entry"],
)
def test_lock_that_does_not_fit_is_refused(jar_set):
    """versions.toml was changed and the lock was not: the error says what to do."""
    with pytest.raises(StreamgaugeError, match="run `streamgauge jars lock`") as caught:
        versions.locked(jar_set)

    assert repr(jar_set.name) in str(caught.value)


def test_jar_knows_its_place_in_a_repository():
    """Group, artifact and version are folders."""
    jar = Jar("org.apache.flink:flink-connector-kafka:3.4.0-1.20", "0" * 64)

    assert "flink-connector-kafka-3.4.0-1.20.jar" == jar.name
    assert f"org/apache/flink/flink-connector-kafka/3.4.0-1.20/{jar.name}" == jar.path


def test_tox_has_an_environment_for_every_line():
    """tox's factors and the lines they pass on are those declared."""
    text = (CHECKOUT / "tox.ini").read_text()
    (factors,) = re.findall(r"\[testenv:flink-\{(.+?)\}\]", text)
    passed_on = re.findall(r"^ +([\d.]+): .*--streamgauge-flink ([\d.]+) ", text, re.MULTILINE)

    assert list(versions.lines()) == factors.split(",")
    assert [(name, name) for name in versions.lines()] == passed_on


def test_tox_runs_all_lines_by_one_label(tmp_path):
    """As tox itself reads it: `tox -m all` has an environment a line, and no other."""
    told = subprocess.run(
        [sys.executable, "-m", "tox", "list", "-m", "all", "--no-desc", "--workdir", tmp_path],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert {f"flink-{name}" for name in versions.lines()} == set(told.stdout.split())


@pytest.mark.parametrize("name", ["tox.ini", "README.md", "CONTRIBUTING.md", ".ci/run"])
def test_file_names_declared_lines_only(name):
    """Nothing promises a line that is not there."""
    file = CHECKOUT / name
    if not file.exists():
        pytest.skip(f"no {name}")
    known = {*versions.lines(), *RELEASES}

    assert set() == named_lines(file.read_text()) - known


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("on Flink 1.20 and", {"1.20"}),
        ("--flink 1.18 --rows 5", {"1.18"}),
        ("flink-2.0, Flink 1.19, 1.20 and 3.0.1.", {"2.0", "1.19", "1.20", "3.0.1"}),
        ("apache-flink on Python 3.9", set()),
    ],
)
def test_lines_are_found_in_text(text, names):
    """The check above sees the ways in which people write a line."""
    assert names == named_lines(text)


def test_no_tracked_file_names_a_registry():
    """Where packages come from is the user's configuration, not ours."""
    named = [
        f"{path.relative_to(CHECKOUT)}: {host}"
        for path in tracked()
        for host in HOSTS
        # Debian's package of the Docker engine is called like a registry.
        if host.encode() in path.read_bytes().replace(b"install --yes docker.io ", b"")
    ]

    assert [] == named
