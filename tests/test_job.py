"""A program of a user's own is run as it is, with the run's tables under it."""

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from streamgauge.bindings import KINDS
from streamgauge.discovery import load
from streamgauge.lifecycle import named
from streamgauge.runtimes import runtime
from streamgauge.scenario import Script, Sink
from streamgauge.testing import assert_matches

SCORED = load(Path(__file__).with_name("scenarios") / "scored")
_ENV = """
from pyflink.datastream import StreamExecutionEnvironment
env = StreamExecutionEnvironment.get_execution_environment()
"""
# What each of these ends with, and what is said of it.
ENDS = {
    "pass": "ends after 0 jobs, not one",
    "try:\n    raise OSError\nexcept OSError:\n    pass": "ends after 0 jobs, not one",
    f"{_ENV}try:\n    env.execute()\nexcept Exception:\n    pass": (
        "ends after 0 jobs, not one; it went on after: "
    ),
    "raise SystemExit(3)": "exits with 3",
    "open('nowhere')": "nowhere",
    # As of 2020.
    f"{_ENV}from pyflink.table import StreamTableEnvironment as T\n\nT.create(env).connect(0)": (
        "StreamTableEnvironment.connect (unknown, in no line that is here)"
    ),
    f"{_ENV}for n in 1, 2:\n    env.from_collection([n]).print()\n    env.execute()": (
        "ends after 2 jobs, not one"
    ),
    f"{_ENV}env.from_collection([1]).print()\nenv.execute()": (
        "makes no table points, scores; those that it makes: none"
    ),
    f"{_ENV}list(env.from_collection([1]).execute_and_collect())": "collects rows of a job itself",
    f"{_ENV}env.add_jars('file:///no/such.jar')": "pipeline.jars: there is no /no/such.jar (",
    f"{_ENV}from pyflink.table import StreamTableEnvironment as T\n\n"
    "T.create(env).get_config().set('pipeline.jars', 'file:///a.jar;file:///b.jar')": (
        "pipeline.jars: there is no /a.jar, /b.jar ("
    ),
}
_TABLE = f"""{_ENV}
import sys
from pyflink.table import StreamTableEnvironment
t_env = StreamTableEnvironment.create(env)
t_env.execute_sql(
    "CREATE TABLE theirs (player STRING, n BIGINT) WITH ('connector' = 'filesystem',"
    f" 'format' = 'csv', 'path' = '{{sys.argv[1]}}')"
)
print("rows are in", sys.argv[1])
"""
_QUERY = "SELECT player, SUM(n) FROM theirs WHERE n >= 1 GROUP BY player"
# Each prints what it comes to.
PRINTING = {
    "stream": f"""{_TABLE}
from pyflink.common import Types
from counting import counts
rows = t_env.to_data_stream(t_env.from_path("theirs")).filter(counts)
points = rows.map(tuple, Types.TUPLE([Types.STRING(), Types.LONG()]))
sums = points.key_by(lambda row: row[0]).reduce(lambda a, b: (a[0], a[1] + b[1]))
sums.print("sums").name("told")
env.execute("sums")
""",
    "table": f"""{_TABLE}
t_env.execute_sql("SHOW TABLES").print()
t_env.sql_query("{_QUERY}").execute().print()
""",
    "query": f"""{_TABLE}
with open("query.txt") as file:
    query = file.read()
with t_env.execute_sql(stmt=query).collect() as rows:
    for row in rows:
        print(row)
""",
}
# PyFlink's own would find no Java class of it.
INSERTING = PRINTING["stream"].replace(
    'sums.print("sums").name("told")',
    """
from pyflink.common import Row
from pyflink.datastream.connectors.jdbc import (
    JdbcConnectionOptions, JdbcExecutionOptions, JdbcSink
)
kind = Types.ROW([Types.LONG(), Types.STRING()])
sums.map(lambda row: Row(row[1], row[0]), kind).add_sink(
    JdbcSink.sink(
        "INSERT INTO totals (total, player) VALUES (?, ?)"
        " ON DUPLICATE KEY UPDATE total = VALUES(total)",
        kind,
        JdbcConnectionOptions.JdbcConnectionOptionsBuilder()
        .with_url("jdbc:mysql://db.example/theirs")
        .with_user_name("they")
        .build(),
        JdbcExecutionOptions.builder().with_batch_size(1).build(),
    )
).name("totals")
""",
)
# It says all that is to be said of a broker of its own.
BUILDING = f"""{_ENV}
from pyflink.common import Row, Types, WatermarkStrategy
from pyflink.datastream.connectors.kafka import (
    KafkaOffsetsInitializer, KafkaRecordSerializationSchema, KafkaSink, KafkaSource
)
from pyflink.datastream.formats.json import JsonRowDeserializationSchema as Read
from pyflink.datastream.formats.json import JsonRowSerializationSchema as Write
kind = Types.ROW_NAMED(["player", "n"], [Types.STRING(), Types.LONG()])
source = (
    KafkaSource.builder()
    .set_bootstrap_servers("broker.example:9092")
    .set_topics("theirs")
    .set_group_id("they")
    .set_starting_offsets(KafkaOffsetsInitializer.latest())
    .set_value_only_deserializer(Read.builder().type_info(kind).build())
    .build()
)
schema = (
    KafkaRecordSerializationSchema.builder()
    .set_topic(topic="counted")
    .set_value_serialization_schema(Write.builder().with_type_info(kind).build())
    .build()
)
sink = (
    KafkaSink.builder()
    .set_bootstrap_servers("broker.example:9092")
    .set_record_serializer(record_serializer=schema)
    .build()
)
rows = env.from_source(source, WatermarkStrategy.no_watermarks(), "theirs")
rows.filter(lambda row: row["n"] >= 1).map(lambda row: Row(*row), kind).sink_to(sink)
env.execute()
"""
# Its files are where it says, for as long as any come, in a folder an hour.
FILING = f"""{_ENV}
from pyflink.common import Duration, Encoder, Types, WatermarkStrategy
from pyflink.datastream.connectors.file_system import (
    BucketAssigner, FileSink, FileSource, StreamFormat
)
from pyflink.table import StreamTableEnvironment
StreamTableEnvironment.create(env).execute_sql("SHOW TABLES")
source = (
    FileSource.for_record_stream_format(StreamFormat.text_line_format(), "/data/points.d")
    .monitor_continuously(Duration.of_seconds(1))
    .build()
)
sink = (
    FileSink.for_row_format(base_path="/data/counted", encoder=Encoder.simple_string_encoder())
    .with_bucket_assigner(BucketAssigner.date_time_bucket_assigner())
    .build()
)
def parsed(line):
    player, n = line.replace('"', "").split(",")
    return player, int(n)
lines = env.from_source(source, WatermarkStrategy.no_watermarks(), "points").map(parsed)
counting = lines.filter(lambda row: row[1] >= 1)
counting.map(lambda row: "%s,%d" % row, Types.STRING()).sink_to(sink)
env.execute()
"""
# As of 2020.
CONSUMING = f"""{_ENV}
import warnings
from pyflink.common import Row, Types
from pyflink.datastream.connectors.kafka import FlinkKafkaConsumer, FlinkKafkaProducer
from pyflink.datastream.formats.json import JsonRowDeserializationSchema as Read
from pyflink.datastream.formats.json import JsonRowSerializationSchema as Write
kind = Types.ROW_NAMED(["player", "n"], [Types.STRING(), Types.LONG()])
told = {{"bootstrap.servers": "broker.example:9092", "group.id": "they"}}
warnings.simplefilter("ignore")
source = FlinkKafkaConsumer("theirs", Read.builder().type_info(kind).build(), told)
source.set_start_from_latest()
sink = FlinkKafkaProducer("counted", Write.builder().with_type_info(kind).build(), told)
rows = env.add_source(source).filter(lambda row: row["n"] >= 1)
rows.map(lambda row: Row(*row), kind).add_sink(sink)
env.execute()
"""
# The programs, with what they call the run's tables.
TOPICS = BUILDING, {"theirs": "points", "counted": "counting"}
FILES = FILING, {"/data/points.d": "points", "/data/counted": "counting"}
# It does not hear of what befalls its job.
_DEAF = f"""{_TABLE}
def broken(row):
    raise LookupError("no such player")
try:
    t_env.to_data_stream(t_env.from_path("theirs")).map(broken).print()
    env.execute()
except Exception:
    pass
"""

# As one types it into the SQL client.
SQL = """
SET 'pipeline.name' = 'theirs';  -- the run's own; its mode too
SET 'execution.runtime-mode' = 'batch';
SET 'table.exec.mini-batch.enabled' = 'perhaps';  -- with which nothing is planned
SET 'table.exec.mini-batch.size' = 'a few';
RESET 'table.exec.mini-batch.enabled';
RESET;
CREATE DATABASE theirs;
USE theirs;
SHOW TABLES;
CREATE TABLE incoming (player STRING, n BIGINT) WITH ('connector' = 'datagen');
CREATE TEMPORARY TABLE scores (
  player STRING, total BIGINT, PRIMARY KEY (player) NOT ENFORCED
) WITH ('connector' = 'print');
CREATE TEMPORARY FUNCTION more_than AS 'adding.more_than' LANGUAGE PYTHON;
DESCRIBE incoming;
CREATE VIEW counted AS SELECT * FROM incoming WHERE more_than(n, 1) >= 2;
EXECUTE STATEMENT SET
BEGIN
INSERT INTO scores SELECT player, SUM(n) FROM counted GROUP BY player;
END;
QUIT;
INSERT INTO nowhere SELECT 1;
"""
# Beside it.
ADDING = """
from pyflink.table import DataTypes
from pyflink.table.udf import udf


@udf(result_type=DataTypes.BIGINT())
def more_than(one, other):
    return one + other
"""


@pytest.mark.parametrize(("mode", "binding"), [("batch", "files"), ("streaming", "kafka")])
def test_a_program_gives_the_right_answer(flink, mode, binding):
    """Over files and over topics, whatever its own tables were attached to."""
    inputs = SCORED.sample(flink.seed)

    outcome = flink.run(SCORED, "job", mode, binding, inputs)

    assert_matches(SCORED.expected(inputs, mode), outcome)


def test_a_program_goes_on_from_a_savepoint(flink):
    """Stopped and started again, it has not forgotten what it counted."""
    inputs = SCORED.sample(flink.seed)

    outcome = flink.run(
        SCORED, "job", "streaming", "kafka", inputs, lifecycle=named("restart", "plain")
    )

    assert_matches(SCORED.expected(inputs), outcome)


def test_a_wrong_program_fails(flink):
    """Its arguments reach it, and its answer is looked at."""
    wrong = replace(SCORED, job=replace(SCORED.job, arguments=("--least", "3")))

    record = flink.run(wrong, "job", "batch", "files", SCORED.sample(flink.seed)).record

    assert "fail" == record.verdict, record.reason


@pytest.mark.parametrize("text", ENDS)
def test_a_program_without_a_job_is_unknown(flink, tmp_path, text):
    """It has given no answer, even where it says nothing and exits with 0."""
    (tmp_path / "etl.py").write_text(f"{text}\n")
    ended = replace(SCORED, job=Script("etl.py"), folder=tmp_path)

    record = flink.run(ended, "job", "batch", "files", SCORED.sample(flink.seed)).record

    assert "unknown" == record.verdict
    assert ENDS[text] in record.reason
    assert 1 == len(record.reason.splitlines())


@pytest.mark.parametrize(
    ("what", "mode"),
    [("stream", "streaming"), ("table", "batch"), ("table", "streaming"), ("query", "batch")],
)
def test_what_a_program_prints_is_the_answer(flink, tmp_path, what, mode):
    """Where the scenario says so: it is told by an argument where its rows are."""
    inputs = SCORED.sample(flink.seed)

    outcome = flink.run(_printing(tmp_path, PRINTING[what]), "job", mode, "files", inputs)

    assert_matches(SCORED.expected(inputs, mode), outcome)
    printed = Path(outcome.record.printed).read_text()
    assert 1 == printed.count("rows are in ")
    assert (" theirs |" in printed) == (what == "table")


def test_what_a_program_inserts_is_led_to_the_sink_of_the_run(flink, tmp_path):
    """By the name that it has for the table, column by column."""
    inputs = SCORED.sample(flink.seed)
    asked = _printing(tmp_path, INSERTING)
    job = replace(asked.job, printed=(), tables={"totals": "scores"})

    outcome = flink.run(replace(asked, job=job), "job", "streaming", "files", inputs)

    assert_matches(SCORED.expected(inputs), outcome)


@pytest.mark.parametrize("mode", ["batch", "streaming"])
def test_what_a_program_builds_is_led_to_the_topics_of_the_run(flink, tmp_path, mode):
    """By the names that it has for its topics."""
    asked = _counting(tmp_path, *TOPICS)
    inputs = asked.sample(flink.seed)

    outcome = flink.run(asked, "job", mode, "kafka", inputs)

    assert_matches(asked.expected(inputs, mode), outcome)


@pytest.mark.parametrize(
    "mode", ["streaming", pytest.param("batch", marks=pytest.mark.every_example)]
)
def test_files_are_led_to_the_folders_of_the_run(flink, tmp_path, mode):
    """By the paths that it has for them."""
    asked = _counting(tmp_path, *FILES)
    inputs = asked.sample(flink.seed)

    outcome = flink.run(asked, "job", mode, "files", inputs)

    assert_matches(asked.expected(inputs, mode), outcome)


@pytest.mark.parametrize(
    ("what", "binding", "told"),
    [
        ("files", "kafka", "FileSource: /data/points.d is on kafka in this run, and no folder"),
        ("files", "files", "FileSink: /data/counted is read as debezium-json in this run, and"),
        ("topics", "files", "KafkaSource: theirs is on filesystem in this run, and no topic"),
    ],
)
def test_what_cannot_be_led_is_told(flink, tmp_path, what, binding, told):
    """In a line."""
    asked = _counting(tmp_path, *{"files": FILES, "topics": TOPICS}[what])
    keyed = replace(asked, sinks=(replace(asked.sinks[0], key=("player",)),))

    record = flink.run(keyed, "job", "streaming", binding, asked.sample(flink.seed)).record

    assert "unknown" == record.verdict
    assert told in record.reason
    assert 1 == len(record.reason.splitlines())


def test_what_came_before_kafkas_builders_is_led_to_the_topics_of_the_run(flink, tmp_path):
    """Where the line's connector has it still; else that is told."""
    asked = _counting(tmp_path, CONSUMING, TOPICS[1])
    inputs = asked.sample(flink.seed)

    outcome = flink.run(asked, "job", "streaming", "kafka", inputs)

    if _has_consumers(flink.line):
        assert_matches(asked.expected(inputs), outcome)
    else:
        assert "the line's connector for Kafka has none; use KafkaSource" in outcome.record.reason


def test_a_consumer_without_an_end_is_told(flink, tmp_path):
    """Its input has one in batch."""
    asked = _counting(tmp_path, CONSUMING, TOPICS[1])

    record = flink.run(asked, "job", "batch", "kafka", asked.sample(flink.seed)).record

    assert "unknown" == record.verdict
    assert "FlinkKafkaConsumer" in record.reason
    assert 1 == len(record.reason.splitlines())


def test_a_program_is_told_when_its_job_fails(flink, tmp_path):
    """It exits with 0, having seen nothing, but the job is looked at."""
    program, inputs = _printing(tmp_path, _DEAF), SCORED.sample(flink.seed)

    record = flink.run(program, "job", "batch", "files", inputs).record

    assert "unknown" == record.verdict
    assert "no such player" in record.reason


@pytest.mark.parametrize("binding", ["files", "kafka"])
def test_a_file_of_sql_gives_the_right_answer(flink, tmp_path, binding):
    """Done as the SQL client does it, in the cell's mode."""
    (tmp_path / "scores.sql").write_text(SQL)
    (tmp_path / "adding.py").write_text(ADDING)
    job = Script("scores.sql", tables={"incoming": "points"})
    asked, inputs = replace(SCORED, job=job, folder=tmp_path), SCORED.sample(flink.seed)

    outcome = flink.run(asked, "job", "streaming", binding, inputs)

    assert_matches(SCORED.expected(inputs), outcome)


def test_an_import_that_the_line_lacks_is_told(flink, tmp_path):
    """Before anything starts: its place, and the lines that have it."""
    text = "from pyflink.table import StreamTableEnvironment, TableEnv\n"
    (tmp_path / "etl.py").write_text(text)
    asked = replace(SCORED, job=Script("etl.py"), folder=tmp_path)

    record = flink.run(asked, "job", "batch", "files", SCORED.sample(flink.seed)).record

    assert "unknown" == record.verdict
    assert "etl.py:1: Flink" in record.reason
    assert "has no pyflink.table.TableEnv, nor has any line that is here" in record.reason


def test_sql_that_does_not_parse_is_told_with_its_place(flink, tmp_path):
    """The line of the file."""
    (tmp_path / "scores.sql").write_text("SET 'a' = 'b';\n\nINSERT INTO scores SELEC 1;\n")
    asked = replace(SCORED, job=Script("scores.sql"), folder=tmp_path)

    record = flink.run(asked, "job", "batch", "files", SCORED.sample(flink.seed)).record

    assert "unknown" == record.verdict
    assert "scores.sql, line 3" in record.reason
    assert 1 == len(record.reason.splitlines())


def _counting(folder, text, tables):
    """A program that lets through what counts."""
    (folder / "etl.py").write_text(text)
    return replace(
        SCORED,
        sinks=(Sink("counting", SCORED.sources[0].schema),),
        oracle=lambda inputs: {"counting": [row for row in inputs["points"] if row[1] >= 1]},
        job=Script("etl.py", tables=tables),
        folder=folder,
    )


def _has_consumers(line):
    """Whether a jar of the line's connector for Kafka has the class."""
    name = "org/apache/flink/streaming/connectors/kafka/FlinkKafkaConsumer.class"
    jars = runtime.install(line, KINDS["kafka"].connectors).connectors
    return any(name in zipfile.ZipFile(jar).namelist() for jar in jars)


def _printing(folder, text):
    (folder / "sums.py").write_text(text)
    (folder / "counting.py").write_text("def counts(row):\n    return row[1] >= 1\n")
    (folder / "query.txt").write_text(_QUERY)
    job = Script("sums.py", ("{path:points}",), printed=("scores",))
    return replace(SCORED, job=job, folder=folder)
