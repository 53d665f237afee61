"""Which options, connectors and functions SQL uses, and what jars know of them."""

import ast
import struct
import textwrap
import zipfile

import pytest

from streamgauge.check import java, knowing, sql, texts
from streamgauge.check.java import Functions, Java
from streamgauge.check.texts import Source, Text
from streamgauge.runtimes.classfile import ClassFile

NO = frozenset[str]()


def class_file(strings=(), parent="java/lang/Object", returned="", given=()):
    """The bytes of a class with these constants.

    Its `factoryIdentifier` returns a string, and its `define` gives strings to a `name`.
    """
    pool = []

    def constant(kind, data):
        pool.append(bytes([kind]) + data)
        # A long takes two numbers: a reader that takes one loses its way.
        if kind == 5:
            pool.append(b"")
        return len(pool)

    def two(number):
        return struct.pack(">H", number)

    def text(value):
        return constant(1, two(len(value.encode())) + value.encode())

    def string(value):
        return constant(8, two(text(value)))

    constant(5, bytes(8))
    own, above = (constant(7, two(text(name))) for name in ("Own", parent))
    for value in strings:
        string(value)
    signature = constant(12, two(text("name")) + two(text("()V")))
    called = constant(10, two(own) + two(signature))
    methods = []
    if returned:
        methods.append(("factoryIdentifier", bytes([0x12, string(returned), 0xB0])))
    code = b"".join(b"\x13" + two(string(value)) + b"\xb6" + two(called) for value in given)
    methods.append(("define", code + b"\xb1"))
    body = b""
    code_name = text("Code")
    for name, instructions in methods:
        attribute = two(1) + two(1) + struct.pack(">I", len(instructions)) + instructions + bytes(4)
        body += two(1) + two(text(name)) + two(text("()V")) + two(1)
        body += two(code_name) + struct.pack(">I", len(attribute)) + attribute
    body += two(0)
    head = b"\xca\xfe\xba\xbe\0\0\0\x34" + two(len(pool) + 1) + b"".join(pool)
    return head + two(1) + two(own) + two(above) + two(0) + two(0) + two(len(methods)) + body


def test_a_class_file_is_read():
    read = ClassFile(class_file(["topic", "é"], "a/B", "kafka", ["SPLIT", "ELT"]))

    assert {"topic", "é", "kafka", "SPLIT", "ELT"} == read.strings
    assert ("a/B",) == read.parents
    assert "kafka" == read.returned("factoryIdentifier")
    assert None is read.returned("define")
    assert ["SPLIT", "ELT"] == list(read.given("name"))
    assert [] == list(read.given("other"))


def test_what_is_no_class_file_is_an_error():
    with pytest.raises(ValueError, match="unknown kind"):
        _ = ClassFile(b"\xca\xfe\xba\xbe\0\0\0\x34\0\x09" + bytes(99)).strings


@pytest.fixture
def jars(tmp_path):
    """A connector's jar, and the table API's with a planner in it."""
    flink = "org/apache/flink"
    with zipfile.ZipFile(tmp_path / "flink-connector-x-3.4.0-1.20.jar", "w") as jar:
        services = "META-INF/services/org.apache.flink.table.factories.Factory"
        jar.writestr(
            services, f"# ours\n{flink.replace('/', '.')}.XFactory\n".replace("XF", "x.XF")
        )
        jar.writestr(f"{flink}/x/XFactory.class", class_file(parent=f"{flink}/x/Base"))
        jar.writestr(f"{flink}/x/Base.class", class_file(returned="x"))
        jar.writestr(f"{flink}/x/XOptions.class", class_file(["scan.mode", "No key", "UPPER"]))
        jar.writestr(f"{flink}/x/Other.class", class_file(["not.about.options"]))
        jar.writestr(f"{flink}/shaded/YOptions.class", class_file(["shaded.key"]))
    with zipfile.ZipFile(tmp_path / "planner.jar", "w") as jar:
        operators = f"{flink}/table/planner/functions/sql/FlinkSqlOperatorTable.class"
        jar.writestr(operators, class_file(["TUMBLE", "not a name"]))
        jar.writestr("org/apache/calcite/sql/fun/SqlStdOperatorTable.class", class_file(["COUNT"]))
        jar.writestr(f"{flink}/table/planner/Rule.class", class_file(["table.hidden"]))
    with zipfile.ZipFile(tmp_path / "flink-table-all-1.20.5.jar", "w") as jar:
        definitions = f"{flink}/table/functions/BuiltInFunctionDefinitions.class"
        jar.writestr(definitions, class_file(["ARGUMENT"], given=["SPLIT", "minus"]))
        jar.write(tmp_path / "planner.jar", "flink-table-planner.jar")
    return sorted(tmp_path.glob("flink-*.jar"))


def test_jars_are_read(jars):
    read = Java.read(jars, ["org.apache.flink.x.Other", "org.apache.flink.x.Gone"])

    assert read == Java.loaded(read.dumped())
    assert {"x"} == read.factories
    assert {"scan.mode"} == read.options
    assert {"flink-connector-x", "flink-table-all"} == read.artifacts
    assert {"org.apache.flink.x.Other": "flink-connector-x"} == read.classes


def test_functions_are_read(jars):
    read = Functions.read(jars)

    assert read == Functions.loaded(read.dumped())
    assert {"SPLIT", "TUMBLE"} == read.own
    assert {"COUNT"} == read.words


def test_what_the_planner_mentions_is_found(jars):
    texts = ["table.hidden", "ARGUMENT", "scan.mode", "able.hidde", "TABLE.HIDDEN"]

    assert {"table.hidden", "ARGUMENT"} == java.mentioned(jars, texts)


STATEMENT = """
    -- TO_FORGET(a)
    CREATE TABLE SPLIT (a DECIMAL(3, 1), `ELT` (b)) WITH (
      'connector' = 'kafka',
      'topic' = 'UPPER(x)',
      'value.format' = 'json'
    );
    SET 'table.exec.state.ttl' = '1 h';
    INSERT INTO SPLIT (a) SELECT Split(a), my.catalog(b), '{c}(1)' FROM SPLIT WHERE a IN (1);
    CREATE CATALOG c WITH ('type' = 'hive', 'hive-conf-dir' = 'x');
"""


def test_what_a_statement_uses():
    uses = sql.used(Text(textwrap.dedent(STATEMENT), 10, 99))

    assert [
        ("catalog", "hive", 19, ""),
        ("connector", "kafka", 13, ""),
        ("format", "json", 15, ""),
        ("function", "DECIMAL", 12, ""),
        ("function", "SPLIT", 18, ""),
        ("option", "topic", 14, "kafka"),
        ("setting", "table.exec.state.ttl", 17, ""),
    ] == sorted((use.kind, use.name, use.line, use.connector) for use in uses)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CREATE FUNCTION a AS 'b'", {"A"}),
        ("CREATE TEMPORARY SYSTEM FUNCTION IF NOT EXISTS c.d.e AS 'b' LANGUAGE PYTHON", {"E"}),
        ("DROP FUNCTION a", set()),
        ("CREATE FUNCTION", {""}),
    ],
)
def test_functions_that_a_statement_registers(text, expected):
    assert expected == sql.registered(Text(text, 1, 1))


PYTHON = '''
    MORE = "SELECT 1"
    twice = "SELECT 2"
    twice = "SELECT 3"
    t.execute_sql("""SELECT
        4""")
    t.sql_query(MORE)
    t.sql_query(query=f"SELECT {a}(5)")
    t.execute_sql("SELECT %s" % 6 + "x")
    t.execute_sql("SELECT {}".format(7))
    t.execute_sql(twice)
    t.execute_sql(other())
    t.get_config().set("table.key", "value")
    t.create_temporary_function("my_function", f)
    TableDescriptor.for_connector("kafka")
    t.other("SELECT 8")
'''


def test_texts_of_a_python_file():
    tree = ast.parse(textwrap.dedent(PYTHON))

    assert [
        ("SELECT\n    4", 5, 6),
        ("SELECT 1", 2, 2),
        ("SELECT \0(5)", 8, 8),
        ("SELECT \0x", 9, 9),
        ("SELECT \0", 10, 10),
    ] == [(text.text, text.line, text.last) for text in texts.statements(tree)]
    assert ["table.key"] == [text.text for text in texts.settings(tree)]
    assert ["kafka"] == [text.text for text in texts.connectors(tree)]
    assert {"MY_FUNCTION"} == texts.registered(tree)


FUNCTIONS = {
    "1.0": Functions(frozenset(["SPLIT", "HIDDEN", "OLD"]), NO),
    "2.0": Functions(frozenset(["SPLIT", "NEW"]), frozenset(["COUNT"])),
}
OLD_OPTIONS = ("scan.old", "scan.mode", "table.old", "table.hidden", "old", "json-old")


class Javas(dict[str, Java]):
    """Two lines; the planner of each mentions HIDDEN."""

    def functions(self, name):
        return FUNCTIONS[name]

    def mentions(self, name, texts):
        return {"HIDDEN", "table.hidden"} & set(texts)


JAVAS = Javas(
    {
        "1.0": Java(frozenset(["kafka", "old-cdc", "json"]), frozenset(OLD_OPTIONS), NO, {}),
        "2.0": Java(
            frozenset(["kafka", "json"]), frozenset(["scan.mode", "fail-on-field"]), NO, {}
        ),
    }
)


def told(text, flink="2.0", known=frozenset()):
    """What is told of SQL, and how much was not decided."""
    source = Source("a.sql", None, (Text(text, 1, text.count("\n") + 1),))
    looked = knowing.of_sql(source, flink, JAVAS, set(known))
    return [(f.state, f.name) for f in looked.findings], looked.undecided


@pytest.mark.parametrize(
    ("text", "expected", "undecided"),
    [
        ("SELECT SPLIT(a), COUNT(*)", [], 0),
        ("SELECT old(a)", [("gone", "function OLD")], 0),
        ("SELECT HIDDEN(a), mine(a)", [], 2),
        ("SET 'table.old' = '1'", [("gone", "setting 'table.old'")], 0),
        ("SET 'table.hidden' = '1'; SET 'table.mine' = '1'; SET 'old' = '1'", [], 3),
        ("CREATE TABLE a WITH ('connector' = 'kafka', 'scan.mode' = 'x', 'mine' = 'x')", [], 1),
        (
            "CREATE TABLE a WITH ('connector' = 'kafka', 'scan.old' = 'x')",
            [("gone", "option 'scan.old' of connector 'kafka'")],
            0,
        ),
        ("CREATE TABLE a WITH ('connector' = 'kafka', 'value.json.fail-on-field' = 'x')", [], 0),
        (
            "CREATE TABLE a WITH ('connector' = 'old-cdc', 'scan.old' = 'x')",
            [("gone", "connector 'old-cdc'")],
            0,
        ),
        ("CREATE TABLE a WITH ('connector' = 'somebodys', 'scan.old' = 'x')", [], 1),
        ("SELECT 'no end", [], 1),
    ],
)
def test_what_the_jars_do_not_know_is_told_where_others_do(text, expected, undecided):
    assert (expected, undecided) == told(text)


def test_a_newer_function_is_not_there_yet():
    assert [("not yet", "function NEW")] == told("SELECT NEW(a)", "1.0")[0]


def test_a_function_of_the_users_own_is_no_matter_of_lines():
    source = Source("a.sql", None, (Text("CREATE FUNCTION OLD AS 'x'", 1, 1),))

    assert ([], 0) == told("SELECT OLD(a)", known=knowing.registered(source))


def test_a_finding_in_python_has_the_line_of_the_file():
    text = 't.execute_sql("""\nSELECT\n  OLD(a)""")\nt.get_config().set("table.old", 1)\n'
    tree = ast.parse(text)
    source = Source("a.py", tree, tuple(texts.statements(tree)))
    found = knowing.of_sql(source, "2.0", JAVAS, set()).findings

    assert [(3, "function OLD"), (4, "setting 'table.old'")] == [(f.line, f.name) for f in found]
