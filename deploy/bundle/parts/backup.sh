#!/bin/sh
# One backup named by its day and time; the newest few stay. Started by xianshen-backup.service.
set -eu
folder=$1 keep=$2
here=$(cd "$(dirname "$0")" && pwd)
"$here/../venv/bin/xianshen" backup "$folder/daily-$(date +%Y%m%dT%H%M%S).xsb"
# Names sort by time. Only what this script made is ever removed.
find "$folder" -maxdepth 1 -type f -name 'daily-*.xsb' | sort -r | tail -n "+$((keep + 1))" | while IFS= read -r old; do
  rm -- "$old"
done
