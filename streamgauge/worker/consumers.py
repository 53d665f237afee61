"""Kafka's sources and sinks of before KafkaSource, led to the run's topics where they are made."""

from py4j.java_gateway import JavaPackage
from pyflink.datastream.connectors.kafka import (
    FlinkKafkaConsumer,
    FlinkKafkaConsumerBase,
    FlinkKafkaProducer,
)
from pyflink.java_gateway import get_gateway

from .led import Led
from .led import properties as _told

_STARTS = ("earliest", "latest", "timestamp", "group_offsets")


class Consumers(Led):
    """Of a program that calls its topics by the names of tables."""

    def __init__(self, *known):
        super().__init__(*known)
        self._led = []

    def instead(self):
        """(class, name, what stands in its place)."""
        yield FlinkKafkaConsumer, "__init__", self._consuming(FlinkKafkaConsumer.__init__)
        yield FlinkKafkaProducer, "__init__", self._producing(FlinkKafkaProducer.__init__)
        for name in ("set_start_from_%s" % start for start in _STARTS):
            tell = getattr(FlinkKafkaConsumerBase, name)
            yield FlinkKafkaConsumerBase, name, self._starting(tell)

    def _consuming(self, init):
        begin = FlinkKafkaConsumer.set_start_from_earliest

        # Programs may say each by its name.
        def made(consumer, topics, deserialization_schema, properties):
            _check_class("FlinkKafkaConsumer", "KafkaSource")
            topics = topics if isinstance(topics, list) else [topics]
            options = self.options("FlinkKafkaConsumer", topics, "topic")
            if "scan.bounded.mode" in options:
                raise RuntimeError("FlinkKafkaConsumer reads without an end, and the run's has one")
            told = [self.place(name, "topic") for name in topics]
            init(consumer, told, deserialization_schema, {**properties, **_told(options)})
            if options:
                begin(consumer)
                self._led.append(consumer)

        return made

    def _producing(self, init):
        def made(producer, topic, serialization_schema, producer_config, *arguments, **more):
            _check_class("FlinkKafkaProducer", "KafkaSink")
            options = self.options("FlinkKafkaProducer", [topic], "topic")
            if options.get("sink.delivery-guarantee") == "exactly-once":
                raise RuntimeError("FlinkKafkaProducer has no prefix for transactions of the run's")
            config = {**producer_config, **_told(options)}
            told = self.place(topic, "topic")
            init(producer, told, serialization_schema, config, *arguments, **more)

        return made

    def _starting(self, tell):
        def told(consumer, *arguments):
            return consumer if consumer in self._led else tell(consumer, *arguments)

        return told


def _check_class(name, instead):
    """PyFlink has it on lines whose connector for Kafka does not."""
    kafka = get_gateway().jvm.org.apache.flink.streaming.connectors.kafka
    is_there = not isinstance(getattr(kafka, name), JavaPackage)
    if not is_there:
        raise RuntimeError("%s: the line's connector for Kafka has none; use %s" % (name, instead))
