import { toErrorShape } from '../../../../../shared/errors.js';
import type { NodeFacts } from '../../../../../shared/testbed.js';
import { areSameFacts } from '../../../../../shared/list-facts.js';
import { warnAboutFacts } from '../../../../../shared/warn-about-facts.js';
import { readFacts } from '../../facts/read-facts.js';
import type { NodeSession } from '../node-session.js';
import { nothingToDo, type ProvisioningStep } from '../provision-step.js';

/** Reads the node's facts; an apply keeps them. */
export const factsStep: ProvisioningStep = {
  async inspect(session) {
    const facts = await readSessionFacts(session);
    session.noteFacts(facts);
    return nothingToDo(`${areSameFacts(session.node.facts, facts) ? 'Same facts as before' : 'Facts read'}: ${describe(facts)}.`);
  },
  async apply(session) {
    const { node } = session;
    const facts = await readSessionFacts(session);
    session.noteFacts(facts);
    session.keepFacts('before', facts);
    const isSame = areSameFacts(node.facts, facts);
    session.updateNode({ facts });
    session.log(`${facts.deviceModel ?? 'Unknown device'}, ${facts.operatingSystem ?? 'unknown system'}, ${facts.architecture ?? '?'}`);
    for (const warning of warnAboutFacts(facts)) session.log(`Warning: ${warning}`);
    return { state: isSame ? 'unchanged' : 'changed', detail: `${isSame ? 'Same facts as before' : 'Facts read'}: ${describe(facts)}.` };
  },
  remove: null,
};

function describe(facts: NodeFacts): string {
  return `${facts.cpuCount ?? '?'} cores, Node.js ${facts.nodeVersion ?? 'not there'}`;
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
    run: (command, options) => session.run('report its facts', command, options),
    virtual: session.node.virtual,
    probesTorch: true,
    nowMs: session.tools.nowMs,
  });
}
