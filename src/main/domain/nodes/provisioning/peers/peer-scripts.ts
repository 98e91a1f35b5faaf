// What a node is asked to do for the others: to open its agent's port for a while, and to knock at theirs. With what it has: perl, Python, the
// Node.js that is there, for knocking also bash. Nothing is written there.
import { shellQuote } from '../../../../adapters/ssh/shell-quote.js';
import { FIND_NODE_SHELL_FUNCTION } from '../../facts/facts-command.js';
import { KNOCK_SECONDS, KNOCK_STATUSES, LISTEN_STATUSES, PEER_TOOLS, type PeerTool } from './peer-tools.js';

/** At once on one node: processes of a few MB each. */
const KNOCKS_AT_ONCE = 16;
/** Of `timeout`, for what it has ended. */
const TIMED_OUT_STATUS = 124;

type Use = 'listen' | 'knock';

/** `tool` is the first that works: one that is there may be a stand-in, or a part of it be missing. */
const chooseTool = (tools: readonly PeerTool[]): string => `${FIND_NODE_SHELL_FUNCTION}
tool=
tool_path=$(find_node)
${tools.map(({ name, command, proof }) => `[ -n "$tool" ] || { ${command} ${shellQuote(proof)} </dev/null >/dev/null 2>&1 && tool=${name}; }`).join('\n')}`;

const runTool = (tools: readonly PeerTool[], use: Use, args: string): string =>
  tools.map((tool) => `  ${tool.name}) ${tool.command} ${shellQuote(tool[use])} ${args} ;;`).join('\n');

/** Opens the port until standard input ends, or for so many seconds. Prints `LISTENING`, or ends with one of `LISTEN_STATUSES`. */
export function listenScript(options: { port: number; family: 4 | 6; seconds: number; tools?: readonly PeerTool[] }): string {
  const { port, family, seconds, tools = PEER_TOOLS } = options;
  return `${chooseTool(tools)}
case $tool in
${runTool(tools, 'listen', `${port} ${seconds} ${family}`)}
  *) exit ${LISTEN_STATUSES.noTool} ;;
esac`;
}

/**
 * Reads lines `INDEX HOST PORT` and answers each with `INDEX STATUS`, one of `KNOCK_STATUSES`; ends with `LISTEN_STATUSES.noTool` where nothing
 * can knock. bash is taken where it proves at the SSH server's own port that it can: it may be built without /dev/tcp.
 */
export function knockScript({ tools = PEER_TOOLS, allowsBash = true }: { tools?: readonly PeerTool[]; allowsBash?: boolean } = {}): string {
  return `${chooseTool(tools)}
by_bash() { timeout ${KNOCK_SECONDS} bash -c ': <>"/dev/tcp/$1/$2"' bash "$1" "$2"; }
if [ -z "$tool" ] && ${allowsBash ? 'true' : 'false'}; then
  set -- $SSH_CONNECTION
  [ -n "$4" ] && by_bash "$3" "$4" </dev/null >/dev/null 2>&1 && tool=bash
fi
[ -n "$tool" ] || exit ${LISTEN_STATUSES.noTool}
knock() {
  case $tool in
${runTool(tools, 'knock', '"$1" "$2"')}
  bash)
    by_bash "$1" "$2"
    case $? in 0) return 0 ;; ${TIMED_OUT_STATUS}) return ${KNOCK_STATUSES.silent} ;; *) return ${KNOCK_STATUSES.failed} ;; esac ;;
  esac
}
count=0
while read -r index host port; do
  { knock "$host" "$port" </dev/null >/dev/null 2>&1; echo "$index $?"; } &
  count=$((count + 1))
  [ $((count % ${KNOCKS_AT_ONCE})) -eq 0 ] && wait
done
wait
exit 0`;
}
