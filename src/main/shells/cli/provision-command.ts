// `provision`: the plan of a testbed, its apply, the retry of what failed, and the removal of what was installed.
import { Option, type Command } from 'commander';
import { cleanLine } from '../../../shared/foreign-text.js';
import type { DesiredStateInput } from '../../../shared/api/provisioning-inputs.js';
import { AppError } from '../../../shared/errors.js';
import { type ProvisioningRun, titleOfStep } from '../../../shared/provisioning.js';
import type { Testbed } from '../../../shared/testbed.js';
import { chooseModel } from './choose-defaults.js';
import { chooseTestbed } from './choose-testbed.js';
import { findByName } from './find-by-name.js';
import { describePlan, planStatus } from './plan-text.js';
import { withSession } from './session.js';
import type { CommonOptions, Session } from './session.js';
import { formatTable } from './terminal.js';

interface ProvisionOptions extends CommonOptions {
  acceptNew: boolean;
  setClock: boolean;
  keepClock?: boolean;
  check: boolean;
  apply: boolean;
  retryFailed: boolean;
  remove: boolean;
  models: boolean;
  node?: string[];
  worker?: 'simulated' | 'resd3-m';
  model?: string;
  service?: 'auto' | 'systemd-user' | 'systemd-system' | 'supervised';
}

const HELP = `
Without --check, --retry-failed or --remove it applies. --worker, --model and --service are kept for these nodes; with --check they count for
that plan alone. Exit status of --check: 0 an apply can continue, 5 a node is blocked or can't be checked, 7 a host key wants trust.`;

export function addProvisionCommand(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  program
    .command('provision')
    .description('bring the nodes of a testbed from SSH access to a healthy agent; safe to repeat')
    .argument('[testbed]', 'name or id; the only one, or the one of the last run, where it is left out')
    .option('--check', 'print the plan, change nothing on the nodes', false)
    .option('--apply', 'carry the plan out (as without any of these)', false)
    .option('--retry-failed', 'only what failed in the last provisioning', false)
    .option('--remove', 'take away what was installed; models stay', false)
    .option('--models', 'with --remove: models go too', false)
    .option('--node <node...>', 'only these nodes (name or id)')
    .addOption(new Option('--worker <worker>', 'what makes the images').choices(['simulated', 'resd3-m']))
    .option('--model <model>', 'model of the store for the reSD3-m worker (name or id; default: the only one)')
    .addOption(
      new Option('--service <service>', 'what keeps the agent running').choices(['auto', 'systemd-user', 'systemd-system', 'supervised']),
    )
    .option('--accept-new', 'trust host keys seen for the first time, also with --check (a changed key always stops)', false)
    .option('--set-clock', 'set clocks that are more than 2 s off by this machine, as root; with --check: say which', false)
    .option('--keep-clock', 'from now on, keep the clocks of these nodes right while no run uses them ("clock status" shows how)')
    .option('--no-keep-clock', 'take back what --keep-clock put on the nodes')
    .addHelpText('after', HELP)
    .action((nameOrId: string | undefined, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<ProvisionOptions>();
        assertOneMode(options);
        return withSession(options, { access: 'exclusive', activity: 'nodes' }, async (session) => {
          const testbed = await chooseTestbed(session, nameOrId);
          return options.check ? check(session, testbed, options) : carryOut(session, testbed, options);
        });
      }),
    );
}

function assertOneMode(options: ProvisionOptions): void {
  const { check, apply, retryFailed, remove, models, acceptNew, node, worker, model, service, setClock, keepClock } = options;
  if ([check, apply, retryFailed, remove].filter(Boolean).length > 1) {
    throw new AppError('invalid-input', '--check, --apply, --retry-failed and --remove exclude each other.', 'Choose one of them.');
  }
  if (models && !remove) throw new AppError('invalid-input', '--models goes with --remove.', 'Add --remove, or leave --models out.');
  if (acceptNew && remove) {
    throw new AppError(
      'invalid-input',
      '--accept-new does not go with --remove: what is removed was installed over a host key that is on record.',
      'Leave --accept-new out; "npm run cli -- node trust NODE --fingerprint SHA256:..." records a key.',
    );
  }
  const hasDesired = worker !== undefined || model !== undefined || service !== undefined;
  if (hasDesired && (remove || retryFailed)) {
    throw new AppError('invalid-input', '--worker, --model and --service go with --check and --apply.', 'Leave them out.');
  }
  if (setClock && remove) throw new AppError('invalid-input', '--set-clock does not go with --remove.', 'Leave one of them out.');
  if (keepClock !== undefined && (remove || retryFailed)) {
    const remedy = 'Leave it out: --remove takes back what it put on the nodes by itself.';
    throw new AppError('invalid-input', '--keep-clock and --no-keep-clock go with --check and --apply.', remedy);
  }
  if (node && retryFailed) throw new AppError('invalid-input', '--retry-failed takes the nodes that failed.', 'Leave --node out.');
}

async function check(session: Session, testbed: Testbed, options: ProvisionOptions): Promise<number> {
  const { until, terminal, signal } = session;
  const desired = await readDesired(session, testbed, options);
  const plan = await until(signal).provisioning.plan({
    ...choose(testbed, options),
    acceptNewHostKeys: options.acceptNew,
    ...clockOf(options),
    ...(desired ? { desired } : {}),
  });
  signal.throwIfAborted();
  terminal.result(plan, describePlan(plan));
  return planStatus(plan);
}

async function carryOut(session: Session, testbed: Testbed, options: ProvisionOptions): Promise<number> {
  const { api, terminal, signal } = session;
  const started = await startProvisioning(session, testbed, options);
  signal.addEventListener('abort', () => void api.jobs.cancel({ id: started.id }), { once: true });
  const ended = await follow(session, started);
  terminal.result(ended, describe(ended));
  return exitStatus(ended);
}

async function startProvisioning(session: Session, testbed: Testbed, options: ProvisionOptions): Promise<ProvisioningRun> {
  const { api } = session;
  if (options.retryFailed) {
    const [last] = await api.provisioning.list({ testbedId: testbed.id });
    if (!last) throw new AppError('not-found', 'This testbed was never provisioned', 'Leave --retry-failed out.');
    return api.provisioning.retryFailed({ id: last.id, acceptNewHostKeys: options.acceptNew, setsClock: options.setClock });
  }
  if (options.remove) return api.provisioning.remove({ ...choose(testbed, options), removesModels: options.models });
  const desired = await readDesired(session, testbed, options);
  const { acceptNew: acceptNewHostKeys } = options;
  return api.provisioning.start({ ...choose(testbed, options), acceptNewHostKeys, ...clockOf(options), ...(desired ? { desired } : {}) });
}

function clockOf({ setClock, keepClock }: ProvisionOptions): { setsClock: boolean; keepsClock?: boolean } {
  return { setsClock: setClock, ...(keepClock === undefined ? {} : { keepsClock: keepClock }) };
}

function choose({ id, nodes }: Testbed, { node }: ProvisionOptions): { testbedId: string; nodeIds?: string[] } {
  return { testbedId: id, ...(node ? { nodeIds: node.map((desired) => findByName(nodes, desired, 'node').id) } : {}) };
}

/** A model alone means the worker that needs one; where that worker is named alone, it gets the only model unless the nodes have theirs. */
async function readDesired(session: Session, testbed: Testbed, options: ProvisionOptions): Promise<DesiredStateInput | undefined> {
  const { worker, model, service } = options;
  if (worker === undefined && model === undefined && service === undefined) return undefined;
  const isModelOpen = worker === 'resd3-m' && model === undefined && !(await haveModels(session, choose(testbed, options)));
  const modelId = model !== undefined || isModelOpen ? (await chooseModel(session, model, { naming: '--model' })).id : undefined;
  if (worker === 'simulated' && modelId !== undefined) {
    throw new AppError('invalid-input', 'The simulated worker has no model.', 'Leave --model out, or choose --worker resd3-m.');
  }
  const chosen = worker ?? (modelId === undefined ? undefined : 'resd3-m');
  return {
    ...(chosen === undefined ? {} : { worker: chosen }),
    ...(modelId === undefined ? {} : { modelId }),
    ...(service === undefined ? {} : { service }),
  };
}

async function haveModels({ api }: Session, { testbedId, nodeIds }: ReturnType<typeof choose>): Promise<boolean> {
  const desired = await api.provisioning.desired({ testbedId });
  return desired.every(({ nodeId, desired: { modelId } }) => modelId !== null || nodeIds?.includes(nodeId) === false);
}

/** Prints each step once as it ends; returns the last state. */
async function follow({ api, terminal }: Session, started: ProvisioningRun): Promise<ProvisioningRun> {
  const reported = new Set<string>();
  let last = started;
  for await (const snapshot of await api.provisioning.watch({ id: started.id })) {
    last = snapshot;
    for (const node of snapshot.nodes) {
      for (const step of node.steps) {
        const key = `${node.nodeId}/${step.name}/${step.state}`;
        if (reported.has(key) || step.state === 'queued' || step.state === 'running') continue;
        reported.add(key);
        const detail = step.error ? step.error.message : (step.detail ?? '');
        const title = titleOfStep(snapshot.kind, step.name);
        terminal.note(cleanLine(`${node.nodeName}: ${title}: ${step.state}${detail ? ` (${detail})` : ''}`));
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
  const what = run.kind === 'apply' ? 'Provisioning' : 'Removal';
  return [`${what} ${run.id}: ${run.state}`, table, ...[...hints].map((hint) => `Hint: ${cleanLine(hint)}`)].join('\n');
}

/** 0 all succeeded; 7 a host key wants trust; 5 some nodes failed; 130 cancelled. */
function exitStatus(run: ProvisioningRun): number {
  if (run.state === 'succeeded') return 0;
  if (run.state === 'cancelled') return 130;
  return run.nodes.some((node) => node.hostKeyQuestion) ? 7 : 5;
}
