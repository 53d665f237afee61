"""Changes as messages of debezium-json, canal-json and maxwell-json, which need no broker."""

import json
from pathlib import Path

import pytest

from streamgauge.attachments import change_formats, limits
from streamgauge.attachments.place import Place
from streamgauge.attachments.sending import Sending
from streamgauge.attachments.topic import Topics, TopicSink, TopicSource
from streamgauge.bindings import KINDS
from streamgauge.cells import make_cell
from streamgauge.discovery import load
from streamgauge.errors import ScenarioError, StreamgaugeError, UsageError
from streamgauge.services.endpoint import Endpoint
from streamgauge.slices import encoded
from streamgauge.tables import Sink, Source
from streamgauge.values.changelog import Change
from streamgauge.values.images import Image, Images
from streamgauge.values.inputs import Entry, Message
from streamgauge.values.schema import Schema
from streamgauge.versions import line

STOCK = Schema.of(id="BIGINT", name="STRING", n="INT")
FORMATS = ("debezium-json", "canal-json", "maxwell-json")
INSERT = Image(None, (1, "pear", 5))
UPDATE = Image((1, "pear", None), (1, "pear", 4))
DELETE = Image((1, "pear", 4), None)
SCENARIOS = Path(__file__).parents[1] / "scenarios"


def source(form="debezium-json", rows=(), **more):
    return Source("stock", STOCK, rows=list(rows), key=("id",), format=form, **more)


def written(form, image, **more):
    return json.loads(change_formats.writer(source(form, **more))(image))


def sent(*entries, partitions=1, sending=None):
    if sending is None:
        sending = Sending(partitions)
        sending.add(source(), "t")
    return list(sending([Entry("stock", record) for record in entries]))


def ops(outgoing):
    return [json.loads(each.value)["op"] for each in outgoing]


def row(n, name="pear", number="1"):
    return {"id": number, "name": name, "n": n}


@pytest.mark.parametrize(
    ("form", "image", "told"),
    [
        ("debezium-json", INSERT, {"op": "c", "before": None, "after": row(5, number=1)}),
        (
            "debezium-json",
            UPDATE,
            {"op": "u", "before": row(None, number=1), "after": row(4, number=1)},
        ),
        ("debezium-json", DELETE, {"op": "d", "before": row(4, number=1), "after": None}),
        ("canal-json", INSERT, {"type": "INSERT", "data": [row("5")], "old": None}),
        ("canal-json", UPDATE, {"type": "UPDATE", "data": [row("4")], "old": [{"n": None}]}),
        ("canal-json", DELETE, {"type": "DELETE", "data": [row("4")], "old": None}),
        ("maxwell-json", INSERT, {"type": "insert", "data": row(5, number=1)}),
        ("maxwell-json", UPDATE, {"type": "update", "data": row(4, number=1), "old": {"n": None}}),
        ("maxwell-json", DELETE, {"type": "delete", "data": row(4, number=1)}),
    ],
)
def test_change_as_a_message(form, image, told):
    """As Debezium, Canal and Maxwell have it: the latter two tell but what has changed."""
    found = written(form, image)

    assert told == {name: found[name] for name in told}
    assert ("old" in found) == ("old" in told)
    assert "stock" == found.get("source", found)["table"]


def test_message_with_its_schema():
    """As Connect wraps it, where the table says so."""
    own = {"kafka": {"debezium-json.schema-include": "true"}}

    assert "c" == written("debezium-json", INSERT, options=own)["payload"]["op"]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("debezium-json", '{"before":null,"after":{"id":1,"name":"pear","n":5},"op":"c"}'),
        ("canal-json", '{"data":[{"id":1,"name":"pear","n":5}],"type":"INSERT"}'),
        ("maxwell-json", '{"data":{"id":1,"name":"pear","n":5},"type":"insert"}'),
    ],
)
def test_what_flink_writes_is_read(form, text):
    """A row that comes, and one that goes; it writes an update as both."""
    read = change_formats.reader(form)
    gone = text.replace('"op":"c"', '"op":"d"').replace('"before":null,"after"', '"before"')
    gone = gone.replace('"INSERT"', '"DELETE"').replace('"insert"', '"delete"')

    assert Change("+I", (1, "pear", 5)) == read(text.encode(), STOCK)
    assert Change("-D", (1, "pear", 5)) == read(gone.encode(), STOCK)


def test_images_of_changes():
    """What was there is found by the key, for whoever says it not."""
    images = Images((0,))
    one, two, three = (1, "a", 1), (1, "a", 2), (2, "a", 2)

    assert [Image(None, one)] == images.take(Change("+I", one))
    assert [Image(one, two)] == images.take(Change("+U", two))
    assert [] == images.take(Change("-U", (1, None, None)))
    assert [Image(two, None), Image(None, three)] == images.take(Change("+U", three))
    assert [Image(three, None)] == images.take(Change("-D", (2, None, None)))


def test_half_an_update_that_is_cut_off():
    """A delete, and the other half an insert: so they fold to the same table at each cut."""
    first, second = (1, "pear", 5), (1, "pear", 6)
    sending = Sending(1)
    sending.add(source(), "t")
    changes = [Change("+I", first), Change("-U", first)], [Change("+U", second)]

    told = [ops(sent(*part, sending=sending)) for part in changes]

    assert [["c", "d"], ["c"]] == told


def test_half_an_update_before_another_change():
    """It is a delete as well."""
    changes = [Change("+I", (1, "a", 1)), Change("-U", (1, "a", 1)), Change("+I", (2, "b", 1))]

    assert ["c", "d", "c"] == ops(sent(*changes))


def test_changes_of_a_row_stay_in_order():
    """Those of a key go to one partition, of which there are several in use."""
    rows = [(number, "a", n) for n in range(3) for number in range(20)]
    outgoing = sent(*[Change("+U" if n else "+I", (i, a, n)) for i, a, n in rows], partitions=3)
    places = {(each.key, each.partition) for each in outgoing}

    assert 20 == len(places)
    assert {0, 1, 2} == {partition for _, partition in places}


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (Change("+U", (1, "a", 1)), "an update without its before image"),
        (Change("-U", (1, "a", 1)), "an update without its before image"),
        (Change("-D", (1, "a", 1)), "a delete without its before image"),
    ],
)
def test_change_without_its_before_image(change, what):
    """Told with its index before anything starts; of what is generated, when it is sent."""
    stock = source(rows=[Change("+I", (2, "b", 1)), change])

    with pytest.raises(ScenarioError, match=f"source stock: record 1: {what}"):
        stock.check(stock.rows)
    with pytest.raises(StreamgaugeError, match=f"source stock: {what}"):
        sent(change)


def test_insert_of_a_row_that_is_there():
    """No table has had one."""
    twice = [Change("+I", (1, "a", 1)), Change("+I", (1, "b", 1))]

    with pytest.raises(ScenarioError, match=r"record 1: an insert of a row that is there: \(1, 'a"):
        source().check(twice)


def test_messages_by_hand_among_changes():
    """As they are, whatever they say of the table."""
    stock = source(rows=[Change("+I", (1, "a", 1)), Message(b'{"op":"u"}', b"k")])

    assert stock.check(stock.rows) is None
    assert [b'{"op":"u"}', b"k"] == [*sent(*stock.rows)[1][2:]]


@pytest.mark.parametrize("form", FORMATS)
def test_tables_of_a_format_of_changes(tmp_path, form):
    """The key of either is Flink's to know; a sink gets rows that come and go."""
    topics = Topics(Place("run_1", "streaming", tmp_path, {"kafka": Endpoint("h", 1, "u", "p")}))
    (reads,) = TopicSource(topics, source(form, added={"t": "AS n + 1"})).ddl()
    sink = TopicSink(topics, Sink("out", STOCK, key=("id",), format=form))
    (writes,) = sink.ddl()

    for ddl in (reads, writes):
        assert "PRIMARY KEY (`id`) NOT ENFORCED" in ddl
        assert f"'format' = '{form}'" in ddl
        assert "'connector' = 'kafka'" in ddl
    assert "NONE" == sink.settings["table.exec.sink.upsert-materialize"]
    assert {"delete of a missing row", "retraction of another row"} == sink.tells


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Source("a", STOCK, rows=[], format="canal-json"), "changes, which need a key"),
        (lambda: Sink("a", STOCK, rows=[], format="canal-json"), "changes, which need a key"),
        (
            lambda: source(options={"kafka": {"debezium-json.timestamp-format.standard": "SQL"}}),
            "changes how rows are written",
        ),
        (
            lambda: source("canal-json", options={"kafka": {"debezium-json.schema-include": ""}}),
            "changes how rows are written",
        ),
    ],
)
def test_what_is_no_format_of_changes(make, told):
    with pytest.raises(ScenarioError, match=told):
        make()


def test_a_run_alone_sends_changes():
    with pytest.raises(UsageError, match="source stock: a run alone knows what was before"):
        next(encoded(None, source(), 0, range(1)))


@pytest.mark.parametrize("binding", ["kafka", "cdc", "debezium"])
def test_a_table_of_changes_is_on_kafka_in_each_binding(tmp_path, binding):
    """Beside tables of MySQL, which need no format."""
    services = dict.fromkeys(("kafka", "mysql", "connect"), Endpoint("h", 1, "u", "p"))
    place = Place("sg_1", "streaming", tmp_path, services)
    sink = Sink("out", STOCK, key=("id",), format="maxwell-json")

    for ddl in KINDS[binding].attach(place, [source("maxwell-json")], [sink]).ddl():
        assert "'connector' = 'kafka'" in ddl
    assert KINDS[binding].is_topic(sink)
    assert KINDS[binding].limit(source()) is None


def test_where_changes_are_no_messages():
    """A batch reads rows, and files have none of these formats."""
    scenario = load(SCENARIOS / "stock_changed")

    batch = make_cell(scenario, "sql", "batch", "kafka", line("2.3"))

    assert "a batch of Flink's reads rows, and stock gives changes in debezium-json" == batch.absent
    assert "files have no canal-json, in which stock has" in limits.of_files(source("canal-json"))
