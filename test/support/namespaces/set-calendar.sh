#!/bin/sh
# The `date` of a node whose calendar is its own: `date -u -s @SECONDS` moves that, for root alone, and everything else is said by the real one.
if [ "$1 $2" = '-u -s' ]; then
  [ "$(id -u)" = 0 ] || { echo 'date: cannot set date: Operation not permitted' >&2; exit 1; }
  now=$(FAKETIME=+0 @DATE@ +%s.%N)
  awk -v goal="${3#@}" -v now="$now" 'BEGIN { printf "%+.3f\n", goal - now }' >/etc/faketimerc
  exit
fi
exec @DATE@ "$@"
