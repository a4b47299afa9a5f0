#!/usr/bin/env bash
# Tries the README's two commands where nobody has installed anything: a minimal Debian 12 with git, make, python3,
# python3-venv and ca-certificates added, as a user who is not root. Needs root, debootstrap and a network.
set -euo pipefail

usage() {
  cat <<'TEXT'
用法：sudo deploy/try/bare-machine.sh [选项]
  --cache FILE.tar   最小系统的安装包缓存；没有就下载并存到这里
  --mirror URL       Debian 镜像，默认 http://deb.debian.org/debian
  --ca FILE          另外信任的根证书（网络出口会换证书的单位用）
  --without PACKAGE  装好后去掉这个软件包，看两条命令怎么说（可以写几次）
  --tests "WORDS"    make test 只跑这些，例如 "tests/unit/cli -q"；不写就全部跑
  --no-tests         不跑 make test
  --keep             结束后留下那个系统
TEXT
}

here=$(cd "$(dirname "$0")/../.." && pwd)
cache="" mirror=http://deb.debian.org/debian ca="" without=() tests="" run_tests=yes keep=no
while [ $# -gt 0 ]; do
  case $1 in
    --cache) cache=$2; shift 2 ;;
    --mirror) mirror=$2; shift 2 ;;
    --ca) ca=$2; shift 2 ;;
    --without) without+=("$2"); shift 2 ;;
    --tests) tests=$2; shift 2 ;;
    --no-tests) run_tests=no; shift ;;
    --keep) keep=yes; shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
done

[ "$(id -u)" = 0 ] || { echo "需要 root：sudo $0" >&2; exit 2; }
for one in debootstrap git unshare; do
  command -v "$one" >/dev/null || { echo "缺少 $one：apt-get install debootstrap git util-linux" >&2; exit 2; }
done

root=$(mktemp -d /var/tmp/bare-machine.XXXXXX)
finish() {
  if [ "$keep" = yes ]; then echo "系统留在 $root"; else rm -rf --one-file-system "$root"; fi
}
trap finish EXIT

said() { printf '\n== %s（%s 秒）\n' "$1" "$SECONDS"; }

said "最小的 Debian 12"
added=git,make,python3,python3-venv,ca-certificates
if [ -n "$cache" ] && [ ! -f "$cache" ]; then
  debootstrap --variant=minbase --include="$added" --make-tarball="$cache" bookworm "$root/fetch" "$mirror" >/dev/null
fi
# The file system stands below, so that the folder that mktemp made stays ours alone.
machine=$root/machine
debootstrap --variant=minbase --include="$added" ${cache:+--unpack-tarball="$(realpath "$cache")"} \
  bookworm "$machine" "$mirror" >"$root/debootstrap.log" 2>&1 || { tail -5 "$root/debootstrap.log" >&2; exit 1; }
chmod 755 "$root"
cp --remove-destination /etc/resolv.conf "$machine/etc/resolv.conf"
if [ -n "$ca" ]; then
  cp "$ca" "$machine/usr/local/share/ca-certificates/own.crt"
  chroot "$machine" update-ca-certificates >/dev/null 2>&1
fi
for one in "${without[@]}"; do
  chroot "$machine" dpkg --remove --force-depends --force-remove-essential "$one" >/dev/null
done
chroot "$machine" dpkg-query -W -f '${Package}\n' | wc -l | sed 's/$/ 个软件包/'

# As one file, so that it does not matter who owns the checkout.
git -C "$here" bundle create --quiet "$machine/var/tmp/repository.bundle" HEAD
chroot "$machine" useradd --create-home --shell /bin/bash newcomer
cp "$here/deploy/try/newcomer.sh" "$machine/home/newcomer/newcomer.sh"

# A process space of its own: whatever is started in there ends with it.
cat >"$machine/enter.sh" <<'TEXT'
mount -t proc proc /proc
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
exec setpriv --reuid newcomer --regid newcomer --init-groups --reset-env \
  env LANG=C.UTF-8 PIP_CERT=/etc/ssl/certs/ca-certificates.crt RUN_TESTS="$RUN_TESTS" TESTS="$TESTS" \
  bash /home/newcomer/newcomer.sh
TEXT
mount --bind "$machine" "$machine" && mount --make-private "$machine"
mount --rbind /dev "$machine/dev" && mount --make-rslave "$machine/dev"
leave() { umount -l "$machine/dev" "$machine" || true; finish; }
trap leave EXIT
RUN_TESTS=$run_tests TESTS=$tests unshare --mount --pid --fork --kill-child chroot "$machine" bash /enter.sh
said "全部做完"
