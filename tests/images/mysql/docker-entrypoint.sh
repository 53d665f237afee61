#!/bin/sh
# As that of mysql: an empty server is made first, with the passwords of the variables, by a server
# that nobody can reach; options alone are for mysqld.
set -eu
note() { echo "$(date --iso-8601=seconds) [Note] [Entrypoint]: $*"; }
case "${1:-}" in -*) set -- mysqld "$@" ;; esac
[ "$1" = mysqld ] || exec "$@"
shift
set -- mysqld --basedir=/usr/local/mysql --datadir=/var/lib/mysql --user=mysql --skip-name-resolve "$@"
if [ ! -d /var/lib/mysql/mysql ]; then
    if [ -z "${MYSQL_ROOT_PASSWORD:-}" ]; then
        note 'Database is uninitialized and password option is not specified' >&2
        exit 1
    fi
    note 'Initializing database files'
    "$@" --initialize-insecure
    accounts=$(mktemp -d)
    cat >"$accounts/sql" <<SQL
CREATE USER 'root'@'${MYSQL_ROOT_HOST:-%}' IDENTIFIED BY '$MYSQL_ROOT_PASSWORD';
GRANT ALL ON *.* TO 'root'@'${MYSQL_ROOT_HOST:-%}' WITH GRANT OPTION;
ALTER USER 'root'@'localhost' IDENTIFIED BY '$MYSQL_ROOT_PASSWORD';
SHUTDOWN;
SQL
    chown -R mysql "$accounts"
    note 'Starting temporary server'
    "$@" --skip-networking --init-file="$accounts/sql"
    rm -r "$accounts"
    note 'MySQL init process done. Ready for start up.'
fi
exec "$@"
