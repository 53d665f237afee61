"""`generate`: the data alone."""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import IO, NamedTuple, Optional

import typer

from streamgauge.cli import options
from streamgauge.errors import StreamgaugeError, UsageError
from streamgauge.files import written_whole
from streamgauge.locales import check_locale
from streamgauge.providers import shared
from streamgauge.scenario import Scenario, Source
from streamgauge.slices import encoded, slices
from streamgauge.values.changelog import Change
from streamgauge.values.inputs import Inputs, Record, only_rows
from streamgauge.values.schema import Row, Schema


def generate(
    scenario: str = typer.Argument(help="A scenario's id or folder."),
    rows: Optional[int] = typer.Option(None, min=1, help="Records a source."),
    seed: int = typer.Option(0, help="The same seed gives the same rows."),
    folder: Optional[Path] = typer.Option(None, "--to", help="Write SOURCE.csv files here."),
    topic: Optional[str] = typer.Option(None, help="Produce JSON to this topic of `services up`."),
    part: str = typer.Option("1/1", help="Such as 2/4: the second of four slices of the rows."),
    rate: Optional[float] = typer.Option(
        None, help="Send to the topic so many a second, of all parts together."
    ),
    locale: Optional[str] = typer.Option(None, help="Such as zh_CN: of names, cities and words."),
    json_file: Optional[Path] = options.JSON,
) -> None:
    """Print a scenario's generated rows as CSV, or write them to files or a topic.

    Changes have their op (+I, -U, +U, -D) in a first column. Of a topic each part has a
    partition. At a rate, what is late is sent at once, and carries the time when it was due.
    """
    options.check_seed(seed)
    _check_rate(rate, topic)
    (chosen,) = options.scenarios([scenario]).values()
    _check_locale(chosen, locale)
    number, parts = _part(part)
    wanted = slices(chosen.rows if rows is None else rows, parts)[number - 1]
    told: dict[str, object] = {} if parts == 1 else {"part": part}
    told |= {"locale": locale} if locale else {}
    if topic:
        _check_fits_topic(chosen)
        values = encoded(chosen, chosen.sources[0], seed, wanted, locale)
        told |= _produce(_Topic(topic, number - 1, parts), values, rate)
    else:
        _write(chosen, chosen.slice(seed, wanted, locale), folder)
    written = {source.name: len(wanted) for source in chosen.sources}
    options.write({"scenario": chosen.id, "seed": seed, "rows": written, **told}, json_file)


def _check_rate(rate: float | None, topic: str | None) -> None:
    """A UsageError for what is no rate, or has nothing to be sent to."""
    if rate is None:
        return
    options.check_rate(rate)
    if topic is None:
        raise UsageError("--rate: only what goes to a --topic is sent at a rate")


def _check_locale(chosen: Scenario, locale: str | None) -> None:
    """A UsageError where there is no such, or nothing that would be of it."""
    if locale is None:
        return
    check_locale(locale)
    if not any(source.has_locales for source in chosen.sources):
        raise UsageError(f"{chosen.id} has nothing that --locale could change")


def _part(text: str) -> tuple[int, int]:
    """Which of how many; a UsageError for what is none."""
    number, slash, parts = text.partition("/")
    if slash and number.isdecimal() and parts.isdecimal() and 1 <= int(number) <= int(parts):
        return int(number), int(parts)
    raise UsageError(f"--part {text}: such as 2/4, the second of four")


def _write(chosen: Scenario, inputs: Inputs, folder: Path | None) -> None:
    if folder:
        for source in chosen.sources:
            whole = written_whole(folder / f"{source.name}.csv")
            with whole as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
                _write_csv(file, source, inputs[source.name])
    else:
        for source in chosen.sources:
            _write_csv(sys.stdout, source, inputs[source.name])


def _write_csv(file: IO[str], source: Source, records: Sequence[Record]) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*(["op"] if source.key else []), *source.schema.names])
    rows = only_rows(source.name, records)
    writer.writerows(_fields(source.schema, row) for row in rows)


def _fields(schema: Schema, record: Row) -> Iterable[Optional[str]]:
    if isinstance(record, Change):
        return [record.op, *schema.texts(record.row)]
    return schema.texts(record)


class _Topic(NamedTuple):
    """A topic, which of its partitions, and how many it has."""

    name: str
    partition: int
    partitions: int


def _check_fits_topic(scenario: Scenario) -> None:
    if len(scenario.sources) != 1 or scenario.sources[0].key:
        raise UsageError(f"{scenario.id} does not fit a topic: it has changes or several sources")


def _produce(topic: _Topic, values: Iterable[list[bytes]], rate: float | None) -> dict[str, object]:
    """Send messages; at a rate, what is to be told of that."""
    service = shared.answering("kafka")
    if service is None:
        raise StreamgaugeError("no Kafka is up: start it with `streamgauge services up`")
    # Kafka's client costs every command 0.1 s.
    from streamgauge.attachments.broker import (  # noqa: PLC0415
        Batch,
        create_topics,
        produce_all,
    )
    from streamgauge.measure.sender import Course, Loop, Pace  # noqa: PLC0415

    # Of several parts another one may have made it.
    alone = topic.partitions == 1
    create_topics(service.endpoint, {topic.name: topic.partitions}, anew=alone)
    if rate is None:
        batches = (Batch(topic.name, topic.partition, each) for each in values)
        produce_all(service.endpoint, batches)
        return {}
    pace = Pace.of_part(topic.partition, topic.partitions, rate)
    course = Course(topic.name, topic.partition, pace)
    # All messages are made before the first is due.
    loop = Loop(course, list(chain.from_iterable(values)), time.time())
    produce_all(service.endpoint, loop.batches())
    return {"sent": loop.sent()._asdict()}
