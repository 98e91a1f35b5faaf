import { AppError } from '../../../../../shared/errors.js';
import { CLIP_ALONE, describeEncoders, TEXT_ENCODERS, type TextEncoder } from '../../../../../shared/model-variant.js';
import type { NodeWorker } from '../../../../../shared/node-worker-schema.js';
import type { WorkerReport } from '../../../../../shared/rpc/gen/agent_pb.js';
import { keepTrust, type TrustSource } from '../../../../adapters/agents/keep-trust.js';
import { openAgentClient } from '../../../../adapters/agents/open-agent-client.js';
import { printable } from '../../../../adapters/ssh/ssh-errors.js';
import type { NodeSession } from '../node-session.js';
import { knownLater, nothingToDo, type ProvisioningStep } from '../provision-step.js';
import { formatPixels } from '../../../../../shared/format.js';

const PROBE = { prompt: 'A lighthouse at dawn, health check', seed: 1, qualitySteps: 1 };
const MAX_IMAGE_BYTES = 32 * 1024 * 1024;
const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Sends the agent whom to let in, has it make an image of one denoising step and fetches it; only then the node is ready. */
export const healthStep: ProvisioningStep = {
  inspect({ node, findings }) {
    const isRunning = findings.get('service')?.verdict === 'nothing' && node.provisionState === 'ready';
    return Promise.resolve(
      isRunning
        ? nothingToDo('The agent answers and is healthy; an apply checks its health again with a one-step image.')
        : knownLater('A one-step image is asked for when the agent runs.'),
    );
  },
  async apply(session) {
    const { node, testbed, tools, signal } = session;
    if (node.agentPort === null) throw new Error('The health step ran before the agent had a port');
    const wasReady = node.provisionState === 'ready';
    const identity = await tools.identities.controlCenter(testbed.id);
    const client = await openAgentClient({ nodeId: node.id, host: node.host, port: node.agentPort, identity });
    try {
      const { agentVersion } = await client.describe(signal);
      const { problem } = await keepTrust(client, trustSource(session), signal);
      if (problem !== null) session.log(problem);
      const { image, computeMs } = await client.probe(PROBE, signal);
      if (!image) throw notHealthy(node.name, 'it returned no image');
      const bytes = await client.fetchImage(image.sha256, { maxBytes: MAX_IMAGE_BYTES, signal });
      if (!bytes.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE)) throw notHealthy(node.name, 'what it returned is no PNG image');
      // The worker reports itself once it has loaded the model, which the image has waited for.
      const { worker } = await client.describe(signal);
      const modelSha256 = session.desired.modelId === null ? null : (tools.models.find(session.desired.modelId)?.sha256 ?? null);
      session.updateNode({ provisionState: 'ready', agentVersion, worker: worker ? recordOf(worker, modelSha256) : null });
      return {
        state: wasReady ? 'unchanged' : 'changed',
        detail: `Made a one-step ${image.isSimulated ? 'simulated ' : ''}image, ${formatPixels(image.widthPx, image.heightPx)}, in ${(computeMs / 1000).toFixed(1)} s of the device's time${describeWorker(worker)}.`,
      };
    } finally {
      client.close();
    }
  },
  remove: null,
};

function trustSource({ testbed, node, tools }: NodeSession): TrustSource {
  return {
    nodeIds: () => tools.listNodeIds(testbed.id),
    renew: (shown) => tools.identities.renewNodeCertificate(testbed.id, node.id, shown),
  };
}

/** What is kept of it with the node, and with each run on it. */
function recordOf(worker: WorkerReport, modelSha256: string | null): NodeWorker {
  const { device, deviceName, dtype, t5Tokens, guidanceScale, shift, pythonVersion, torchVersion, diffusersVersion, allocator } = worker;
  const versions = { pythonVersion, torchVersion, diffusersVersion };
  return { device, deviceName, dtype, t5Tokens, guidanceScale, shift, ...versions, allocator, modelSha256, encoders: encodersOf(worker) };
}

/** Agents before T5 was an option say nothing: they had the two CLIPs. */
function encodersOf({ encoders }: WorkerReport): TextEncoder[] {
  return encoders.length === 0 ? [...CLIP_ALONE] : TEXT_ENCODERS.filter((encoder) => encoders.includes(encoder));
}

/** What makes the images of this node what they are; a part of the sentence, empty for a simulated worker. */
function describeWorker(worker: WorkerReport | undefined): string {
  if (!worker) return '';
  const { device, dtype, t5Tokens, guidanceScale, shift, torchVersion, diffusersVersion, loadMs } = worker;
  const versions = printable(`torch ${torchVersion}, diffusers ${diffusersVersion}`);
  const encoders = encodersOf(worker);
  const t5 = encoders.includes('t5') ? `T5-XXL reads ${t5Tokens} tokens` : `${t5Tokens} zero tokens in T5's place`;
  const settings = `with ${describeEncoders(encoders)}; guidance ${guidanceScale}, shift ${shift}, ${t5}`;
  const memory = describeAllocator(worker);
  return ` (${versions}, on ${printable(device)} in ${printable(dtype)}; ${settings}; model loaded in ${(loadMs / 1000).toFixed(1)} s${memory})`;
}

/** Which way torch takes the GPU's memory, where that is not the way of every board. */
function describeAllocator({ allocator, allocatorReason }: WorkerReport): string {
  if (allocator !== 'expandable') return '';
  return `; expandable segments, since plain blocks were refused: ${printable(allocatorReason, 120)}`;
}

function notHealthy(nodeName: string, why: string): AppError {
  return new AppError(
    'agent-failed',
    `Node "${nodeName}" is not healthy: ${why}.`,
    'Look at ~/.dedgeai/agent.log on the node, then retry.',
  );
}
