#!/bin/bash
# As that of debezium/connect: each variable CONNECT_A_B is a setting a.b of a distributed worker.
set -eu
[ "$1" = start ] || exec "$@"
for name in BOOTSTRAP_SERVERS GROUP_ID CONFIG_STORAGE_TOPIC OFFSET_STORAGE_TOPIC STATUS_STORAGE_TOPIC; do
    [ -n "${!name:-}" ] || { echo "ERROR: $name is not set" >&2; exit 1; }
    export "CONNECT_$name=${!name}"
done
export CONNECT_LISTENERS=http://0.0.0.0:8083
export CONNECT_KEY_CONVERTER=${KEY_CONVERTER:-org.apache.kafka.connect.json.JsonConverter}
export CONNECT_VALUE_CONVERTER=${VALUE_CONVERTER:-org.apache.kafka.connect.json.JsonConverter}
for name in $(compgen -e CONNECT_); do
    key=${name#CONNECT_}
    key=${key,,}
    echo "${key//_/.}=${!name}"
done >/kafka/config/connect-distributed.properties
exec java ${HEAP_OPTS:--Xmx1G} ${KAFKA_OPTS:-} -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    -Dlog4j2.configurationFile=/kafka/config/log4j2.properties -cp '/kafka/libs/*' \
    org.apache.kafka.connect.cli.ConnectDistributed /kafka/config/connect-distributed.properties
