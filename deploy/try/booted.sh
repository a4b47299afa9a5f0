#!/usr/bin/env bash
# Tries the units where systemd really runs them: a minimal Debian 12, booted in namespaces of its own, without a network.
# Installs a bundle, starts everything, sees that the walls around strange files stand in spite of the hardening, that
# backup and verification run. With a second bundle also: upgrade, and the way back. Needs root and debootstrap.
set -euo pipefail
[ "$(id -u)" = 0 ] && [ $# -ge 1 ] || { echo "用法：sudo deploy/try/booted.sh 安装包.tar [--cache 缓存.tar] [--next 更新的安装包.tar]" >&2; exit 2; }
bundle=$(realpath "$1") cache="" next="" mirror=http://deb.debian.org/debian
shift
while [ $# -gt 0 ]; do
  case $1 in
    --cache) cache=$(realpath "$2"); shift 2 ;;
    --next) next=$(realpath "$2"); shift 2 ;;
    *) echo "不认识 $1" >&2; exit 2 ;;
  esac
done
for one in debootstrap nsenter ip; do
  command -v "$one" >/dev/null || { echo "缺少 $one：apt-get install debootstrap util-linux iproute2" >&2; exit 2; }
done

root=$(mktemp -d /var/tmp/booted.XXXXXX)
machine=$root/machine outer=""
finish() {
  if [ -n "$outer" ]; then kill -9 "$outer" 2>/dev/null || true; wait "$outer" 2>/dev/null || true; fi
  rm -rf --one-file-system "$root"
}
trap finish EXIT

added=python3,python3-venv,systemd,systemd-sysv,dbus,bubblewrap
if [ -n "$cache" ] && [ ! -f "$cache" ]; then
  debootstrap --variant=minbase --include="$added" --make-tarball="$cache" bookworm "$root/fetch" "$mirror" >/dev/null
fi
debootstrap --variant=minbase --include="$added" ${cache:+--unpack-tarball="$cache"} bookworm "$machine" "$mirror" \
  >"$root/log" 2>&1 || { tail -5 "$root/log" >&2; exit 1; }
mkdir -p "$machine/bundle/first" "$machine/bundle/next" "$machine/old"
tar xf "$bundle" -C "$machine/bundle/first" --strip-components=1
[ -z "$next" ] || tar xf "$next" -C "$machine/bundle/next" --strip-components=1

# A root of its own by pivot_root, not chroot: in a chroot nobody may make a user namespace.
cat >"$root/boot.sh" <<'TEXT'
set -e
cd "$1"
mount --bind . . && mount --make-private . && cd "$1"
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t cgroup2 none sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs dev
for one in null zero full random urandom tty; do touch "dev/$one"; mount --bind "/dev/$one" "dev/$one"; done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
ip link set lo up
pivot_root . old
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin container=other chroot . \
  sh -c 'umount -l /old; exec /lib/systemd/systemd --show-status=no --log-target=null'
TEXT
unshare --mount --pid --net --uts --ipc --cgroup --fork --kill-child bash "$root/boot.sh" "$machine" &
outer=$!
inner=""
for _ in $(seq 60); do
  sleep 1
  inner=$(cat "/proc/$outer/task/$outer/children" 2>/dev/null | tr -d ' ') || true
  if [ -n "$inner" ] && [ "$(cat "/proc/$inner/comm" 2>/dev/null)" = systemd ]; then break; fi
done
inside() {
  nsenter -t "$inner" -m -p -n -u -i -C -r -w env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "$@"
}

cat >"$machine/bundle/inside.sh" <<'TEXT'
set -euo pipefail
said() { printf '\n== %s\n' "$1"; }
units="xianshen-site xianshen-worker xianshen-queue"
ready() {
  for _ in $(seq 120); do
    if python3 -c 'import urllib.request as u; print(u.urlopen("http://127.0.0.1:8000/readyz").read().decode())' 2>/dev/null; then return; fi
    sleep 1
  done
  journalctl --no-pager -n 40; return 1
}
for _ in $(seq 60); do [ "$(systemctl is-system-running)" = running ] && break; sleep 1; done
said "systemd $(systemctl is-system-running)，没有网络：$(tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' \n')"
cd /bundle/first && ./install.sh install
systemctl start xianshen.target
ready
# shellcheck disable=SC2086 # several words
systemctl is-active $units xianshen-backup.timer xianshen-verify.timer
said "隔离在服务的限制下也有"
if journalctl -b -u xianshen-worker -u xianshen-site | grep "bubblewrap"; then exit 1; fi
walls=0
for _ in $(seq 60); do
  walls=$(readlink /proc/[0-9]*/exe 2>/dev/null | grep -c '/bwrap$' || true)
  [ "$walls" = 0 ] || break
  sleep 1
done
echo "隔离的进程：$walls"
[ "$walls" != 0 ]
grep -E 'NoNewPrivs|CapBnd|Seccomp:' "/proc/$(systemctl show -p MainPID --value xianshen-worker)/status"
said "备份和核验"
systemctl start xianshen-backup.service xianshen-verify.service
ls /var/backups/xianshen
if [ -e /bundle/next/install.sh ]; then
  xianshen users found security --name 吴安全 --post 安全管理员 --from 2026-01-01 --until 2035-12-31 --ground 云职院1号
  said "升级"
  (cd /bundle/next && ./install.sh upgrade)
  ready
  # shellcheck disable=SC2086 # several words
  systemctl is-active $units
  said "退回"
  "$(readlink -f /opt/xianshen/current)/install.sh" rollback
  ready
  xianshen users list | grep security
fi
said "全部做完（$SECONDS 秒）"
TEXT
inside bash /bundle/inside.sh
