import { pushBytes } from '../../../../adapters/ssh/push-bytes.js';
import { INSTALL_DIR } from '../agent-config-for.js';
import { hasFittingNode, OLDEST_NODE_MAJOR } from '../check-fit.js';
import { FIND_NODE_SHELL_FUNCTION } from '../../facts/facts-command.js';
import type { NodeSession } from '../node-session.js';
import { blocked, blockedError, nothingToDo, type ProvisioningStep, toChange } from '../provision-step.js';
import { printable } from '../../../../adapters/ssh/ssh-errors.js';
import { removePaths } from '../remove-paths.js';
import { type RuntimePlatform, runtimePlatformOf } from '../runtime-platform.js';
import type { StepFinding } from '../../../../../shared/provisioning.js';

const RUNTIME_DIR = `${INSTALL_DIR}/node`;
const BINARY_PATH = `${RUNTIME_DIR}/bin/node`;
/** Real ms for 127 MB over a slow link. */
const PUSH_TIMEOUT_MS = 1_800_000;

interface Found {
  finding: StepFinding;
  /** What to push; null when nothing is to be. */
  platform: RuntimePlatform | null;
}

/** Puts this program's Node.js on a node that has none that fits, or an older one of ours. The device needs no internet for it. */
export const runtimeStep: ProvisioningStep = {
  inspect: async (session) => (await look(session)).finding,
  async apply(session) {
    const { finding, platform } = await look(session);
    if (finding.verdict === 'blocked') throw blockedError(session.node.name, finding);
    if (platform === null) return { state: 'unchanged', detail: finding.why };
    const { bytes, sha256, version } = await session.tools.runtimes.load(platform);
    await session.run('make its folder', `umask 077; mkdir -p ${RUNTIME_DIR}/bin && chmod 700 ${INSTALL_DIR}`);
    session.log(`Sending Node.js ${version} for ${platform}, ${Math.round(bytes.length / 1e6)} MB`);
    await pushBytes(session.connection, {
      bytes,
      sha256,
      remotePath: BINARY_PATH,
      mode: 0o700,
      signal: session.signal,
      timeoutMs: PUSH_TIMEOUT_MS,
    });
    const runs = await session.run('run its Node.js', `${BINARY_PATH} --version`);
    return { state: 'changed', detail: `${finding.why} Sent Node.js ${runs.trim() === version ? version : 'of this program'}.` };
  },
  // The last of a removal: takes the program's folder too, unless something is left in it.
  async remove(session) {
    const { state, detail } = await removePaths(session, { what: "this program's Node.js", paths: [RUNTIME_DIR] });
    const left = await session.run(
      'remove its folder',
      `[ -d ${INSTALL_DIR} ] || exit 0; rmdir ${INSTALL_DIR} 2>/dev/null && echo / || ls -A ${INSTALL_DIR} | head -n 20`,
    );
    if (left.trim() === '/') return { state: 'changed', detail: `${detail} Removed ~/${INSTALL_DIR}.` };
    if (left.trim() === '') return { state, detail };
    return { state, detail: `${detail} ~/${INSTALL_DIR} keeps ${printable(left)}.` };
  },
};

async function look(session: NodeSession): Promise<Found> {
  const output = await session.run(
    'report its Node.js',
    `${FIND_NODE_SHELL_FUNCTION}
if [ -e ${BINARY_PATH} ]; then printf 'ours=%s\\n' "$(${BINARY_PATH} --version 2>/dev/null)"; fi
if node=$(find_node); then printf 'found=%s\\n' "$("$node" --version 2>/dev/null)"; fi`,
  );
  const ours = /^ours=(v[\d.]{1,30})?$/m.exec(output);
  const found = /^found=(v[\d.]{1,30})$/m.exec(output)?.[1] ?? null;
  const platform = runtimePlatformOf(session.facts);
  if (!ours && hasFittingNode(found)) return { finding: nothingToDo(`The node's own Node.js ${found} fits.`), platform: null };
  if (platform === null) {
    const why = found === null ? 'it has no Node.js.' : `its Node.js ${found} is too old for the agent.`;
    return { finding: blocked(why, `Install Node.js ${OLDEST_NODE_MAJOR} or newer there.`), platform };
  }
  const offer = await session.tools.runtimes.offer(platform);
  if (ours?.[1] === offer.version) return { finding: nothingToDo(`This program's Node.js ${offer.version} is there.`), platform: null };
  // An older one of ours continues working where the newer one can't be had.
  if (offer.remedy !== null && hasFittingNode(ours?.[1] ?? null)) {
    return { finding: nothingToDo(`This program's Node.js ${ours?.[1]} is there, and fits.`), platform: null };
  }
  const why = describeNeed(ours ? (ours[1] ?? '') : null, found);
  if (offer.remedy !== null)
    return { finding: blocked(`${why} There is no Node.js for ${platform} on this machine.`, offer.remedy), platform };
  return { finding: toChange(why, [`~/${BINARY_PATH}: Node.js ${offer.version} for ${platform}, about 127 MB`]), platform };
}

function describeNeed(ours: string | null, found: string | null): string {
  if (ours === '') return "This program's Node.js there does not run.";
  if (ours !== null) return `This program's Node.js there is ${ours}.`;
  return found === null ? 'The node has no Node.js.' : `The node's Node.js ${found} is too old for the agent.`;
}
