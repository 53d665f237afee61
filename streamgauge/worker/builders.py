"""Kafka's sources and sinks of streams, led to the run's topics where they are built."""

from pyflink.datastream.connectors.base import DeliveryGuarantee
from pyflink.datastream.connectors.kafka import (
    KafkaOffsetsInitializer,
    KafkaRecordSerializationSchemaBuilder,
    KafkaSinkBuilder,
    KafkaSourceBuilder,
)

from .led import Led, properties


class Builders(Led):
    """Of a program that calls its topics by the names of tables."""

    def __init__(self, *known):
        super().__init__(*known)
        # By what is told the topic, or what is made of that: the options of the run's table.
        self._told = {}

    def instead(self):
        """(class, name, what stands in its place)."""
        source, schema, sink = (
            KafkaSourceBuilder,
            KafkaRecordSerializationSchemaBuilder,
            KafkaSinkBuilder,
        )
        yield source, "set_topics", self._topics("KafkaSource", source.set_topics)
        yield source, "build", self._built(source.build, _lead_source)
        yield schema, "set_topic", self._topic(schema.set_topic)
        yield schema, "build", self._passed_on(schema.build)
        yield sink, "set_record_serializer", self._taken(sink.set_record_serializer)
        yield sink, "build", self._built(sink.build, _lead_sink)

    def _topics(self, what, tell):
        def told(builder, *topics):
            if options := self.options(what, topics, "topic"):
                self._told[builder] = options
            return tell(builder, *(self.place(name, "topic") for name in topics))

        return told

    def _topic(self, tell):
        telling = self._topics("KafkaSink", tell)

        # Programs may say it by its name.
        def told(builder, topic):
            return telling(builder, topic)

        return told

    def _passed_on(self, build):
        def built(builder):
            schema = build(builder)
            if builder in self._told:
                self._told[schema] = self._told[builder]
            return schema

        return built

    def _taken(self, take):
        def taken(builder, record_serializer):
            if record_serializer in self._told:
                self._told[builder] = self._told[record_serializer]
            return take(builder, record_serializer)

        return taken

    def _built(self, build, lead):
        def built(builder):
            if builder in self._told:
                options = self._told[builder]
                for key, value in properties(options).items():
                    builder.set_property(key, value)
                builder.set_bootstrap_servers(options["properties.bootstrap.servers"])
                lead(builder, options)
            return build(builder)

        return built


def _lead_source(builder, options):
    builder.set_starting_offsets(KafkaOffsetsInitializer.earliest())
    if "scan.bounded.mode" in options:
        builder.set_bounded(KafkaOffsetsInitializer.latest())


def _lead_sink(builder, options):
    if options.get("sink.delivery-guarantee") == "exactly-once":
        builder.set_delivery_guarantee(DeliveryGuarantee.EXACTLY_ONCE)
        builder.set_transactional_id_prefix(options["sink.transactional-id-prefix"])
