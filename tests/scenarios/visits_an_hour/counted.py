"""Counts visits by the hour, whose time it takes from each, as the source is told."""

import json
import os
import sys
from datetime import datetime, timezone

from pyflink.common import SimpleStringSchema, Time, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import ProcessWindowFunction, StreamExecutionEnvironment
from pyflink.datastream.connectors.kafka import (
    KafkaOffsetsInitializer,
    KafkaRecordSerializationSchema,
    KafkaSink,
    KafkaSource,
)
from pyflink.datastream.window import TumblingEventTimeWindows

LOGIN = ("security.protocol", "sasl.mechanism", "sasl.jaas.config")


class Seen(TimestampAssigner):
    """The visit's own time."""

    def extract_timestamp(self, value, record_timestamp):
        """Milliseconds since 1970."""
        seen = datetime.fromisoformat(json.loads(value)["seen"])
        return int(seen.replace(tzinfo=timezone.utc).timestamp() * 1000)


class Count(ProcessWindowFunction):
    """Counts a window's visits."""

    def process(self, key, context, elements):
        """The hour and how many."""
        hour = datetime.fromtimestamp(context.window().start / 1000, timezone.utc)
        yield json.dumps({"hour": f"{hour:%Y-%m-%d %H:%M:%S}", "n": len(list(elements))})


def logged_in(builder):
    """With what the environment has of a login."""
    for name in LOGIN:
        builder.set_property(name, os.environ[name.upper().replace(".", "_")])
    return builder


def main() -> None:
    """From topic to topic."""
    servers, visits, counts = sys.argv[1:]
    env = StreamExecutionEnvironment.get_execution_environment()
    source = (
        logged_in(KafkaSource.builder())
        .set_bootstrap_servers(servers)
        .set_topics(visits)
        .set_group_id("counted")
        .set_starting_offsets(KafkaOffsetsInitializer.earliest())
        .set_value_only_deserializer(SimpleStringSchema())
        .build()
    )
    values = (
        KafkaRecordSerializationSchema.builder()
        .set_topic(counts)
        .set_value_serialization_schema(SimpleStringSchema())
        .build()
    )
    sink = (
        logged_in(KafkaSink.builder())
        .set_bootstrap_servers(servers)
        .set_record_serializer(values)
        .build()
    )
    strategy = WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Seen())
    (
        env.from_source(source, strategy, "visits")
        .key_by(lambda _: 0, key_type=Types.LONG())
        .window(TumblingEventTimeWindows.of(Time.hours(1)))
        .process(Count(), output_type=Types.STRING())
        .sink_to(sink)
    )
    env.execute("visits an hour")


if __name__ == "__main__":
    main()
