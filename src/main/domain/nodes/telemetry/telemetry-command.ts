// One command that prints samples until its standard input ends, which it does with the connection: then it ends what it has started, and
// nothing else. Without root, and without anything installed on the node.
import { TELEMETRY_INTERVAL_MS } from '../../../../shared/telemetry.js';

export const SOURCE_WORD = '@source';
export const SAMPLE_WORD = '@sample';
export const END_WORD = '@end';

/**
 * tegrastats where there is one: it reports GPU, rails and sensors of a Jetson, and its lines are passed on as they are. Elsewhere a loop over
 * /proc and /sys, with nvidia-smi where there is one.
 */
export const TELEMETRY_COMMAND = `tegrastats=$(command -v tegrastats || { [ -x /usr/bin/tegrastats ] && echo /usr/bin/tegrastats; })
finish() {
  trap - HUP INT TERM PIPE
  kill "$child" 2>/dev/null
  exit 0
}
tell() {
  echo '${SAMPLE_WORD}'
  IFS= read -r total </proc/stat && echo "$total"
  grep -E '^Mem(Total|Free|Available):' /proc/meminfo
  for zone in /sys/class/thermal/thermal_zone*; do
    [ -r "$zone/temp" ] && echo "temp $(cat "$zone/temp") $(cat "$zone/type")"
  done
  [ -n "$smi" ] && cards=$("$smi" --query-gpu=utilization.gpu,power.draw,temperature.gpu --format=csv,noheader,nounits) &&
    printf '%s\\n' "$cards" | sed 's/^/gpu /'
  echo '${END_WORD}'
}
if [ -n "$tegrastats" ]; then
  echo '${SOURCE_WORD} tegrastats'
  "$tegrastats" --interval ${TELEMETRY_INTERVAL_MS} 2>/dev/null </dev/null &
else
  echo '${SOURCE_WORD} proc'
  smi=$(command -v nvidia-smi)
  while :; do tell; sleep ${TELEMETRY_INTERVAL_MS / 1000}; done 2>/dev/null </dev/null &
fi
child=$!
trap finish HUP INT TERM PIPE
while read -r word; do :; done
finish`;
