#!/usr/bin/env bash
# Tries an office on several hosts: two sites, three workers, Redis and PostgreSQL, each in a network namespace of its own.
# People work while hosts are cut off, killed, lose their power, and get another version; then the records are held against
# what people were told. Needs root, iproute2, util-linux, PostgreSQL and Redis as packages; takes six minutes.
set -euo pipefail
here=$(cd "$(dirname "$0")/../.." && pwd)
python=$here/.venv/bin/python
[ "$(id -u)" = 0 ] || { echo "用法：sudo deploy/try/several-hosts.sh [--only 几个字] [--keep 放日志的文件夹]" >&2; exit 2; }
[ -x "$python" ] || { echo "没有 .venv：先运行 make setup" >&2; exit 2; }
cd "$here"
# All of it in namespaces that end with it: nothing is left behind, and the machine's network is not touched.
exec unshare --net --mount --pid --fork --kill-child --mount-proc "$python" -m deploy.hosts "$@"
