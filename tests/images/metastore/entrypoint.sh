#!/bin/bash
# As that of apache/hive: SERVICE_NAME is which service it is, of which this has the metastore alone;
# in a Derby of its own, whose tables are made first.
set -eu
[ "${SERVICE_NAME:-}" = metastore ] || exit 0
[ "${DB_DRIVER:-derby}" = derby ] || { echo 'Schema initialization failed!' >&2; exit 1; }
store=org.apache.hadoop.hive.metastore
for package in lang util net; do
    opens+=("--add-opens=java.base/java.$package=ALL-UNNAMED")
done
for setting in \
    'javax.jdo.option.ConnectionURL=jdbc:derby:;databaseName=metastore_db;create=true' \
    datanucleus.schema.autoCreateAll=true \
    hive.metastore.schema.verification=false \
    hive.metastore.warehouse.dir=/opt/hive/data/warehouse \
    metastore.expression.proxy=$store.DefaultPartitionExpressionProxy \
    metastore.task.threads.always=$store.events.EventCleanerTask; do
    settings+=(--hiveconf "$setting")
done
exec java -Xmx1G ${SERVICE_OPTS:-} -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "${opens[@]}" \
    -Dlog4j2.configurationFile=/opt/hive/conf/log4j2.properties -cp '/opt/hive/lib/*' \
    $store.HiveMetaStore -p "${METASTORE_PORT:-9083}" "${settings[@]}"
