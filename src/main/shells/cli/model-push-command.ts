import type { Command } from 'commander';
import { cleanLine } from '../../../shared/foreign-text.js';
import { describeCarrier, type ModelPush, type PushNode, type PushVerification } from '../../../shared/model-push.js';
import { shortOfMemory } from '../../../shared/model-need.js';
import type { Model } from '../../../shared/model.js';
import type { TestbedNode } from '../../../shared/testbed.js';
import { chooseModel } from './choose-defaults.js';
import { chooseTestbed } from './choose-testbed.js';
import { findByName } from './find-by-name.js';
import { formatBytes, formatIsoDay } from '../../../shared/format.js';
import { withSession } from './session.js';
import type { CommonOptions, Session } from './session.js';
import { formatTable } from './terminal.js';

interface PushOptions extends CommonOptions {
  node?: string[];
  verify?: boolean;
}

interface PushCommand {
  model: string | undefined;
  testbed: string | undefined;
  options: PushOptions;
  verification: PushVerification;
}

export function addModelPushCommand(model: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  model
    .command('push')
    .description(
      'put a model on the nodes of a testbed, verified there; continues from what is there, so Ctrl-C and broken connections cost little',
    )
    .argument('[model]', 'name or id; the only one where it is left out')
    .argument('[testbed]', 'name or id; the only one, or the one of the last run, where it is left out')
    .option('--node <node...>', 'only these nodes (name or id)')
    .option('--verify', 'have nodes that have it already read all of it back; only what differs from the record is re-sent')
    .action((requestedModel: string | undefined, requestedTestbed: string | undefined, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<PushOptions>();
        return push({ model: requestedModel, testbed: requestedTestbed, options, verification: options.verify ? 'full' : 'sampled' });
      }),
    );
}

/** Pushes, or with the verification `only` looks, and follows it to its end; the exit status. */
export function push({ model, testbed, options, verification }: PushCommand): Promise<number> {
  return withSession(options, { access: 'exclusive', activity: 'nodes' }, async (session) => {
    const { api, terminal, signal } = session;
    const found = await chooseModel(session, model);
    const target = await chooseTestbed(session, testbed);
    const nodeIds = options.node?.map((nameOrId) => findByName(target.nodes, nameOrId, 'node').id);
    if (verification !== 'only')
      await noteMemory(session, found, options.node ? target.nodes.filter(({ id }) => nodeIds?.includes(id)) : target.nodes);
    const input = { modelId: found.id, testbedId: target.id, verification, ...(nodeIds ? { nodeIds } : {}) };
    const started = await api.modelPushes.start(input);
    signal.addEventListener('abort', () => void api.jobs.cancel({ id: started.id }), { once: true });
    const ended = await follow(session, started);
    terminal.result(ended, describe(ended));
    return exitStatus(ended);
  });
}

/** A push is no reason to refuse: the bytes have their place, and provisioning is where the worker would load them. */
async function noteMemory({ api, terminal }: Session, model: Model, nodes: readonly TestbedNode[]): Promise<void> {
  const comparisons = await api.modelMemory.list();
  for (const { nodeName, text } of shortOfMemory(model, nodes, comparisons)) terminal.note(cleanLine(`Remark: ${nodeName}: ${text}`));
}

/** Progress on standard error; returns the last state. */
async function follow({ api, terminal }: Session, started: ModelPush): Promise<ModelPush> {
  let lastNoteMs = -Infinity;
  for await (const push of await api.modelPushes.watch({ id: started.id })) {
    if (performance.now() - lastNoteMs < (process.stderr.isTTY ? 200 : 5000)) continue;
    lastNoteMs = performance.now();
    terminal.progress(cleanLine(push.nodes.map(describeProgress).join('; ')));
  }
  return api.modelPushes.get({ id: started.id });
}

function describeProgress({ nodeName, progress, error }: PushNode): string {
  const { state, doneBytes, totalBytes, bytesPerSec, remainingSec } = progress;
  if (error || state !== 'sending') return `${nodeName}: ${state}`;
  const share = totalBytes > 0 ? Math.floor((doneBytes / totalBytes) * 100) : 100;
  const rate = bytesPerSec === null ? '' : `, ${formatBytes(bytesPerSec)}/s`;
  const rest = remainingSec === null ? '' : `, about ${Math.ceil(remainingSec)} s left`;
  return `${nodeName}: ${share} % of ${formatBytes(totalBytes)}${rate}${rest}`;
}

/** What was found there, where something whole was; null else. */
function describeState(outcome: PushNode['outcome']): string | null {
  if (!outcome?.check) return null;
  if (!outcome.isUnchanged) return `differed (${outcome.check.differingFiles.join(', ')}), put right`;
  const { extent, lastFullAtMs } = outcome.check;
  if (extent === 'full') return 'was there, every byte compared';
  return `was there, some blocks compared${lastFullAtMs === null ? '' : `, every byte on ${formatIsoDay(lastFullAtMs)}`}`;
}

function describe(push: ModelPush): string {
  const table = formatTable(
    ['node', 'state', 'found there', 'sent', 'from nodes', 'rate', 'problem'],
    push.nodes.map(({ nodeName, progress, outcome, error }) => [
      nodeName,
      describeState(outcome) ?? progress.state,
      formatBytes(progress.foundBytes),
      formatBytes(progress.sentBytes),
      formatBytes(progress.relayedBytes),
      progress.bytesPerSec === null ? '-' : `${formatBytes(progress.bytesPerSec)}/s`,
      error?.message ?? '',
    ]),
  );
  const carried = push.nodes.flatMap(({ nodeName, outcome }) => {
    const carrier = describeCarrier(outcome?.carrier ?? null);
    return carrier === null ? [] : [cleanLine(`${nodeName}: sent ${carrier}`)];
  });
  const hints = new Set(push.nodes.flatMap(({ error }) => error?.hint ?? []));
  const goOn = push.state === 'cancelled' ? ['Push again to continue: what is on the nodes is verified and kept.'] : [];
  return [
    `${push.verification === 'only' ? 'Verification' : 'Push'} of ${cleanLine(push.modelName)}: ${push.state}`,
    table,
    ...carried,
    ...goOn,
    ...[...hints].map((hint) => `Hint: ${cleanLine(hint)}`),
  ].join('\n');
}

/** 0 all succeeded; 7 a host key wants trust; 5 some nodes failed; 130 cancelled. */
function exitStatus(push: ModelPush): number {
  if (push.state === 'succeeded') return 0;
  if (push.state === 'cancelled') return 130;
  return push.nodes.some(({ error }) => error?.code === 'host-key-unknown' || error?.code === 'host-key-changed') ? 7 : 5;
}
