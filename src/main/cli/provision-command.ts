import type { Command } from 'commander';
import { AppError } from '../../shared/errors.js';
import { PROVISION_STEP_TITLES } from '../../shared/provisioning.js';
import type { ProvisioningRun } from '../../shared/provisioning.js';
import { findByName } from './find-by-name.js';
import { withSession } from './session.js';
import type { CommonOptions, Session } from './session.js';
import { formatTable, stripControls } from './terminal.js';

interface ProvisionOptions extends CommonOptions {
  acceptNew: boolean;
  retryFailed: boolean;
  node?: string[];
}

export function addProvisionCommand(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  program
    .command('provision')
    .description('bring the nodes of a testbed from SSH access to a healthy agent; safe to repeat')
    .argument('<testbed>', 'name or id')
    .option('--accept-new', 'trust host keys seen for the first time (a changed key always stops)', false)
    .option('--retry-failed', 'only what failed in the last provisioning', false)
    .option('--node <node...>', 'only these nodes (name or id)')
    .action((wanted: string, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<ProvisionOptions>();
        return withSession(options, { access: 'exclusive', activity: 'nodes' }, async (session) => {
          const { api, core, terminal, signal } = session;
          const testbed = findByName(await api.testbeds.list(), wanted, 'testbed');
          const started = await begin(session, testbed.id, options);
          signal.addEventListener('abort', () => void core.services.provisioning.cancel(started.id), { once: true });
          const ended = await follow(session, started);
          terminal.result(ended, describe(ended));
          return exitStatus(ended);
        });
      }),
    );
}

async function begin({ api }: Session, testbedId: string, options: ProvisionOptions): Promise<ProvisioningRun> {
  if (options.retryFailed) {
    const [last] = await api.provisioning.list({ testbedId });
    if (!last) throw new AppError('not-found', 'This testbed was never provisioned', 'Leave --retry-failed out.');
    return api.provisioning.retryFailed({ id: last.id, acceptNewHostKeys: options.acceptNew });
  }
  const { nodes } = await api.testbeds.get({ id: testbedId });
  const nodeIds = options.node?.map((wanted) => findByName(nodes, wanted, 'node').id);
  return api.provisioning.start({ testbedId, acceptNewHostKeys: options.acceptNew, ...(nodeIds ? { nodeIds } : {}) });
}

/** Prints each step once as it ends; returns the last state. */
async function follow({ core, terminal }: Session, started: ProvisioningRun): Promise<ProvisioningRun> {
  const told = new Set<string>();
  let last = started;
  for await (const snapshot of core.services.provisioning.watch(started.id, new AbortController().signal)) {
    last = snapshot;
    for (const node of snapshot.nodes) {
      for (const step of node.steps) {
        const key = `${node.nodeId}/${step.name}/${step.state}`;
        if (told.has(key) || step.state === 'queued' || step.state === 'running') continue;
        told.add(key);
        const detail = step.error ? step.error.message : (step.detail ?? '');
        terminal.note(stripControls(`${node.nodeName}: ${PROVISION_STEP_TITLES[step.name]}: ${step.state}${detail ? ` (${detail})` : ''}`));
      }
    }
  }
  return last;
}

function describe(run: ProvisioningRun): string {
  const table = formatTable(
    ['node', 'state', 'problem'],
    run.nodes.map((node) => [node.nodeName, node.state, node.steps.find((step) => step.error)?.error?.message ?? '']),
  );
  const hints = new Set(run.nodes.flatMap((node) => node.steps.flatMap((step) => step.error?.hint ?? [])));
  return [`Provisioning ${run.id}: ${run.state}`, table, ...[...hints].map((hint) => `Hint: ${stripControls(hint)}`)].join('\n');
}

/** 0 all succeeded; 7 a host key wants trust; 5 some nodes failed; 130 cancelled. */
function exitStatus(run: ProvisioningRun): number {
  if (run.state === 'succeeded') return 0;
  if (run.state === 'cancelled') return 130;
  return run.nodes.some((node) => node.hostKeyQuestion) ? 7 : 5;
}
