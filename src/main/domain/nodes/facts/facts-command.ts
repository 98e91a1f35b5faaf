// What a node is asked: one command, no root. Each section runs by itself, so that a tool that is missing or hangs leaves only its own
// section empty; split-sections.ts has the form of the output.
import type { FactSection } from './fact-section.js';
import { HARDWARE_SECTIONS } from './hardware-facts.js';
import { JETSON_SECTIONS } from './jetson-facts.js';
import { SOFTWARE_SECTIONS, TORCH_SECTION } from './software-facts.js';
import { SYSTEM_SECTIONS } from './system-facts.js';

/**
 * Shell function that prints the path of the node's Node.js, also where a non-interactive login has it not on its PATH. The one that
 * provisioning has put there goes first: it is there because the device's own did not fit.
 */
export const FIND_NODE_SHELL_FUNCTION = `find_node() {
  for candidate in "$HOME/.dedgeai/node/bin/node" "$(command -v node 2>/dev/null)" /usr/local/bin/node /opt/node/bin/node "$HOME"/.nvm/versions/node/*/bin/node; do
    if [ -x "$candidate" ]; then printf '%s' "$candidate"; return 0; fi
  done
  return 1
}`;

/** Real ms that the facts command may take: the torch probe is bounded by itself, and loads for long from a slow disk. */
export const FACTS_TIMEOUT_MS = 120_000;

/**
 * `limit SECONDS COMMAND` bounds a tool where the system can; `show LINES` makes an answer out of any output, and hears the rest out, which would
 * end its writer otherwise. Descriptor 4 is where answers go while 1 and 3 have their turn in a section.
 */
const PREAMBLE = `PATH="$PATH:/usr/sbin:/sbin:/usr/local/cuda/bin"; export PATH
${FIND_NODE_SHELL_FUNCTION}
limit() {
  if command -v timeout >/dev/null 2>&1; then timeout "$@"; else shift; "$@"; fi
}
show() { tr -d '\\000\\r' | { head -n "$1"; cat >/dev/null; } | cut -c 1-400 | sed 's/^/ /'; }
exec 4>&1`;

/** A script of a POSIX shell. `probesTorch` loads torch where it is installed and runs one small kernel. */
export function factsCommand(options: { probesTorch: boolean }): string {
  const sections = [
    ...SYSTEM_SECTIONS,
    ...JETSON_SECTIONS,
    ...SOFTWARE_SECTIONS,
    ...HARDWARE_SECTIONS,
    ...(options.probesTorch ? [TORCH_SECTION] : []),
  ];
  return [PREAMBLE, ...sections.map(askSection), 'exit 0'].join('\n');
}

function askSection({ name, command, maxLines = 40 }: FactSection): string {
  return `printf '\\n[${name}]\\n'; status=$({ { (
${command}
) </dev/null 2>/dev/null 3>&- 4>&-; echo $? >&3; } | show ${maxLines} >&4; } 3>&1); printf '[=%s]\\n' "$status"`;
}
