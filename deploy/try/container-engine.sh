#!/usr/bin/env bash
# Tries the container file and the compose example with podman: builds the image from a bundle, starts everything as the
# example says, hands a draft in, sees it checked by a worker, asks the site how it is, stops and starts again.
# Needs root, podman, podman-compose, catatonit and debootstrap. The base image is a debootstrapped Debian 12, so that no registry is asked.
set -euo pipefail
[ "$(id -u)" = 0 ] && [ $# -ge 1 ] || { echo "用法：sudo deploy/try/container-engine.sh 安装包.tar [缓存.tar]" >&2; exit 2; }
here=$(cd "$(dirname "$0")/../.." && pwd)
bundle=$(realpath "$1") cache=${2:-} mirror=http://deb.debian.org/debian
[ -f "$bundle" ] || { echo "没有 $bundle：先运行 make bundle" >&2; exit 2; }
for one in podman podman-compose debootstrap catatonit; do
  command -v "$one" >/dev/null || { echo "缺少 $one：apt-get install podman podman-compose catatonit debootstrap" >&2; exit 2; }
done
said() { printf '\n== %s（%s 秒）\n' "$1" "$SECONDS"; }

# Images and containers of this trial alone: nothing of the machine's own is touched.
root=$(mktemp -d /var/tmp/container-engine.XXXXXX)
export CONTAINERS_STORAGE_CONF=$root/storage.conf
printf '[storage]\ndriver = "overlay"\ngraphroot = "%s"\nrunroot = "%s"\n' "$root/images" "$root/run" >"$CONTAINERS_STORAGE_CONF"
compose() { podman-compose -p xianshen -f "$root/compose.yaml" "$@"; }
finish() {
  compose down -v >/dev/null 2>&1 || true
  podman rm -af >/dev/null 2>&1 || true
  umount -R "$root/images/overlay" 2>/dev/null || true
  rm -rf --one-file-system "$root"
}
trap finish EXIT

said "最小的 Debian 12 作为基础镜像"
if [ -n "$cache" ] && [ ! -f "$cache" ]; then
  debootstrap --variant=minbase --make-tarball="$(realpath "$cache")" bookworm "$root/fetch" "$mirror" >/dev/null
fi
debootstrap --variant=minbase ${cache:+--unpack-tarball="$(realpath "$cache")"} bookworm "$root/base" "$mirror" \
  >"$root/log" 2>&1 || { tail -5 "$root/log" >&2; exit 1; }
tar -C "$root/base" -c . | podman import -q - docker.io/library/debian:12-slim
rm -rf "$root/base"

said "按 Containerfile 制作镜像"
mkdir "$root/dist"
cp "$bundle" "$root/dist"
podman build -q --pull=never --network host -f "$here/deploy/container/Containerfile" -t xianshen:0.1.0 "$root/dist"
podman image ls --format '{{.Repository}}:{{.Tag}} {{.Size}}'

said "按 compose.yaml 启动"
cp "$here/deploy/container/compose.yaml" "$root/compose.yaml"
compose up -d 2>&1 | grep -v '^\[' || true

inside() { podman exec -i xianshen_worker_1 xianshen "$@"; }
wait_for() { # seconds, words: until they succeed
  local end=$((SECONDS + $1))
  shift
  until "$@" >"$root/last" 2>&1; do
    [ "$SECONDS" -lt "$end" ] || { echo "没有等到：$*" >&2; cat "$root/last" >&2; podman ps -a >&2; podman logs xianshen_site_1 >&2; exit 1; }
    sleep 1
  done
}
ready() { curl -fsS -H "Host: review.yunshan.example" http://127.0.0.1:8000/readyz; }
wait_for 120 ready
cat "$root/last"

said "三员、初审员、保密办；送审一份样本，由后台进程机检"
year=$(date +%Y)
term=(--from "$year-01-01" --until "$((year + 1))-12-31" --ground "云职院〔$year〕3号")
inside users found system --name 周系统 --post 系统管理员 "${term[@]}"
inside users found security --name 吴安全 --post 安全管理员 "${term[@]}"
inside users found audit --name 郑审计 --post 审计员 "${term[@]}"
inside users appoint zhang --name 张示例 --post 部门初审员 --department 后勤处 "${term[@]}" --as security
inside users appoint li --name 李样本 --post 保密办审查员 "${term[@]}" --as security
carry() { podman exec -i xianshen_worker_1 sh -c "cat >/tmp/$2" <"$1"; }
carry "$here/sample_docs/食堂改造完工喜迎新学期.txt" draft.txt
inside case submit /tmp/draft.txt --title 食堂改造完工喜迎新学期 --department 后勤处 --channel 网站 --drafted-by 王虚构 --as zhang |
  tee "$root/submitted"
number=$(sed -n 's/^已登记：//p' "$root/submitted")
inside case show "$number" --as zhang
inside records verify
inside doctor || true
# An old format, which LibreOffice opens behind walls: 0 or 1, but not 3 (unreadable).
carry "$here/sample_docs/formats/doc/国庆值班通知（修订批注）.doc" old.doc
inside scan --quiet /tmp/old.doc && status=0 || status=$?
echo "旧格式：scan 以 $status 结束"
[ "$status" -le 1 ]

said "停下，再启动；什么都还在"
compose stop >/dev/null 2>&1
compose start >/dev/null 2>&1
wait_for 120 ready
inside case show "$number" --as zhang >"$root/shown"
head -3 "$root/shown"
inside records verify
echo "== 全部做完（$SECONDS 秒）"
