"""A lookup join whose dimension is filtered by a constant, which is to hold at the database too.

Flink's JDBC connector 3.1 lost it (FLINK-33365); those of the lines here have it.
"""

from streamgauge.scenario import Scenario, Script, Sink, Source
from streamgauge.values.changelog import Change
from streamgauge.values.schema import Schema

SCENARIO = Scenario(
    id="one_looked_up",
    version=1,
    question="Which place of type 0 has each address that is asked for?",
    sources=(
        Source(
            "places",
            Schema.of(ip="BIGINT", type="BIGINT", place="STRING"),
            rows=[Change("+I", (1, 0, "home")), Change("+I", (1, 1, "work"))],
            key=("ip", "type"),
        ),
        Source("probes", Schema.of(ip="BIGINT"), rows=[(1,)]),
    ),
    sinks=(
        Sink(
            "found",
            Schema.of(ip="BIGINT", type="BIGINT", place="STRING"),
            key=("ip", "type"),
        ),
    ),
    bindings=("debezium",),
    modes=("streaming",),
    job=Script(
        "looked_up.py",
        # The table that Debezium captures into this topic is looked up where the sink lies too.
        arguments=("{url:found}", "{topic:places}"),
        environment={
            "DATABASE_USER": "{username:found}",
            "DATABASE_PASSWORD": "{password:found}",
            "BROKERS": "{properties.bootstrap.servers:probes}",
            "TOPIC": "{topic:probes}",
            "SECURITY_PROTOCOL": "{properties.security.protocol:probes}",
            "SASL_MECHANISM": "{properties.sasl.mechanism:probes}",
            "SASL_JAAS_CONFIG": "{properties.sasl.jaas.config:probes}",
        },
    ),
)
