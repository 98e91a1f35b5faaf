// The two scripts that provisioning leaves on a node beside the agent: by hand, at boot or over SSH they do the same.
import { SHA256_SHELL_FUNCTION } from '../ssh/push-bytes.js';
import { FIND_NODE_SHELL_FUNCTION } from './facts-command.js';

/** Prints a hash over everything the agent starts from. Run inside the agent's folder. */
export const FINGERPRINT_SHELL_FUNCTION = `${SHA256_SHELL_FUNCTION}
fingerprint() { cat agent.mjs config.json tls/ca.pem tls/node.pem tls/node.key | sha256; }`;

/** Tenths of a second until the agent must listen: a slow board needs some for loading the bundle. */
const START_LIMIT_TENTHS = 300;
const STOP_LIMIT_TENTHS = 50;

/** Status with which the agent, and start-agent.sh after it, ends when its port is taken. */
export const PORT_IN_USE_STATUS = 3;

/** Stops the running agent, if the process of agent.pid is one of this folder. */
export const STOP_AGENT_SCRIPT = `#!/bin/sh
# Written by the DEdgeAI control center. Stops the agent of this folder.
cd -P "$(dirname "$0")" || exit 1
folder=$(pwd -P)
pid=$(cat agent.pid 2>/dev/null)
case $pid in '' | *[!0-9]*) exit 0 ;; esac
is_agent() {
  if [ -r "/proc/$pid/cmdline" ]; then tr '\\000' ' ' <"/proc/$pid/cmdline"; else ps -o command= -p "$pid"; fi 2>/dev/null |
    grep -F -q -- "$folder/agent.mjs"
}
if is_agent; then
  kill "$pid" 2>/dev/null
  tenths=0
  while is_agent; do
    tenths=$((tenths + 1))
    [ "$tenths" -gt ${STOP_LIMIT_TENTHS} ] && kill -9 "$pid" 2>/dev/null
    [ "$tenths" -gt ${STOP_LIMIT_TENTHS * 2} ] && { echo "process $pid does not end" >&2; exit 1; }
    sleep 0.1
  done
fi
rm -f agent.pid agent.ready agent.started
`;

/** Replaces a running agent; prints its ready line, or says why it did not start and ends with the agent's own status. */
export const START_AGENT_SCRIPT = `#!/bin/sh
# Written by the DEdgeAI control center. Starts the agent of this folder, detached, and waits until it listens.
umask 077
cd -P "$(dirname "$0")" || exit 1
folder=$(pwd -P)
${FIND_NODE_SHELL_FUNCTION}
${FINGERPRINT_SHELL_FUNCTION}
node=$(find_node) || { echo 'there is no Node.js on this node' >&2; exit 1; }
/bin/sh ./stop-agent.sh || exit 1
[ -f agent.log ] && mv -f agent.log agent.log.1
if command -v setsid >/dev/null 2>&1; then detach=setsid; else detach=nohup; fi
$detach "$node" "$folder/agent.mjs" --config "$folder/config.json" </dev/null >agent.ready 2>agent.log &
pid=$!
echo "$pid" >agent.pid
tenths=0
while [ ! -s agent.ready ]; do
  if ! kill -0 "$pid" 2>/dev/null; then
    wait "$pid"
    status=$?
    tail -n 20 agent.log >&2
    [ "$status" -eq 0 ] && status=1
    exit "$status"
  fi
  tenths=$((tenths + 1))
  if [ "$tenths" -gt ${START_LIMIT_TENTHS} ]; then
    tail -n 20 agent.log >&2
    echo 'the agent does not listen after ${START_LIMIT_TENTHS / 10} s' >&2
    /bin/sh ./stop-agent.sh
    exit 1
  fi
  sleep 0.1
done
fingerprint >agent.started
head -n 1 agent.ready
`;
