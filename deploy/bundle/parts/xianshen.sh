#!/bin/sh
# `xianshen` as the user that the installation belongs to, with its settings; made by install.sh.
set -eu
cd /
set -- @PREFIX@/current/venv/bin/xianshen "$@"
settings=$(grep -E '^[A-Z_]+=' @CONFIG@/environment | tr '\n' ' ')
if [ "$(id -un)" = "@USER@" ]; then
  # shellcheck disable=SC2086 # a value has no blanks, says the file
  exec env $settings "$@"
fi
[ "$(id -u)" = 0 ] || { echo "请用 root 或 @USER@ 运行" >&2; exit 2; }
# shellcheck disable=SC2086 # likewise
exec setpriv --reuid @USER@ --regid @USER@ --init-groups env HOME=@DATA@ $settings "$@"
