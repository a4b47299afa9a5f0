#!/usr/bin/env bash
# Installs, upgrades and takes back Xianshen from this folder; needs no network. Words for whoever runs it are Chinese.
set -euo pipefail
umask 022

usage() {
  cat <<'TEXT'
用法：./install.sh 命令 [选项]
命令
  install      第一次安装：建用户、数据目录，装程序和 systemd 服务（不启动）
  upgrade      停止，备份，换成这一版，升级数据库，核验，再启动
  rollback     退回上一版；这一版改过数据库的，用升级前的备份恢复到新的数据目录
  program      只换程序，不动用户、数据和服务（做容器镜像，或多台机器里一台一台换版本时用）
  check        只检查这台机器缺什么、安装包是否完好
选项
  --prefix DIR   程序放在哪里，默认 /opt/xianshen（每版一个文件夹，current 指向现用的）
  --data DIR     数据目录，默认 /var/lib/xianshen
  --backups DIR  备份目录，默认 /var/backups/xianshen
  --config DIR   设置目录，默认 /etc/xianshen
  --user NAME    运行程序的用户，默认 xianshen
  --no-system    不建用户、不装服务：以当前用户装到上面四个目录里（试装用）
  --lose N       rollback 时：确认升级以后新记的 N 条审查记录不要了
环境变量 PYTHON 指定用哪个 Python（默认 python3）
TEXT
}

here=$(cd "$(dirname "$0")" && pwd)
prefix=/opt/xianshen data=/var/lib/xianshen backups=/var/backups/xianshen config=/etc/xianshen
user=xianshen system=yes lose="" python=${PYTHON:-python3}

die() { echo "错误：$*" >&2; exit 1; }
say() { echo "== $*"; }

read_arguments() {
  command=${1:-}
  [ $# -eq 0 ] || shift
  while [ $# -gt 0 ]; do
    case $1 in
      --prefix | --data | --backups | --config | --user | --lose)
        [ $# -ge 2 ] || die "$1 后面要写一个值"
        printf -v "${1#--}" %s "$2"
        shift 2
        ;;
      --no-system) system=no; shift ;;
      *) usage >&2; exit 2 ;;
    esac
  done
  for one in "$prefix" "$data" "$backups" "$config"; do
    [[ $one =~ ^/[A-Za-z0-9._/-]+$ ]] || die "文件夹要写成完整路径，只用字母、数字和 . _ - ：$one"
  done
  version=$(head -1 "$here/VERSION")
}

# --- what must be there ---

check_machine() {
  [ "$(uname -sm)" = "Linux x86_64" ] || die "安装包只用于 x86_64 的 Linux"
  command -v "$python" >/dev/null || die "缺少 python3（3.11）：apt-get install python3 python3-venv"
  "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' ||
    die "需要 Python 3.11（Debian 12 自带的就是），现在的是 $("$python" -V)；用 PYTHON=… 指定另一个"
  "$python" -c 'import venv, ensurepip' 2>/dev/null || die "缺少 python3-venv：apt-get install python3-venv"
  if [ "$system" = yes ]; then
    [ "$(id -u)" = 0 ] || die "需要 root；只想试装的，加 --no-system"
  fi
  # Not needed to start; what is lost without each, in one line.
  command -v bwrap >/dev/null ||
    echo "建议：apt-get install bubblewrap（没有它，来历不明的文件只有资源限制，没有隔离）"
  command -v soffice >/dev/null ||
    echo "可选：apt-get install libreoffice-writer-nogui libreoffice-impress-nogui（没有它，doc、wps、rtf、ppt、dps 读不了）"
  ldconfig -p 2>/dev/null | grep -q 'libarchive\.so\.13' ||
    echo "可选：apt-get install libarchive13（没有它，7z、rar 读不了）"
  [ -n "$(find /usr/share/fonts -name '*.tt[fc]' -print -quit 2>/dev/null)" ] ||
    echo "可选：apt-get install fonts-wqy-microhei（没有它，审查表的 PDF 不嵌入中文字体）"
}

check_bundle() {
  (cd "$here" && sha256sum --check --quiet --strict SHA256SUMS) ||
    die "安装包不完整或被改动过：请重新复制，并与发布时给出的摘要核对"
}

# --- programs of one version ---

settings_of() { grep -E '^[A-Z_]+=' "$config/environment" || true; }

# as_user VERSION PROGRAM WORD…: a program of that version, as the user that the installation belongs to.
as_user() {
  local of=$prefix/$1/venv/bin/$2 given=()
  shift 2
  mapfile -t given < <(settings_of)
  given+=("${extra[@]}" LANG=C.UTF-8 PATH=/usr/local/bin:/usr/bin:/bin "HOME=$data")
  if [ "$(id -un)" = "$user" ]; then
    (umask 077 && cd / && env -i "${given[@]}" "$of" "$@")
  else
    (umask 077 && cd / && setpriv --reuid "$user" --regid "$user" --init-groups env -i "${given[@]}" "$of" "$@")
  fi
}
extra=()

xianshen() { local of=$1; shift; as_user "$of" xianshen "$@"; }
facts() { as_user "$1" python -P "$prefix/$1/parts/facts.py" "${2:-}"; }
schema() { facts "$1"; }
current() { basename "$(readlink "$prefix/current")"; }

# In one step, so that there is always one.
point_to() {
  ln -sfn "$1" "$prefix/.current.new"
  mv -T "$prefix/.current.new" "$prefix/current"
}

put_program() {
  local to=$prefix/$version
  if [ -e "$to/.complete" ]; then
    # Its number alone says nothing of what it is: the commit does.
    cmp -s "$here/VERSION" "$to/VERSION" ||
      die "$to 里是同一版本号的另一个安装包（$(sed -n 2p "$to/VERSION")），没有改动任何东西；没有在用、也不再退回它的，删去这个文件夹再装"
    say "$version 已经在 $to"
    return
  fi
  rm -rf "$to"
  mkdir -p "$to"
  say "装到 $to"
  "$python" -m venv "$to/venv"
  "$to/venv/bin/python" -m pip --isolated install --quiet --disable-pip-version-check --no-cache-dir --no-index \
    --find-links "$here/wheels" --no-deps --require-hashes --requirement "$here/requirements.txt"
  "$to/venv/bin/python" -m pip check --disable-pip-version-check ||
    die "安装包里缺依赖，请报告给发布的人；没有改动现用的版本"
  cp -r "$here/VERSION" "$here/install.sh" "$here/parts" "$here/units" "$here/docs" "$here/licences" "$to/"
  chmod 755 "$to/install.sh"
  touch "$to/.complete"
}

# --- services ---

timers=(xianshen-backup.timer xianshen-verify.timer)
services=(xianshen-{site,worker,queue,backup,verify}.service)

has_systemd() { [ "$system" = yes ] && [ -d /run/systemd/system ]; }

# The number of a process of the program that runs here, if there is one.
running() {
  local one
  for one in /proc/[0-9]*/cmdline; do
    if tr '\0' ' ' 2>/dev/null <"$one" | grep -qE "^$prefix/[^ ]+ .*(-m (api|worker)|xianshen (serve|queue))"; then
      basename "$(dirname "$one")"
      return
    fi
  done
}

stop_all() {
  if has_systemd; then systemctl stop xianshen.target "${timers[@]}" "${services[@]}"; fi
  local one
  one=$(running)
  [ -z "$one" ] || stay "先审还在运行（进程 $one）：请先停止它"
}

start_all() { if has_systemd; then systemctl start xianshen.target "${timers[@]}"; say "已启动"; fi; }

put_units() {
  local one to=/etc/systemd/system
  # On trial they are only to be looked at.
  [ "$system" = yes ] || { to=$config/units; mkdir -p "$to"; }
  for one in "$prefix/$1"/units/*; do
    sed -e "s|@PREFIX@|$prefix|g; s|@DATA@|$data|g; s|@BACKUPS@|$backups|g" \
      -e "s|@CONFIG@|$config|g; s|@USER@|$user|g" "$one" >"$to/$(basename "$one")"
  done
  if has_systemd; then systemctl daemon-reload; fi
}

examine() {
  say "体检（服务还没有启动：网站、队列、后台进程那几条不用管）"
  xianshen "$1" doctor || echo "注意：体检有问题，见上面"
}

# Refuse after everything was stopped: what ran goes on.
stay() { start_all; die "$@"; }

# --- the ways ---

put_places() {
  if [ "$system" = yes ] && ! getent passwd "$user" >/dev/null; then
    useradd --system --user-group --home-dir "$data" --no-create-home --shell /usr/sbin/nologin "$user"
  elif [ "$system" = no ]; then
    user=$(id -un)
  fi
  install -d -m 700 -o "$user" -g "$(id -gn "$user")" "$data" "$backups"
  install -d -m 755 "$prefix" "$config"
  if [ ! -e "$config/environment" ]; then
    printf '%s\n' '# 每行一项，等号两边没有空格，不加引号。其他设置写在 xianshen.toml 里。' \
      "XIANSHEN_DATA_DIR=$data" "XIANSHEN_CONFIG=$config/xianshen.toml" >"$config/environment"
  fi
  [ -e "$config/xianshen.toml" ] || cp "$here/parts/xianshen.toml" "$config/xianshen.toml"
  # Either may hold the database's password.
  chgrp "$(id -gn "$user")" "$config/environment" "$config/xianshen.toml"
  chmod 640 "$config/environment" "$config/xianshen.toml"
}

put_command() {
  mkdir -p "$prefix/bin"
  sed -e "s|@PREFIX@|$prefix|g; s|@DATA@|$data|g; s|@CONFIG@|$config|g; s|@USER@|$user|g" \
    "$here/parts/xianshen.sh" >"$prefix/bin/xianshen"
  chmod 755 "$prefix/bin/xianshen"
  if [ "$system" = yes ]; then ln -sfn "$prefix/bin/xianshen" /usr/local/bin/xianshen; fi
}

install_first() {
  [ ! -e "$prefix/current" ] || die "$prefix 里已经有 $(current)，请用 upgrade"
  put_places
  put_program
  point_to "$version"
  put_command
  put_units "$version"
  xianshen "$version" db upgrade
  if has_systemd; then systemctl enable --quiet xianshen.target "${timers[@]}"; fi
  say "装好了 $version。接下来：改 $config/xianshen.toml；$prefix/bin/xianshen users found …；$prefix/bin/xianshen doctor；systemctl start xianshen.target"
}

upgrade() {
  [ -e "$prefix/current" ] || die "$prefix 里还没有装过，请用 install"
  [ "$system" = yes ] || user=$(id -un)
  local old backup
  old=$(current)
  [ "$old" != "$version" ] || die "现用的就是 $version"
  put_program
  stop_all
  backup=$backups/before-$version-$(date +%Y%m%dT%H%M%S).xsb
  say "用 $old 备份到 $backup"
  xianshen "$old" backup "$backup" || stay "备份没有做成，什么也没有换"
  say "升级数据库"
  if ! xianshen "$version" db upgrade; then
    if xianshen "$old" db status >/dev/null 2>&1; then stay "升级没有成功，仍用 $old，数据库没有变"; fi
    die "升级没有成功，$old 也打不开现在的数据库：没有启动。备份在 $backup，照《运维手册》“恢复”办"
  fi
  xianshen "$version" records verify ||
    die "数据库已升级，但记录核验不通过：没有启动。保留现场，报告保密办；备份在 $backup"
  printf '%s\n' "$old" "$backup" "$(facts "$version" all | sed -n 2p)" >"$prefix/$version/from"
  point_to "$version"
  put_command
  put_units "$version"
  examine "$version"
  start_all
  say "已从 $old 升级到 $version；要退回，运行 $prefix/$version/install.sh rollback（选项与这次一样）"
}

# One host of several: the others go on meanwhile, so that the database must be the same.
switch_program() {
  [ "$system" = yes ] || user=$(id -un)
  local old="" theirs ours one
  [ ! -e "$prefix/current" ] || old=$(current)
  put_program
  one=$(running)
  if [ -n "$one" ] && [ -n "$old" ] && [ "$old" != "$version" ]; then
    theirs=$(schema "$old")
    ours=$(schema "$version")
    [ "$theirs" = "$ours" ] ||
      die "$version 的数据库与现用的 $old 不同，不能一台一台换（先审还在运行，进程 $one）：把各台都停下，在一台上用 upgrade，其余各台再用 program"
    say "$version 与 $old 的数据库一样。换好以后重启这台的服务，能办事了再换下一台"
  fi
  point_to "$version"
}

rollback() {
  [ -e "$prefix/current" ] || die "$prefix 里还没有装过"
  [ "$system" = yes ] || user=$(id -un)
  local new old backup entries made now together
  new=$(current)
  [ -e "$prefix/$new/from" ] || die "$new 不是由 upgrade 装上的，不知道退回到哪一版"
  { read -r old; read -r backup; read -r entries; } <"$prefix/$new/from"
  [ -e "$prefix/$old/.complete" ] || die "旧版 $old 已经不在 $prefix 里"
  stop_all
  { read -r made; read -r now; read -r together; } < <(facts "$new" all) || stay "读不出现在的数据，没有改动任何东西"
  if [ "$(schema "$old")" = "$made" ]; then
    say "两版的数据库一样，只换程序，记录一条不少"
    xianshen "$old" records verify || stay "旧版认不出现在的记录，没有退回；仍用 $new"
  else
    restore_old
  fi
  point_to "$old"
  put_units "$old"
  examine "$old"
  start_all
  say "已从 $new 退回 $old"
}

# The database cannot be led back: the backup made before the upgrade goes into a folder of its own; nothing is deleted.
restore_old() {
  local lost aside kept
  [ "$together" = yes ] ||
    stay "数据库、稿件或密钥不全在 $data 里：请照《运维手册》“恢复”用 $backup 恢复到空的库，没有改动任何东西"
  [ -f "$backup" ] || stay "找不到升级前的备份 $backup"
  ! mountpoint -q "$data" ||
    stay "$data 是挂载点，不能移开：请照《运维手册》“恢复”用 $backup 恢复到空的文件夹，没有改动任何东西"
  lost=$((now - entries))
  if [ "$lost" -gt 0 ] && [ "$lose" != "$lost" ]; then
    stay "升级以后又记了 $lost 条审查记录，退回后都没有了（签批、撤销也一样）。确定不要的，加 --lose $lost；没有改动任何东西"
  fi
  aside=$data.$new-$(date +%Y%m%dT%H%M%S)
  xianshen "$new" backup "$backups/before-rollback-$(date +%Y%m%dT%H%M%S).xsb" || stay "备份没有做成，没有退回；仍用 $new"
  say "现在的数据整个移到 $aside，保留不删"
  mv -T "$data" "$aside" || stay "移不开 $data，没有退回；仍用 $new"
  install -d -m 700 -o "$user" -g "$(id -gn "$user")" "$data"
  # Keys and what an office keeps beside them; the witness stays aside: it knows more than the backup.
  for kept in "$aside"/*; do
    case $(basename "$kept") in
      xianshen.db* | vault | run | queue | models | restored | keys) ;;
      *) cp -a "$kept" "$data/" ;;
    esac
  done
  mkdir -m 700 "$data/keys"
  find "$aside/keys" -maxdepth 1 -type f ! -name 'witness*' -exec cp -a -t "$data/keys" {} +
  chown -R --reference="$aside/keys" "$data/keys"
  extra=("XIANSHEN_POLICY_FILE=$data/restored/policy.yaml" "XIANSHEN_LEXICONS_DIR=$data/restored/lexicons")
  if xianshen "$old" restore "$backup"; then
    extra=()
    if xianshen "$old" db upgrade && xianshen "$old" records verify; then return; fi
  fi
  extra=()
  mv -T "$data" "$data.failed-$(date +%s)"
  mv -T "$aside" "$data"
  stay "没有恢复成功，数据已放回原处，仍用 $new"
}

read_arguments "$@"
case $command in
  check) check_machine; check_bundle; say "可以安装" ;;
  program) check_machine; check_bundle; mkdir -p "$prefix"; switch_program ;;
  install) check_machine; check_bundle; install_first ;;
  upgrade) check_machine; check_bundle; upgrade ;;
  rollback) rollback ;;
  -h | --help) usage ;;
  *) usage >&2; exit 2 ;;
esac
