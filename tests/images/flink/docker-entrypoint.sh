#!/bin/bash
# As that of flink: the lines of FLINK_PROPERTIES are settings; who runs it is not root.
set -eu
case "${1:-help}" in
    help) echo "Usage: $(basename "$0") (jobmanager|taskmanager|help)"; exit 0 ;;
    jobmanager | taskmanager) ;;
    *) exec "$@" ;;
esac
settings=("-Djobmanager.rpc.address=${JOB_MANAGER_RPC_ADDRESS:-$(hostname -f)}")
settings+=(-Dblob.server.port=6124 -Dqueryable-state.server.ports=6125)
while IFS= read -r line; do
    [ -z "$line" ] || settings+=("-D${line%%: *}=${line#*: }")
done <<<"${FLINK_PROPERTIES:-}"
cd "$FLINK_HOME"
bin/config-parser-utils.sh conf bin lib "${settings[@]}"
run=("bin/$1.sh" start-foreground)
[ "$(id -u)" != 0 ] || run=(setpriv --reuid=flink --regid=flink --init-groups "${run[@]}")
echo "Starting $1"
exec "${run[@]}"
