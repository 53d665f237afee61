#!/bin/sh
# sh run.sh [COMMAND ...]: streamgauge from this checkout; makes .venv on first use.
# With no arguments it runs the main job; `sh run.sh tox` runs the tests.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

set_of_packages=harness
[ "${1:-}" != tox ] || set_of_packages=dev

for python in "${PYTHON:-python3}" python3.13 python3.12 python3.11 python3.10 python3.9; do
    if "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 9))' 2>/dev/null; then
        found=$python
        break
    fi
done
if [ -z "${found:-}" ]; then
    echo "streamgauge: no Python >= 3.9 with venv found (Debian, Ubuntu: python3-venv); set PYTHON to name one" >&2
    exit 1
fi

"$found" "$here/streamgauge/bootstrap.py" "$here" "$set_of_packages"
if [ "$set_of_packages" = dev ]; then
    exec "$here/.venv/bin/python" -m "$@"
fi
exec "$here/.venv/bin/python" -m streamgauge "$@"
