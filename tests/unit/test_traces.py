"""Of what a worker of Flink 1.20 said when it built wrong jobs, one gets the line that helps.

`traces.json` has their texts, with fewer frames.
"""

import json
from pathlib import Path

import pytest

from streamgauge.traces import root_cause

TEXTS = json.loads(Path(__file__).with_name("traces.json").read_text())
CALCITE = "org.apache.calcite.runtime.CalciteContextException: From line"
TABLE = "org.apache.flink.table.api.ValidationException:"


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        (
            "count",
            (
                f"{TABLE} Column types of query result and sink for"
                " 'default_catalog.default_database.copies' do not match."
                " Cause: Different number of columns."
                " Query schema: [n: BIGINT] Sink schema:  [at: TIMESTAMP(3), n: BIGINT]"
            ),
        ),
        (
            "column",
            f"{CALCITE} 2, column 3 to line 2, column 4: Column 'nn' not found in any table",
        ),
        (
            "view",
            f"{CALCITE} 3, column 8 to line 3, column 11: Column 'nope' not found in any table",
        ),
        (
            "syntax",
            (
                'org.apache.flink.sql.parser.impl.ParseException: Encountered "events" at line 2,'
                " column 10."
            ),
        ),
        (
            "pycol",
            (
                f"{TABLE} Cannot resolve field [nope], input field list:[at, n]."
                " (jobs/copy/table.py, line 5, in query)"
            ),
        ),
        ("py", "KeyError: 'a' (jobs/copy/table.py, line 2, in helper)"),
        ("pysyntax", "SyntaxError: '(' was never closed (jobs/copy/table.py, line 2)"),
    ],
)
def test_cause_of_an_error_at_build(name, cause):
    """Both schemas, the place in the SQL, or file, line and function of the dialect."""
    assert cause == root_cause(TEXTS[name])


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("ValueError: one\n  two\nthree", "ValueError: one two three"),
        ("ValueError: one\n\n", "ValueError: one"),
        ("KeyError: 'a'", "KeyError: 'a'"),
    ],
)
def test_a_message_of_several_lines_is_told_whole(message, told):
    """Its last line alone would not say what it is."""
    text = (
        "Traceback (most recent call last):\n"
        '  File "/a/jobs/copy/etl.py", line 2, in main\n'
        "    main()\n    ~~~~^^\n"
        f"{message}\n"
    )

    assert f"{told} (jobs/copy/etl.py, line 2, in main)" == root_cause(text)
