#!/usr/bin/env bash
# Tries a bundle where there is no network: a minimal Debian 12 with python3 and python3-venv, in a network namespace
# of its own. Installs, starts, signs in, scans, verifies. Needs root and debootstrap; the namespace is left by ending.
set -euo pipefail
[ "$(id -u)" = 0 ] && [ $# -ge 1 ] || { echo "用法：sudo deploy/try/no-network.sh 安装包.tar [缓存.tar]" >&2; exit 2; }
here=$(cd "$(dirname "$0")/../.." && pwd)
bundle=$(realpath "$1") cache=${2:-} mirror=http://deb.debian.org/debian
[ -f "$bundle" ] || { echo "没有 $bundle：先运行 make bundle" >&2; exit 2; }
command -v debootstrap >/dev/null || { echo "缺少 debootstrap：apt-get install debootstrap" >&2; exit 2; }

root=$(mktemp -d /var/tmp/no-network.XXXXXX)
finish() { rm -rf --one-file-system "$root"; }
trap finish EXIT
added=python3,python3-venv
if [ -n "$cache" ] && [ ! -f "$cache" ]; then
  debootstrap --variant=minbase --include="$added" --make-tarball="$(realpath "$cache")" bookworm "$root/fetch" "$mirror" >/dev/null
fi
debootstrap --variant=minbase --include="$added" ${cache:+--unpack-tarball="$(realpath "$cache")"} \
  bookworm "$root/machine" "$mirror" >"$root/log" 2>&1 || { tail -5 "$root/log" >&2; exit 1; }
mkdir "$root/machine/bundle"
cp "$bundle" "$here/deploy/try/ask.py" "$here/sample_docs/"*.docx "$root/machine/bundle/"
cat >"$root/machine/inside.sh" <<'TEXT'
set -euo pipefail
mount -t proc proc /proc
mount -t tmpfs -o mode=1777 tmpfs /tmp
if timeout 5 python3 -c 'import socket; socket.create_connection(("192.0.2.1", 80), 3)' 2>/dev/null; then exit 9; fi
echo "== 没有网络；网卡：$(tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' \n')"
cd /bundle
tar xf ./*.tar
cd xianshen-*/
./install.sh check
./install.sh install
xianshen doctor || true
echo "== 扫描一份样本"
install -d -o xianshen /tmp/drafts && cp /bundle/*.docx /tmp/drafts/
xianshen scan --quiet /tmp/drafts && status=0 || status=$?
echo "scan 以 $status 结束"
[ "$status" -le 1 ]
xianshen records verify
echo "== 另用一个空目录启动演示，登录"
install -d -m 700 -o xianshen /tmp/demo
cd /
setpriv --reuid xianshen --regid xianshen --init-groups env -i PATH="$PATH" LANG=C.UTF-8 HOME=/tmp/demo \
  XIANSHEN_DATA_DIR=/tmp/demo /opt/xianshen/current/venv/bin/xianshen serve >/tmp/said.txt 2>&1 &
program=$!
until grep -q 先审已启动 /tmp/said.txt; do
  kill -0 "$program" 2>/dev/null || { cat /tmp/said.txt; exit 1; }
  sleep 1
done
python3 /bundle/ask.py 8000 /tmp/said.txt
kill -TERM "$program"
wait "$program"
echo "== 全部做完（$SECONDS 秒）"
TEXT
unshare --net --mount --pid --fork --kill-child bash -c '
  ip link set lo up 2>/dev/null || true
  mount --bind "$1" "$1" && mount --make-private "$1"
  mount --rbind /dev "$1/dev"
  exec env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 chroot "$1" bash /inside.sh' - "$root/machine"
