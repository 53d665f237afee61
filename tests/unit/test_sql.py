"""Flink SQL is split into statements, whatever stands in its strings, names and comments."""

import subprocess
import sys

import pytest

from streamgauge.errors import ScenarioError
from streamgauge.sql import Created, created, setting, statements, told

HOP = (
    "SELECT * FROM TABLE(HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '0.1' SECOND, INTERVAL '1' MINUTE))"
)
PATTERN = """\
SELECT y FROM t MATCH_RECOGNIZE (
  PARTITION BY a ORDER BY ts MEASURES A.x AS y ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A B+? C{2,}) WITHIN INTERVAL '1' HOUR DEFINE A AS A.x > 1
)"""


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1",
        "SELECT ';' AS mark FROM events -- one; two\nWHERE n > 0",
        "SELECT 'it''s;', '\\' FROM t",
        "SELECT `a;b`, `c``;` FROM t",
        "SELECT /* one; /* two */ 1",
        "SELECT /*+ OPTIONS('a;' = 'b;') */ U&'\\00e9;', x'00', '{{;', a[1] || b <> c FROM t",
        "SHOW TABLES LIKE ';'",
        "EXECUTE ';'",
        HOP,
        PATTERN,
    ],
)
@pytest.mark.parametrize("form", ["{}", "{};", "\n{} ;\n\n", "{};;\n-- end; of file\n"])
def test_statement_is_not_cut(text, form):
    """Nor are blank lines, comments and the last `;` statements of their own."""
    assert [text] == [statement.text for statement in statements(form.format(text))]


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("CREATE TEMPORARY VIEW a AS SELECT 1", "view"),
        ("create view a AS SELECT 1", "view"),
        ("-- Why.\nCREATE /* how */ TEMPORARY\n  VIEW a AS SELECT 1", "view"),
        ("SELECT 'CREATE VIEW a'", "query"),
        ("(SELECT 1) UNION ALL (SELECT 2)", "query"),
        ("VALUES (1)", "query"),
        ("WITH a AS (SELECT 1) SELECT * FROM a", "query"),
        ("-- Why;\nset 'a' = 'b;'", "set"),
        ("CREATE FUNCTION a AS 'b.C'", "function"),
        ("CREATE TEMPORARY SYSTEM FUNCTION a AS 'b.c' LANGUAGE PYTHON", "function"),
        ("CREATE TABLE view (a INT)", ""),
        ("SELCT 1", ""),
        ("SETTINGS", ""),
    ],
)
def test_kinds_are_told(sql, kind):
    """By their first words, not by what is written before or between."""
    assert [kind] == [statement.kind for statement in statements(sql)]


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("SET 'a.b' = '1 h'", ("a.b", "1 h")),
        ("-- Why.\nset 'a''s' /* = */ = '= ;'", ("a's", "= ;")),
    ],
)
def test_a_set_has_a_key_and_a_value(sql, found):
    """As they are between the quotes."""
    (statement,) = statements(sql)

    assert found == setting(statement)


@pytest.mark.parametrize("sql", ["SET", "SET 'a'", "SET 'a' 'b' 'c'", "SET 'a' = 'b' 'c'"])
def test_a_set_of_something_else_is_told(sql):
    """With its place."""
    (statement,) = statements(f"\n {sql}")

    with pytest.raises(ScenarioError, match=r"^query\.sql, line 2, column 2: a SET is SET 'key'"):
        setting(statement)


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("CREATE FUNCTION a AS 'b.c' LANGUAGE PYTHON", Created("a", "b.c", system=False)),
        (
            "create temporary system function if not exists `a b` as 'b.c.d' language python",
            Created("`a b`", "b.c.d", system=True),
        ),
        (
            "CREATE TEMPORARY FUNCTION x.`y`. z AS 'b.c' LANGUAGE /* ! */ PYTHON",
            Created("x.`y`. z", "b.c", system=False),
        ),
        ("CREATE FUNCTION a AS 'b.C' LANGUAGE JAVA", None),
        ("CREATE FUNCTION a AS 'LANGUAGE PYTHON'", None),
        ("SELECT 1 AS LANGUAGE, 2 AS PYTHON", None),
    ],
)
def test_functions_of_python_are_told(sql, found):
    """By which name SQL calls what."""
    (statement,) = statements(sql)

    assert found == created(statement)


def test_an_error_of_flinks_is_told_with_its_statement():
    """The place that Flink names is that of the file."""
    asked = statements("SELECT 1;\n\nSELECT\n  2 FORM t;\nSELECT 3")

    assert "query.sql, in the statement of line 3: Encountered at line 4, column 5." == told(
        "Encountered at line 4, column 5.", asked
    )
    assert "no place" == told("no place", asked)


def test_places_are_those_of_the_file():
    """Line and column of the first character, comments before it included."""
    sql = "\n  SELECT 1;SELECT 2;\n\n-- Three.\nSELECT 3;\n;\t SELECT 2"

    assert [(2, 3), (2, 12), (4, 1), (6, 4)] == [(s.line, s.column) for s in statements(sql)]


@pytest.mark.parametrize("sql", ["'a;", "`a;", "/* a;", "/* a; /* b;"])
def test_what_has_no_end_is_told(sql):
    """With the place where it begins, before Flink sees half a file."""
    told = r"^query\.sql, line 2, column 4: a string, a name or a comment has no end$"

    with pytest.raises(ScenarioError, match=told):
        statements(f"SELECT 'a' /* b */\n+  {sql}\n;")


def test_nothing_is_loaded_before_there_is_sql():
    """Every command and every pytest session would pay for it."""
    code = "import sys, streamgauge.job; sys.exit('sqlglot' in sys.modules)"

    assert 0 == subprocess.call([sys.executable, "-c", code])


# Each begins while another imports; how far it is by then is not for us to say.
ASKED_AT_ONCE = """
import sys, threading, time
from streamgauge.sql import statements

found = []


def ask(delay):
    time.sleep(delay)
    found.append(len(statements("SELECT 1; SELECT 2")))


threads = [threading.Thread(target=ask, args=(number / 200,)) for number in range(12)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(found)
"""


def test_threads_that_ask_first_at_once_do_not_meet_half_of_sqlglot():
    """Cells run side by side, and what reads their SQL is imported when it is first asked for."""
    command = [sys.executable, "-c", ASKED_AT_ONCE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (str([2] * 12), "") == (done.stdout.strip(), done.stderr)
