"""`generate`: the data alone."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Optional

import typer

from streamgauge.cli import options
from streamgauge.errors import StreamgaugeError, UsageError
from streamgauge.files import written_whole
from streamgauge.providers import shared
from streamgauge.scenario import Scenario, Source
from streamgauge.values.changelog import Change
from streamgauge.values.inputs import Inputs, Record
from streamgauge.values.schema import to_text


def generate(
    scenario: str = typer.Argument(help="A scenario's id or folder."),
    rows: Optional[int] = typer.Option(None, min=1, help="Records a source."),
    seed: int = typer.Option(0, help="The same seed gives the same rows."),
    folder: Optional[Path] = typer.Option(None, "--to", help="Write SOURCE.csv files here."),
    topic: Optional[str] = typer.Option(None, help="Produce JSON to this topic of `services up`."),
    json_file: Optional[Path] = options.JSON,
) -> None:
    """Print a scenario's generated rows as CSV, or write them to files or a topic.

    Changes have their op (+I, -U, +U, -D) in a first column.
    """
    options.check_seed(seed)
    (chosen,) = options.scenarios([scenario]).values()
    inputs = chosen.sample(seed, rows)
    if folder:
        for source in chosen.sources:
            whole = written_whole(folder / f"{source.name}.csv")
            with whole as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
                _write_csv(file, source, inputs[source.name])
    elif topic:
        _produce(chosen, topic, inputs)
    else:
        for source in chosen.sources:
            _write_csv(sys.stdout, source, inputs[source.name])
    written = {name: len(records) for name, records in inputs.items()}
    options.write({"scenario": chosen.id, "seed": seed, "rows": written}, json_file)


def _write_csv(file: IO[str], source: Source, records: Sequence[Record]) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*(["op"] if source.key else []), *source.schema.names])
    writer.writerows(_fields(record) for record in records)


def _fields(record: Record) -> Iterable[Optional[str]]:
    if isinstance(record, Change):
        return [record.op, *map(to_text, record.row)]
    return map(to_text, record)


def _produce(scenario: Scenario, topic: str, inputs: Inputs) -> None:
    """The rows of a scenario's only source, as messages."""
    if len(scenario.sources) != 1 or scenario.sources[0].key:
        raise UsageError(f"{scenario.id} does not fit a topic: it has changes or several sources")
    service = shared.answering("kafka")
    if service is None:
        raise StreamgaugeError("no Kafka is up: start it with `streamgauge services up`")
    (source,) = scenario.sources
    # Kafka's client costs every command 0.1 s.
    from streamgauge.attachments.broker import (  # noqa: PLC0415
        Outgoing,
        create_topics,
        produce,
    )
    from streamgauge.attachments.json_rows import message  # noqa: PLC0415

    outgoing = (Outgoing(topic, 0, message(source, row)) for row in inputs[source.name])
    create_topics(service.endpoint, {topic: 1})
    produce(service.endpoint, outgoing)
