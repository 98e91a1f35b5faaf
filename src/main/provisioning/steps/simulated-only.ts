// What the steps of the image worker are for a node whose worker is simulated.
import { blocked, blockedError, nothingToDo, type ProvisioningStep } from '../provision-step.js';
import type { NodeSession } from '../node-session.js';

/** Nothing to do for a simulated worker, and blocked for any other. `what`: in words that follow "The simulated worker needs no". */
export function simulatedOnlyStep(what: string): ProvisioningStep {
  const find = ({ wanted }: NodeSession) =>
    wanted.worker === 'simulated'
      ? nothingToDo(`The simulated worker needs no ${what}.`)
      : blocked(`this version can't install the ${what} of a real worker.`, 'Choose the simulated worker.');
  return {
    inspect: (session) => Promise.resolve(find(session)),
    apply(session) {
      const finding = find(session);
      if (finding.verdict === 'blocked') throw blockedError(session.node.name, finding);
      return Promise.resolve({ state: 'unchanged', detail: finding.why });
    },
    remove: null,
  };
}
