#!/usr/bin/env bash
# What a newcomer types on the bare machine; started by bare-machine.sh there. Ends with an error where anything does.
set -euo pipefail
cd ~
said() { printf '\n== %s（%s 秒）\n' "$1" "$SECONDS"; }

said "git clone"
git -c advice.detachedHead=false clone --quiet /var/tmp/repository.bundle xianshen
cd xianshen

said "make run"
free_port='import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
port=$(python3 -c "$free_port" 2>/dev/null || echo 8000)
XIANSHEN_PORT=$port make run >run.log 2>&1 &
program=$!
until grep -q 先审已启动 run.log; do
  kill -0 "$program" 2>/dev/null || { echo "make run 结束了，它说："; cat run.log; exit 1; }
  [ "$SECONDS" -lt 1800 ] || { echo "半小时还没有启动"; tail -20 run.log; exit 1; }
  sleep 1
done
cat run.log
said "已启动；问 /healthz 和 /readyz，用演示账号登录"
python3 deploy/try/ask.py "$port" run.log
# Make hands ctrl-C on; here it is sent to the program itself.
pkill_children() { for one in $(cat "/proc/$1/task/$1/children"); do kill -INT "$one"; done; }
pkill_children "$program"
wait "$program" && status=0 || status=$?
said "已停止，make 以 $status 结束"
if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "端口 $port 还有人应答"; exit 1; fi

[ "$RUN_TESTS" = yes ] || exit 0
said "make test ${TESTS:+TESTS=\"$TESTS\"}"
make test TESTS="$TESTS"
