// What of an environment is not what it was, and what that does to the figures. Pure.
import type { Environment, EnvironmentComparison, EnvironmentDifference, NodeEnvironment } from '../../../shared/record.js';
import { formatFactor } from '../../../shared/format.js';

const MEANINGS = {
  program: 'Another program may schedule, measure or word things otherwise; the change log says what changed.',
  modified: 'A build of changed files is no commit that anyone else can build.',
  lockfile: 'Other packages were built in: a training may round otherwise.',
  controlCenter: 'Delays of the control center itself may differ, and a training may round otherwise; images are made on the nodes.',
  timeScale: 'On another time scale the delays of this machine weigh more or less: model time is no longer comparable.',
  node: 'Other nodes have another capacity: delays are not comparable.',
  device: 'Another device takes another time for an image.',
  software: 'Other software on the node may take another time for an image, and make another one.',
  powerMode: 'The power mode caps the clocks: images take another time.',
  agent: 'Another agent may add another delay of its own.',
  worker: 'Another worker makes other images, or takes another time for them.',
  model: 'Another model makes other images.',
  timing: 'The lower bound, the simulated time of an image and some schedulers go by it.',
  limit: 'A node that holds fewer tasks computes a smaller part of a burst: delays are not comparable.',
  link: 'Transfers take another time.',
  dataset: 'Other prompts are other work.',
  policy: 'The learned policy decides otherwise: it has learned on, or is another.',
} as const;

const FIELDS: readonly { field: string; meaning: keyof typeof MEANINGS; of(node: NodeEnvironment): string | null }[] = [
  { field: 'device', meaning: 'device', of: (node) => node.deviceModel },
  { field: 'JetPack', meaning: 'software', of: (node) => node.jetpack },
  { field: 'power mode', meaning: 'powerMode', of: (node) => node.powerMode },
  { field: 'agent version', meaning: 'agent', of: (node) => node.agentVersion },
  { field: 'worker', meaning: 'worker', of: (node) => node.worker },
  { field: 'PyTorch', meaning: 'software', of: (node) => node.torchVersion },
  { field: 'model', meaning: 'model', of: (node) => shortHash(node.modelSha256) },
  { field: 'time of an image', meaning: 'timing', of: ({ timing }) => describeTiming(timing) },
  { field: 'limit', meaning: 'limit', of: ({ heldLimit }) => (heldLimit == null ? 'none' : `${heldLimit} tasks at a time`) },
  { field: 'link', meaning: 'link', of: ({ linkMbps }) => (linkMbps === null ? null : `${linkMbps} Mbit/s`) },
];

/** What was and is not known is no difference; what was not recorded then is named apart. */
export function compareEnvironments(then: Environment, now: Environment): EnvironmentComparison {
  const differences: EnvironmentDifference[] = [];
  const unknown: string[] = [];
  const compare = (subject: string, field: string, values: [string | null, string | null], meaning: keyof typeof MEANINGS): void => {
    const [before, after] = values;
    if (before === after) return;
    if (before === null) unknown.push(`${subject}: ${field}`);
    else differences.push({ subject, field, then: before, now: after, meaning: MEANINGS[meaning] });
  };
  const [was, is] = [then.program, now.program];
  compare('Program', 'version', [was.version, is.version], 'program');
  compare('Program', 'commit', [shortHash(was.commit), shortHash(is.commit)], 'program');
  compare('Program', 'modified files', [describeModified(was.isModified), describeModified(is.isModified)], 'modified');
  compare('Program', 'lockfile', [shortHash(was.lockfileSha256), shortHash(is.lockfileSha256)], 'lockfile');
  const [center, centerNow] = [then.controlCenter, now.controlCenter];
  compare('Control center', 'Node.js', [center?.nodeVersion ?? null, centerNow?.nodeVersion ?? null], 'controlCenter');
  // From the terminal there is no Electron: that is no difference of what is computed.
  if (center?.electronVersion && centerNow?.electronVersion)
    compare('Control center', 'Electron', [center.electronVersion, centerNow.electronVersion], 'controlCenter');
  compare('Control center', 'platform', [center?.platform ?? null, centerNow?.platform ?? null], 'controlCenter');
  // Where the testbed itself is not here, that says it all.
  if (then.testbed && now.testbed) {
    compare('Testbed', 'time scale', [formatFactor(then.testbed.timeScale), formatFactor(now.testbed.timeScale)], 'timeScale');
    differences.push(...compareNodes(then, now, compare));
  }
  if (then.dataset && now.dataset)
    compare(`Dataset “${then.dataset.name}”`, 'content', [shortHash(then.dataset.sha256), shortHash(now.dataset.sha256)], 'dataset');
  for (const policy of then.policies) {
    const current = now.policies.find(({ trainingId }) => trainingId === policy.trainingId);
    const subject = `Training ${policy.trainingId}`;
    compare(subject, 'episodes of its checkpoint', [countOf(policy.episodes), countOf(current?.episodes ?? null)], 'policy');
    if (policy.sha256 !== null && current?.sha256 != null)
      compare(subject, 'policy', [shortHash(policy.sha256), shortHash(current.sha256)], 'policy');
  }
  return { differences, unknown, isSameEnvironment: differences.length === 0 && unknown.length === 0 };
}

const EXCLUDED_NOW = { field: 'excluded', then: 'no', now: 'yes' };
const EXCLUDED_THEN = { field: 'excluded', then: 'yes', now: 'no' };

type Compare = (subject: string, field: string, values: [string | null, string | null], meaning: keyof typeof MEANINGS) => void;

/** By their ids; on another machine's testbed by their names. */
function compareNodes(before: Environment, after: Environment, compare: Compare): EnvironmentDifference[] {
  const [then, now] = [before.nodes, after.nodes];
  const left = new Set(now);
  const gone: EnvironmentDifference[] = [];
  for (const node of then) {
    const current = now.find(({ id }) => id === node.id) ?? now.find(({ name }) => name === node.name);
    const subject = `Node ${node.name}`;
    if (!current) {
      const isExcluded = after.testbed?.excludedNodes?.includes(node.name) === true;
      gone.push({ subject, ...(isExcluded ? EXCLUDED_NOW : { field: 'in the testbed', then: 'yes', now: 'no' }), meaning: MEANINGS.node });
      continue;
    }
    left.delete(current);
    for (const { field, meaning, of } of FIELDS) compare(subject, field, [of(node), of(current)], meaning);
  }
  const added = [...left].map(({ name }) => ({
    subject: `Node ${name}`,
    ...(before.testbed?.excludedNodes?.includes(name) === true ? EXCLUDED_THEN : { field: 'in the testbed', then: 'no', now: 'yes' }),
    meaning: MEANINGS.node,
  }));
  return [...gone, ...added];
}

function describeTiming({ source, fixedSec, secPerStep, speedFactor }: NodeEnvironment['timing']): string {
  const round = (value: number): number => Math.round(value * 1000) / 1000;
  const speed = speedFactor === 1 ? '' : `, speed ${round(speedFactor)}`;
  return `${round(fixedSec)} s + ${round(secPerStep)} s a step${speed} (${source})`;
}

function shortHash(hash: string | null): string | null {
  return hash === null ? null : hash.slice(0, 12);
}

function describeModified(isModified: boolean | null): string | null {
  if (isModified === null) return null;
  return isModified ? 'modified' : 'as committed';
}

function countOf(count: number | null): string | null {
  return count === null ? null : String(count);
}
