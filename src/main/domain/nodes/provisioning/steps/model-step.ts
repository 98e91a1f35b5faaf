import { existsSync } from 'node:fs';
import { describeCarrier, type PushProgress } from '../../../../../shared/model-push.js';
import type { StepFinding } from '../../../../../shared/provisioning.js';
import { lookAtNode, type ModelOnNode, whyNoRoom } from '../../../models/push/look-at-node.js';
import { checkSampled } from '../../../models/push/check-on-node.js';
import { OpenedFiles } from '../../../models/push/opened-files.js';
import { RESERVE_BYTES } from '../../../models/push/model-pusher.js';
import { pushedModelPath } from '../../../models/push/pushed-model-path.js';
import { printable } from '../../../../adapters/ssh/ssh-errors.js';
import type { TestbedNode } from '../../../../../shared/testbed.js';
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
    if (outcome.isUnchanged) return { state: 'unchanged', detail: verifiedNow(model) };
    const differing = outcome.check?.differingFiles ?? [];
    // A running worker has what differed in its memory; without this mark it is started again.
    if (differing.length > 0) await session.run('have its agent start again', `rm -f ${INSTALL_DIR}/agent.started`);
    const arrivedBytes = outcome.totalBytes - outcome.foundBytes;
    const kept = outcome.foundBytes > 0 ? `; ${megabytes(outcome.foundBytes)} were there already and verified` : '';
    const relayed = outcome.relayedBytes > 0 ? `, ${megabytes(outcome.relayedBytes)} of it from other nodes` : '';
    const rate = outcome.elapsedMs > 0 ? ` at ${megabytes((arrivedBytes / outcome.elapsedMs) * 1000)}/s` : '';
    const carrier = describeCarrier(outcome.carrier);
    const how = carrier === null ? '' : `, ${carrier}`;
    if (differing.length > 0) {
      const files = differing.map((path) => printable(path)).join(', ');
      return {
        state: 'changed',
        detail: `Model “${model.name}” was not as on record (${files}): ${megabytes(arrivedBytes)} of ${megabytes(model.sizeBytes)} were re-sent${relayed}, and its SHA-256 is verified there.`,
      };
    }
    return {
      state: 'changed',
      detail: `Model “${model.name}” is whole, its SHA-256 verified there: ${megabytes(arrivedBytes)}${rate}${how}${relayed}${kept}.`,
    };
  },
  remove: (session) => removePaths(session, { what: 'the models that were pushed to it', paths: [`${INSTALL_DIR}/models`] }),
};

interface BoundSession {
  attempt: NodeSession['attempt'];
  node: Pick<TestbedNode, 'name'>;
}

async function find(session: NodeSession): Promise<{ finding: StepFinding; model: StoredModel | null }> {
  const { desired, tools, node } = session;
  if (desired.worker === 'simulated') return { finding: nothingToDo('The simulated worker needs no model.'), model: null };
  const model = desired.modelId === null ? null : tools.models.find(desired.modelId);
  if (!model) {
    const why = desired.modelId === null ? 'no model was chosen for it.' : `the model ${desired.modelId} is not on record any more.`;
    return { finding: blocked(why, 'Choose one of the models on record: npm run cli -- model list shows them.'), model };
  }
  const there = await lookAtNode({ exec: (command, options) => session.attempt(command, options), nodeName: node.name, model });
  if (there.isWhole)
    return { finding: await checkWhole({ attempt: (command, options) => session.attempt(command, options), node }, model), model };
  return { finding: verify(model, there), model };
}

/** Some of it is read back and compared at every look; all of it where that is due, which the push does. */
async function checkWhole({ attempt, node }: BoundSession, model: StoredModel): Promise<StepFinding> {
  const files = existsSync(model.path) ? new OpenedFiles(model) : null;
  try {
    const check = await checkSampled({
      exec: attempt,
      nodeName: node.name,
      model,
      localSha256: files && ((block) => files.blockSha256(block)),
      nowMs: Date.now(),
      random: Math.random,
    });
    if (check.differingFiles.length > 0) {
      const names = check.differingFiles.map((path) => printable(path)).join(', ');
      return toChange(`The model “${model.name}” is not as on record there: ${names}.`, [
        `~/${pushedModelPath(model)}: the blocks that differ`,
      ]);
    }
    if (!check.isFullDue) return nothingToDo(thereAlready(model, check.lastFullAtMs));
    const since = check.lastFullAtMs === null ? 'it is not noted when' : `the last time was ${describeDay(check.lastFullAtMs)}`;
    return toChange(`All of the model “${model.name}” is due to be read back and compared: ${since}.`, [
      `~/${pushedModelPath(model)}: ${megabytes(model.sizeBytes)} are read there, and only what differs is sent`,
    ]);
  } finally {
    await files?.close();
  }
}

function verify(model: StoredModel, there: ModelOnNode): StepFinding {
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

function thereAlready(model: StoredModel, lastFullAtMs: number | null): string {
  const last = lastFullAtMs === null ? '' : `; all of it was compared last ${describeDay(lastFullAtMs)}`;
  return `Model “${model.name}” is there, whole; some blocks of it were read back and are right${last}.`;
}

function verifiedNow(model: StoredModel): string {
  return `Model “${model.name}” is there, whole: all of it was read back now, and its SHA-256 is right.`;
}

function describeDay(atMs: number): string {
  return `on ${new Date(atMs).toISOString().slice(0, 10)}`;
}

function reportProgress({ log, stepProgress }: Pick<NodeSession, 'log' | 'stepProgress'>): (progress: PushProgress) => void {
  let reportedAtMs = performance.now();
  return ({ state, doneBytes, totalBytes, bytesPerSec, remainingSec }) => {
    stepProgress(doneBytes, totalBytes);
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
