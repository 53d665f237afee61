"""Whether connectors link is read from their class files."""

import struct
from zipfile import ZipFile

import pytest

from streamgauge.runtimes.classfile import ClassFile, Reference
from streamgauge.runtimes.links import Classes, asked, lacking

FLINK = "org/apache/flink/api/"
RUN = ("run", "()V")


def made(name, *, extends="java/lang/Object", methods=(), uses=()):
    """The bytes of a class that declares methods, and refers to classes and their members."""
    pool = []

    def entry(data):
        pool.append(data)
        return len(pool)

    def text(word):
        return entry(b"\1" + struct.pack(">H", len(word)) + word.encode())

    def named(word):
        return entry(b"\7" + struct.pack(">H", text(word)))

    entry(b"\5" + bytes(8))
    pool.append(b"")  # a number of eight bytes takes two places
    for owner, *member in uses:
        own = named(owner)
        if member:
            words = struct.pack(">HH", *map(text, member[0]))
            entry(b"\12" + struct.pack(">HH", own, entry(b"\14" + words)))
    head = struct.pack(">HHHH", 0x21, named(name), named(extends), 0)
    body = [struct.pack(">HHHH", 1, text(word), text(kind), 1) for word, kind in methods]
    attribute = struct.pack(">HI", text("Code"), 3) + b"abc"
    declared = b"".join(each + attribute for each in body)
    start = b"\xca\xfe\xba\xbe" + struct.pack(">HHH", 0, 55, len(pool) + 1)
    fields = struct.pack(">H", 0)
    return start + b"".join(pool) + head + fields + struct.pack(">H", len(body)) + declared


@pytest.fixture
def classes(tmp_path):
    """Jars of classes that are made."""

    def jar(**files):
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.jar"
        with ZipFile(path, "w") as file:
            file.writestr("META-INF/versions/9/Other.class", b"")
            file.writestr("module-info.class", b"")
            for name, how in files.items():
                full = how.pop("name", FLINK + name)
                file.writestr(f"{full}.class", made(full, **how))
        return Classes([path])

    return jar


def test_a_class_file_is_read():
    """What it extends, declares and refers to, arrays by what is in them."""
    uses = [(FLINK + "Sink", RUN), (f"[L{FLINK}Row;",), ("[[I",)]
    read = ClassFile(made("my/Job", extends="my/Base", methods=[RUN], uses=uses))

    assert ("my/Base",) == read.parents
    assert {RUN} == read.members
    assert {
        *(Reference("my/Job"), Reference("my/Base"), Reference(FLINK + "Row"), Reference("")),
        *(Reference(FLINK + "Sink"), Reference(FLINK + "Sink", RUN)),
    } == read.references


def test_asked_is_what_is_flinks_most_wanted_first(classes):
    """Java's own classes are there on any line."""
    jar = classes(
        a={"name": "my/A", "uses": [(FLINK + "Row",), ("java/lang/String",)]},
        b={"name": "my/B", "uses": [(FLINK + "Sink",), (FLINK + "Row",)]},
    )

    assert [Reference(FLINK + "Row"), Reference(FLINK + "Sink")] == asked(jar)


@pytest.mark.parametrize(
    ("flink", "lacks"),
    [
        ({"Sink": {"methods": [RUN]}}, []),
        ({"Sink": {"extends": FLINK + "Base"}, "Base": {"methods": [RUN]}}, []),
        # Who extends a class of others may have it from there.
        ({"Sink": {"extends": "java/util/Thread"}}, []),
        ({"Sink": {}}, ["org.apache.flink.api.Sink.run"]),
        ({"Sink": {"methods": [("run", "()I")]}}, ["org.apache.flink.api.Sink.run"]),
        ({}, ["org.apache.flink.api.Sink"]),
    ],
)
def test_what_is_lacking_is_told(classes, flink, lacks):
    """A class, or a member with its types, also where it is inherited."""
    jar = classes(a={"name": "my/A", "uses": [(FLINK + "Sink", RUN)]})

    assert lacks == list(map(str, lacking(asked(jar), (jar, classes(**flink)))))


def test_a_connectors_own_classes_are_no_lack(classes):
    """They may be in Flink's packages, and have from Flink what they inherit."""
    own = {
        "Own": {"extends": FLINK + "Base"},
        "User": {"uses": [(FLINK + "Own", RUN)]},
    }
    jar = classes(**own)

    assert [] == lacking(asked(jar), (jar, classes(Base={"methods": [RUN]})))
    assert ["org.apache.flink.api.Own.run"] == list(
        map(str, lacking(asked(jar), (jar, classes(Base={}))))
    )


def test_a_class_that_is_not_there_is_none(classes):
    """And one that is there is read once."""
    jar = classes(Row={})

    assert jar.get("my/Row") is None
    assert isinstance(jar.get(FLINK + "Row"), ClassFile)
    assert jar.get(FLINK + "Row") is jar.get(FLINK + "Row")
