"""Flink SQL is split into statements, whatever stands in its strings, names and comments."""

import subprocess
import sys

import pytest

from streamgauge.errors import ScenarioError
from streamgauge.sql import statements

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
    ("sql", "view"),
    [
        ("CREATE TEMPORARY VIEW a AS SELECT 1", True),
        ("create view a AS SELECT 1", True),
        ("-- Why.\nCREATE /* how */ TEMPORARY\n  VIEW a AS SELECT 1", True),
        ("SELECT 'CREATE VIEW a'", False),
        ("CREATE TABLE view (a INT)", False),
        ("WITH a AS (SELECT 1) SELECT * FROM a", False),
    ],
)
def test_views_are_told(sql, view):
    """By their first words, not by what is written before or between."""
    assert [view] == [statement.view for statement in statements(sql)]


def test_places_are_those_of_the_file():
    """Line and column of the first character, comments before it included."""
    sql = "\n  SELECT 1;SELECT 2;\n\n-- Three.\nSELECT 3;\n;\t SELECT 2"

    assert [(2, 3), (2, 12), (4, 1), (6, 4)] == [(s.line, s.column) for s in statements(sql)]


@pytest.mark.parametrize("sql", ["SELECT 'a;", "SELECT `a;", "SELECT 1 /* a;"])
def test_what_has_no_end_is_told(sql):
    """Before Flink sees half a file."""
    with pytest.raises(ScenarioError, match=r"^query\.sql: a string, a name or a comment has no e"):
        statements(sql)


def test_nothing_is_loaded_before_there_is_sql():
    """Every command and every pytest session would pay for it."""
    code = "import sys, streamgauge.job; sys.exit('sqlglot' in sys.modules)"

    assert 0 == subprocess.call([sys.executable, "-c", code])
