import { AppError, toErrorShape } from '../../../shared/errors.js';
import type { NodeFacts } from '../../../shared/testbed.js';
import { areSameFacts } from '../../../shared/list-facts.js';
import { warnAboutFacts } from '../../../shared/warn-about-facts.js';
import { readFacts } from '../facts/read-facts.js';
import type { NodeSession, StepOutcome } from '../node-session.js';
import { majorVersion } from '../parse-facts.js';

/** Oldest Node.js that runs the agent's bundle (its RPC library asks for it). */
const OLDEST_NODE_MAJOR = 20;

/** Reads the node's facts, keeps them, and refuses a node that cannot run the agent. */
export async function factsStep(session: NodeSession): Promise<StepOutcome> {
  const { node } = session;
  const facts = await readSessionFacts(session);
  session.keepFacts('before', facts);
  const isSame = areSameFacts(node.facts, facts);
  session.updateNode({ facts });
  session.log(`${facts.deviceModel ?? 'Unknown device'}, ${facts.operatingSystem ?? 'unknown system'}, ${facts.architecture ?? '?'}`);
  for (const warning of warnAboutFacts(facts)) session.log(`Warning: ${warning}`);
  assertNodeVersion(node.name, facts.nodeVersion);
  return {
    state: isSame ? 'unchanged' : 'changed',
    detail: `${isSame ? 'Same facts as before' : 'Facts read'}: ${facts.cpuCount ?? '?'} cores, Node.js ${facts.nodeVersion ?? '?'}.`,
  };
}

/** Reads the facts again, after the steps, and keeps them beside those from before. What fails here changes nothing of the outcome. */
export async function keepFactsAfter(session: NodeSession): Promise<void> {
  try {
    const facts = await readSessionFacts(session);
    session.updateNode({ facts });
    session.keepFacts('after', facts);
  } catch (thrown) {
    session.log(`The facts could not be read again: ${toErrorShape(thrown).message}`);
  }
}

function readSessionFacts(session: NodeSession): Promise<NodeFacts> {
  return readFacts({
    run: (command, options) => session.run('tell its facts', command, options),
    virtual: session.node.virtual,
    probesTorch: true,
    nowMs: session.tools.nowMs,
  });
}

function assertNodeVersion(nodeName: string, version: string | null): void {
  const major = majorVersion(version);
  if (major !== null && major >= OLDEST_NODE_MAJOR) return;
  throw new AppError(
    'unsupported',
    major === null ? `Node "${nodeName}" has no Node.js.` : `Node "${nodeName}" has Node.js ${version}, which is too old for the agent.`,
    `Install Node.js ${OLDEST_NODE_MAJOR} or newer there, so that "node --version" works in an SSH session, then retry.`,
  );
}
