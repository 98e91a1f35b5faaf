// What a virtual node has as `node`: this program's own Node.js.
import { shellQuote } from '../../adapters/ssh/shell-quote.js';

/** A third of the usual weight, on the scale of nice: enough for the window, and what other programs want does not starve the nodes. */
const SESSION_NICE = 5;
/** On top of how far the core stands back already. */
const PROCESS_NICE = 5;

/**
 * A shell script that becomes Node.js. Behind a window it takes its whole session back first: an agent has a session of its own, and
 * Linux shares the processors between sessions before it looks at what is nice within one (sched(7), "The autogroup feature"). Who asks
 * for that right after another is refused, and asks again.
 */
export function nodeScript(
  isBehindWindow: boolean,
  { execPath, versions }: Pick<NodeJS.Process, 'execPath' | 'versions'> = process,
): string {
  // Electron's binary is a Node only when asked to be; elsewhere the variable is not set at all.
  const asNode = versions.electron === undefined ? '' : 'ELECTRON_RUN_AS_NODE=1 ';
  const stepBack = `for attempt in 1 2 3 4 5 6; do
  [ -w /proc/self/autogroup ] || break
  (echo ${SESSION_NICE} >/proc/self/autogroup) 2>/dev/null && break
  sleep 0.1
done
`;
  const lowered = isBehindWindow ? `nice -n ${PROCESS_NICE} ` : '';
  return `#!/bin/sh\n${isBehindWindow ? stepBack : ''}${asNode}exec ${lowered}${shellQuote(execPath)} "$@"\n`;
}
