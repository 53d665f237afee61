"""Every kind of wrong variant of SQL, on small texts and on the dialects that we have."""

import pytest

from streamgauge.discovery import discover
from streamgauge.planting.sql import variants
from streamgauge.planting.variant import Variant
from streamgauge.sql import tokenizer

CLICKS = {"id": "BIGINT", "name": "STRING", "nick": "STRING", "city": "STRING"}
# Of each kind a text, and all that it becomes.
KINDS = [
    ("comparison", "SELECT a WHERE a < b OR c = d", ["a > b OR c = d", "a < b OR c <> d"]),
    ("border", "SELECT a WHERE a <= 5", ["SELECT a WHERE a < 5"]),
    ("border", "WHERE t BETWEEN a AND b + 1", ["t > a AND t <= b + 1", "t >= a AND t < b + 1"]),
    ("AND/OR", "WHERE a AND (b OR c)", ["WHERE a OR (b OR c)", "WHERE a AND (b AND c)"]),
    ("AND/OR", "WHERE t BETWEEN a AND b", []),
    (
        "condition left out",
        "SELECT x FROM t WHERE a = 1 AND (b IS NULL OR f(b, 'AND')) GROUP BY x",
        ["WHERE (b IS NULL", "WHERE a = 1 GROUP", "AND (f(b, 'AND'))", "AND (b IS NULL) GROUP"],
    ),
    ("condition left out", "SELECT x FROM t WHERE a = 1 ORDER BY x", ["FROM t ORDER BY x"]),
    ("condition left out", "GROUP BY x HAVING COUNT(*) > 1 LIMIT 2", ["GROUP BY x LIMIT 2"]),
    ("condition left out", "CASE WHEN a AND b THEN c END", ["WHEN b THEN", "WHEN a THEN"]),
    (
        "join condition left out",
        "FROM a LEFT JOIN b ON a.x = b.x AND a.y = b.y AND b.t BETWEEN a.t AND a.u WHERE z",
        ["ON a.y", "a.x = b.x AND b.t", "a.y = b.y WHERE z"],
    ),
    ("join kind", "FROM a LEFT JOIN b ON TRUE", ["FROM a INNER JOIN b ON TRUE"]),
    ("join kind", "FROM a FULL OUTER JOIN b ON TRUE", ["FROM a LEFT JOIN b ON TRUE"]),
    ("join kind", "FROM a JOIN b ON LEFT(x, 1) = y", ["FROM a LEFT JOIN b"]),
    ("join kind", "FROM a CROSS JOIN b", []),
    ("interval", "t + INTERVAL '10' MINUTE", ["INTERVAL '11' MINUTE", "INTERVAL '9' MINUTE"]),
    ("interval", "t - INTERVAL '1-2' YEAR TO MONTH", []),
    (
        "window",
        "TABLE(HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '0.1' SECOND, INTERVAL '1' MINUTE))",
        ["CUMULATE(TABLE t", "INTERVAL '0.2' SECOND", "INTERVAL '2' MINUTE"],
    ),
    ("window", "OVER (ORDER BY t ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)", ["t RANGE BETWEEN"]),
    ("aggregate", "SELECT SUM(a), MAX(b)", ["SELECT MAX(a), MAX(b)", "SELECT SUM(a), MIN(b)"]),
    ("DISTINCT added", "SELECT AVG(a) FROM t GROUP BY b", ["SELECT AVG(DISTINCT a) FROM t"]),
    ("DISTINCT added", "SELECT a FROM t", ["SELECT DISTINCT a FROM t"]),
    ("DISTINCT lost", "SELECT COUNT(DISTINCT a) FROM t", ["SELECT COUNT( a) FROM t"]),
    ("DISTINCT lost", "WHERE a IS DISTINCT FROM b", []),
    ("COUNT(*)", "SELECT COUNT(a.b), COUNT(*)", ["SELECT COUNT(*), COUNT(*)"]),
    ("order", "ORDER BY a DESC, b", ["ORDER BY a, b"]),
    ("order", "ORDER BY f(a, b) ASC LIMIT 1", ["ORDER BY f(a, b) DESC LIMIT 1"]),
    ("tie order", "ORDER BY a DESC, b LIMIT 3", ["a DESC LIMIT", "a DESC, b DESC LIMIT 3"]),
    ("partition", "OVER (PARTITION BY a, b.c ORDER BY d)", ["BY b.c ORDER", "BY a ORDER BY d"]),
    ("rank kind", "SELECT ROW_NUMBER() OVER ()", ["SELECT RANK() OVER ()"]),
    ("limit", "LIMIT 10", ["LIMIT 11", "LIMIT 9"]),
    ("limit", "WHERE place <= 1", ["WHERE place <= 2"]),
    ("narrower cast", "CAST(a AS BIGINT)", ["CAST(a AS INT)"]),
    ("narrower cast", "TRY_CAST(a AS DECIMAL(10, 2))", ["TRY_CAST(a AS DECIMAL(10, 1))"]),
    ("narrower cast", "CAST(a AS TIMESTAMP(3))", ["CAST(a AS TIMESTAMP(2))"]),
    ("narrower cast", "CAST(a AS DATE)", []),
    (
        "narrower cast",
        "SELECT COUNT(*) OVER (ORDER BY t) AS n",
        ["SELECT CAST(COUNT(*) OVER (ORDER BY t) AS SMALLINT) AS n"],
    ),
    (
        "CASE order",
        "CASE WHEN a THEN 1 WHEN CASE b WHEN c THEN d END THEN 2 ELSE 3 END",
        ["CASE WHEN CASE b WHEN c THEN d END THEN 2 WHEN a THEN 1 ELSE 3 END", "THEN 2 END"],
    ),
    ("coalesce left out", "SELECT COALESCE(f(a, b), 0) + 1", ["SELECT f(a, b) + 1"]),
    ("function left out", "SELECT LOWER(TRIM(a))", ["SELECT TRIM(a)", "SELECT LOWER(a)"]),
    ("another column", "SELECT nick AS name, t.id", ["SELECT `city` AS name, t.id"]),
    ("another column", "SELECT `city`, 'city', name()", ["SELECT `name`, 'city', name()"]),
    ("another column", "SELECT window_start", ["SELECT window_end"]),
    ("UNION", "SELECT a UNION ALL SELECT b", ["SELECT a UNION SELECT b"]),
    ("UNION", "SELECT a UNION SELECT b", ["SELECT a UNION ALL SELECT b"]),
    ("NOT", "WHERE a IS NULL OR NOT b", ["a IS NOT NULL OR NOT b", "a IS NULL OR b"]),
    ("NOT", "WHERE a IN (1, 2)", ["WHERE a NOT IN (1, 2)"]),
    ("arithmetic", "SELECT a + 1, COUNT(*), t.*", ["SELECT a - 1, COUNT(*), t.*"]),
]
OURS = {s.id: s for s in discover().values() if (s.folder / "query.sql").is_file()}


@pytest.mark.parametrize(("kind", "text", "wrong"), KINDS)
def test_a_kind(kind, text, wrong):
    """These and no others; what is asked for stands in the one, and in none of the others."""
    found = [each.planted(text) for each in variants(text, [CLICKS]) if each.kind == kind]

    assert len(wrong) == len(found), found
    for part, whole in zip(wrong, found):
        assert part in whole
        assert part not in text


def test_strings_and_comments_are_left_alone():
    """What stands in them is no SQL."""
    assert [] == variants("SELECT 'a < b AND c', `x = y` -- LIMIT 10\n", [])[1:]


def test_no_kind_goes_without_a_test():
    """What is found in our own dialects is among them, and all of them is found somewhere."""
    found = {
        each.kind for text, tables in map(_asked, OURS.values()) for each in variants(text, tables)
    }

    assert found <= {kind for kind, *_ in KINDS}


@pytest.mark.parametrize("name", OURS)
def test_only_what_it_says_is_changed(name):
    """Of our own dialects each variant is another text, once, the same but for its place."""
    text, tables = _asked(OURS[name])
    found = variants(text, tables)
    planted = [each.planted(text) for each in found]

    assert len(found) == len(set(planted))
    assert text not in planted
    for each, whole in zip(found, planted):
        assert whole.startswith(text[: each.start])
        assert whole.endswith(text[each.stop :])
        assert _words(text) != _words(whole)


@pytest.mark.parametrize(
    ("variant", "line", "diff"),
    [
        (Variant("", 2, 3, "x"), 2, ["- b", "+ x"]),
        (Variant("", 1, 3, ""), 2, ["- b"]),
        (Variant("", 4, 5, "c\nd"), 3, ["+ d"]),
        (Variant("", 0, 5, "x\nb\ny"), 1, ["- a", "- c", "+ x", "+ y"]),
    ],
)
def test_a_variant_is_told_by_its_lines(variant, line, diff):
    """Those that differ, and no others."""
    text = "a\nb\nc"

    assert (line, diff) == (variant.line(text), variant.diff(text))


def _asked(scenario):
    tables = [{c.name: c.type for c in s.schema.columns} for s in scenario.sources]
    return (scenario.folder / "query.sql").read_text(encoding="utf-8"), tables


def _words(text):
    return [token.text for token in tokenizer().tokenize(text)]
