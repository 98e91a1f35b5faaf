import { existsSync } from 'node:fs';
import type { PushProgress } from '../../../../../shared/model-push.js';
import type { StepFinding } from '../../../../../shared/provisioning.js';
import { lookAtNode, type ModelOnNode, whyNoRoom } from '../../../models/push/look-at-node.js';
import { RESERVE_BYTES } from '../../../models/push/model-pusher.js';
import { pushedModelPath } from '../../../models/push/pushed-model-path.js';
import type { StoredModel } from '../../../../adapters/storage/model-repository.js';
import { INSTALL_DIR } from '../agent-config-for.js';
import type { NodeSession } from '../node-session.js';
import { blocked, blockedError, nothingToDo, type ProvisioningStep, toChange } from '../provision-step.js';
import { removePaths } from '../remove-paths.js';

/** Between two lines of progress, real ms. */
const REPORT_EVERY_MS = 5_000;

/** The desired model, whole and verified on the node. */
export const modelStep: ProvisioningStep = {
  async inspect(session) {
    return (await find(session)).finding;
  },
  async apply(session) {
    const { finding, model } = await find(session);
    if (finding.verdict === 'blocked') throw blockedError(session.node.name, finding);
    if (!model || finding.verdict === 'nothing') return { state: 'unchanged', detail: finding.why };
    const { node, signal, tools } = session;
    const outcome = await tools.models.push({ model, node, signal, onProgress: reportProgress(session) });
    if (outcome.isUnchanged) return { state: 'unchanged', detail: thereAlready(model) };
    const arrivedBytes = outcome.totalBytes - outcome.foundBytes;
    const kept = outcome.foundBytes > 0 ? `; ${megabytes(outcome.foundBytes)} were there already and verified` : '';
    const relayed = outcome.relayedBytes > 0 ? `, ${megabytes(outcome.relayedBytes)} of it from other nodes` : '';
    const rate = outcome.elapsedMs > 0 ? ` at ${megabytes((arrivedBytes / outcome.elapsedMs) * 1000)}/s` : '';
    return {
      state: 'changed',
      detail: `Model “${model.name}” is whole, its SHA-256 verified there: ${megabytes(arrivedBytes)}${rate}${relayed}${kept}.`,
    };
  },
  remove: (session) => removePaths(session, { what: 'the models that were pushed to it', paths: [`${INSTALL_DIR}/models`] }),
};

async function find(session: NodeSession): Promise<{ finding: StepFinding; model: StoredModel | null }> {
  const { desired, tools, node } = session;
  if (desired.worker === 'simulated') return { finding: nothingToDo('The simulated worker needs no model.'), model: null };
  const model = desired.modelId === null ? null : tools.models.find(desired.modelId);
  if (!model) {
    const why = desired.modelId === null ? 'no model was chosen for it.' : `the model ${desired.modelId} is not on record any more.`;
    return { finding: blocked(why, 'Choose one of the models on record: npm run cli -- model list shows them.'), model };
  }
  const there = await lookAtNode({ exec: (command, options) => session.attempt(command, options), nodeName: node.name, model });
  return { finding: verify(model, there), model };
}

function verify(model: StoredModel, there: ModelOnNode): StepFinding {
  if (there.isWhole) return nothingToDo(thereAlready(model));
  if (!existsSync(model.path)) {
    return blocked(`the model “${model.name}” is not at ${model.path} any more.`, 'Bring its file back there, or add it again.');
  }
  const noRoom = whyNoRoom(there, RESERVE_BYTES);
  if (noRoom !== null) return blocked(`${noRoom}.`, 'Free space in its home folder; nothing of yours is removed.');
  const partlySent =
    there.missingBytes < model.sizeBytes ? `, of which ${megabytes(model.sizeBytes - there.missingBytes)} have started to be there` : '';
  return toChange(`The model “${model.name}” is not whole there.`, [
    `~/${pushedModelPath(model)}: ${megabytes(model.sizeBytes)}${partlySent}`,
  ]);
}

function thereAlready(model: StoredModel): string {
  return `Model “${model.name}” is there, whole; it was verified when it was pushed.`;
}

function reportProgress({ log }: NodeSession): (progress: PushProgress) => void {
  let reportedAtMs = performance.now();
  return ({ state, doneBytes, totalBytes, bytesPerSec, remainingSec }) => {
    if (performance.now() - reportedAtMs < REPORT_EVERY_MS) return;
    reportedAtMs = performance.now();
    const rate = bytesPerSec === null ? '' : `, ${megabytes(bytesPerSec)}/s`;
    const rest = remainingSec === null ? '' : `, about ${Math.ceil(remainingSec)} s left`;
    log(`Model: ${state}, ${megabytes(doneBytes)} of ${megabytes(totalBytes)}${rate}${rest}`);
  };
}

function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(2)} GB` : `${(bytes / 1e6).toFixed(0)} MB`;
}
