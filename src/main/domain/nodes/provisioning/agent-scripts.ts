// The scripts that provisioning leaves on a node beside the agent: by hand, at boot, under systemd or over SSH they do the same.
//   run-agent.sh        becomes the agent, in the foreground
//   supervise-agent.sh  runs run-agent.sh, and again when it fails: where there is no systemd
//   start-agent.sh      starts one of the two, detached, and waits until the agent listens
//   stop-agent.sh       ends what the others have started
import { SHA256_SHELL_FUNCTION } from '../../../adapters/ssh/push-bytes.js';
import { FIND_NODE_SHELL_FUNCTION } from '../facts/facts-command.js';

/**
 * Prints a hash over everything the agent starts from. Run inside the agent's folder. The certificate is left out: a running agent renews it by
 * itself, and one that provisioning brings comes with a new key.
 */
export const FINGERPRINT_SHELL_FUNCTION = `${SHA256_SHELL_FUNCTION}
fingerprint() { cat agent.mjs config.json tls/ca.pem tls/node.key | sha256; }`;

/** Tenths of a second until the agent must listen: a slow board needs some for loading the bundle. */
const START_LIMIT_TENTHS = 300;
const STOP_LIMIT_TENTHS = 50;
/** Tenths of a second that one start waits for another: as long as that one can take, with the stops before and after it. */
const TURN_LIMIT_TENTHS = START_LIMIT_TENTHS + 4 * STOP_LIMIT_TENTHS;
/** Tenths of a second that a turn may be without the number of its holder, which is about to be written down, unless it was killed. */
const UNNAMED_TURN_TENTHS = 10;
const MAX_LOG_BYTES = 1024 * 1024;

/** Status with which the agent, and start-agent.sh after it, ends when its port is taken. */
export const PORT_IN_USE_STATUS = 3;
/** Status of an agent whose configuration can't be used: starting it again would not help. */
const UNUSABLE_STATUS = 2;

/** Pauses before the agent is started again, in seconds: the first one, and the longest; doubled from failure to failure. */
export const RESTART_PAUSE_SEC = { first: 5, max: 60 };
/** An agent that ran for so long failed for a new reason. */
const SETTLED_SEC = 60;

/** Run in the home folder by a login: keeps where it finds Node.js, for whatever starts the agent later. */
export function keepNodePathCommand(folder: string): string {
  return `${FIND_NODE_SHELL_FUNCTION}
umask 077
find_node >${folder}/node-path.part && mv -f ${folder}/node-path.part ${folder}/node-path`;
}

const HEAD = `#!/bin/sh
# Written by the DEdgeAI control center.`;

/** `is_running FILE SCRIPT...`: whether the process whose number is in FILE was started as one of the scripts; sets pid, words, candidate. */
const IS_RUNNING_SHELL_FUNCTION = `is_running() {
  pid=$(cat "$1" 2>/dev/null)
  case $pid in '' | *[!0-9]*) return 1 ;; esac
  shift
  words=$(if [ -r "/proc/$pid/cmdline" ]; then tr '\\000' ' ' <"/proc/$pid/cmdline"; else ps -o command= -p "$pid"; fi 2>/dev/null)
  for candidate; do
    case $words in *"$candidate"*) return 0 ;; esac
  done
  return 1
}`;

/** The agent's process becomes this one, so that anyone who watches over this script watches the agent. */
export const RUN_AGENT_SCRIPT = `${HEAD} Becomes the agent of this folder.
umask 077
cd -P "$(dirname "$0")" || exit 1
folder=$(pwd -P)
${FIND_NODE_SHELL_FUNCTION}
${FINGERPRINT_SHELL_FUNCTION}
rm -f agent.ready
[ -f agent.log ] && [ "$(wc -c <agent.log)" -gt ${MAX_LOG_BYTES} ] && mv -f agent.log agent.log.1
exec 2>>agent.log
# systemd looks in other places than a login does: the one that was found by the login counts.
node=$(cat node-path 2>/dev/null)
[ -x "$node" ] || node=$(find_node) || { echo 'there is no Node.js on this node' >&2; exit 1; }
fingerprint >agent.started
echo $$ >agent.pid
exec "$node" "$folder/agent.mjs" --config "$folder/config.json" </dev/null >agent.ready
`;

export const SUPERVISE_AGENT_SCRIPT = `${HEAD} Runs the agent of this folder, and again when it fails.
umask 077
cd -P "$(dirname "$0")" || exit 1
folder=$(pwd -P)
child=
stopping=
trap 'stopping=yes; [ -n "$child" ] && kill -TERM "$child" 2>/dev/null' TERM INT
echo $$ >supervisor.pid
pause=${RESTART_PAUSE_SEC.first}
while :; do
  rm -f agent.exit
  /bin/sh "$folder/run-agent.sh" &
  child=$!
  started=$(date +%s)
  # A signal ends the wait, not the agent.
  while :; do
    wait "$child"
    status=$?
    kill -0 "$child" 2>/dev/null || break
  done
  child=
  echo "$status" >agent.exit
  case $status in 0 | ${UNUSABLE_STATUS}) break ;; esac
  [ -n "$stopping" ] && break
  [ $(($(date +%s) - started)) -ge ${SETTLED_SEC} ] && pause=${RESTART_PAUSE_SEC.first}
  echo "the agent ended with status $status; starting it again in $pause s" >>agent.log
  sleep "$pause" &
  child=$!
  wait "$child"
  kill "$child" 2>/dev/null
  child=
  [ -n "$stopping" ] && break
  pause=$((pause * 2))
  [ "$pause" -gt ${RESTART_PAUSE_SEC.max} ] && pause=${RESTART_PAUSE_SEC.max}
done
rm -f supervisor.pid agent.pid agent.ready agent.started
`;

/** Ends the supervisor first, so that it starts nothing again. */
export const STOP_AGENT_SCRIPT = `${HEAD} Stops the agent of this folder.
cd -P "$(dirname "$0")" || exit 1
folder=$(pwd -P)
${IS_RUNNING_SHELL_FUNCTION}
end() {
  is_running "$@" || return 0
  kill "$pid" 2>/dev/null
  tenths=0
  while is_running "$@"; do
    tenths=$((tenths + 1))
    [ "$tenths" -gt ${STOP_LIMIT_TENTHS} ] && kill -9 "$pid" 2>/dev/null
    [ "$tenths" -gt ${STOP_LIMIT_TENTHS * 2} ] && { echo "process $pid does not end" >&2; exit 1; }
    sleep 0.1
  done
}
end supervisor.pid "$folder/supervise-agent.sh"
end agent.pid "$folder/agent.mjs" "$folder/run-agent.sh"
rm -f supervisor.pid agent.pid agent.ready agent.started agent.exit
`;

/** `take_turn`: the folder `start.lock` belongs to one start at a time; sets waited when there was another. */
const TAKE_TURN_SHELL_FUNCTION = `take_turn() {
  waited=
  tenths=0
  orphaned=0
  until mkdir start.lock 2>/dev/null; do
    if is_running start.lock/pid start-agent.sh; then waited=yes; orphaned=0; else orphaned=$((orphaned + 1)); fi
    # Of a holder that was killed nothing is to be waited for.
    if [ -n "$pid" ]; then patience=1; else patience=${UNNAMED_TURN_TENTHS}; fi
    [ "$orphaned" -gt "$patience" ] && mv start.lock "start.lock.$$" 2>/dev/null && rm -rf "start.lock.$$"
    tenths=$((tenths + 1))
    [ "$tenths" -gt ${TURN_LIMIT_TENTHS} ] && { echo 'another start of the agent does not end' >&2; exit 1; }
    sleep 0.1
  done
  trap 'rm -rf "$folder/start.lock"' EXIT
  trap 'exit 143' TERM INT HUP
  echo $$ >start.lock/pid
}`;

/**
 * Replaces a running agent; prints its ready line, or says why it did not start and ends with the agent's own status. With the word
 * `supervised` the agent is started again when it fails later. Two at once, such as one of provisioning and one of anyone who restarts crashed
 * agents, take turns, and the second is content with what the first has started from the same files.
 */
export const START_AGENT_SCRIPT = `${HEAD} Starts the agent of this folder, detached, and waits until it listens.
umask 077
cd -P "$(dirname "$0")" || exit 1
folder=$(pwd -P)
${IS_RUNNING_SHELL_FUNCTION}
${FINGERPRINT_SHELL_FUNCTION}
${TAKE_TURN_SHELL_FUNCTION}
case $1 in supervised) script=supervise-agent.sh number=supervisor.pid ;; *) script=run-agent.sh number=agent.pid ;; esac
take_turn
if [ -n "$waited" ] && [ -s agent.ready ] && is_running agent.pid "$folder/agent.mjs" &&
  is_running "$number" "$folder/$script" "$folder/agent.mjs" && [ "$(cat agent.started)" = "$(fingerprint)" ]; then
  head -n 1 agent.ready
  exit 0
fi
/bin/sh ./stop-agent.sh || exit 1
if command -v setsid >/dev/null 2>&1; then detach=setsid; else detach=nohup; fi
$detach /bin/sh "$folder/$script" </dev/null >/dev/null 2>>agent.log &
child=$!
fail() {
  tail -n 20 agent.log >&2
  [ -n "$2" ] && echo "$2" >&2
  /bin/sh ./stop-agent.sh
  exit "$1"
}
tenths=0
while [ ! -s agent.ready ]; do
  if ! kill -0 "$child" 2>/dev/null; then
    wait "$child"
    status=$?
    [ -s agent.exit ] && status=$(cat agent.exit)
    [ "$status" -eq 0 ] && status=1
    fail "$status"
  fi
  # Supervised, it would be tried again and again; the first time it must work.
  [ -s agent.exit ] && fail "$(cat agent.exit)"
  tenths=$((tenths + 1))
  [ "$tenths" -gt ${START_LIMIT_TENTHS} ] && fail 1 'the agent does not listen after ${START_LIMIT_TENTHS / 10} s'
  sleep 0.1
done
head -n 1 agent.ready
`;
