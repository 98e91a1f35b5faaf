// Which settings of specification and environment differ among runs. Pure.
import { deviceFactsSchema, type DeviceFacts } from '../../../shared/device-facts.js';
import { formatCount, formatFactor } from '../../../shared/format.js';
import type { ComparedSetting } from '../../../shared/run-comparison.js';
import { countNodes } from '../../../shared/node-use.js';
import { describeScheduler, type RunSpec, type TimingSource } from '../../../shared/run.js';
import { listSettings } from '../../../shared/scheduling-settings.js';
import { describeArrivals, describeSteps } from '../comparison/measured-rows.js';
import type { NodeSnapshot } from '../runs/run-store.js';
import type { CountedRun } from './compared-input.js';

type Compared = Pick<CountedRun, 'summary' | 'stored'>;

interface Setting {
  id: string;
  title: string;
  kind: ComparedSetting['kind'];
  read(run: Compared): string | null;
  /** What it goes by, where other things may be called the same. */
  key?(run: Compared): string;
}

/** A seed is what repetitions of one experiment differ in. */
export const SEED_SETTING = 'seed';
/** Those that make the tasks of a run what they are. */
export const WORKLOAD_SETTINGS: readonly string[] = [
  SEED_SETTING,
  'dataset',
  'taskCount',
  'steps',
  'arrivals',
  'service',
  'repeatedPrompts',
];

const ofSpec = (id: string, title: string, read: (spec: RunSpec) => string | null): Setting => ({
  ...{ id, title, kind: 'specification' },
  read: ({ summary }) => read(summary.spec),
});

function settingOf(title: string): (spec: RunSpec) => string | null {
  return (spec) => listSettings(spec).find(([name]) => name === title)?.[1] ?? 'none';
}

const SPECIFICATION: readonly Setting[] = [
  ofSpec('scheduler', 'Scheduler', ({ scheduler }) => describeScheduler(scheduler).title),
  ofSpec('training', 'Training', ({ trainingId }) => trainingId ?? 'none'),
  ofSpec('placingOrder', 'Placing order', settingOf('Placing order')),
  ofSpec('queueOrder', 'Queue order', settingOf('Queue order')),
  ofSpec('speeds', 'Speeds of nodes', settingOf('Speeds of nodes')),
  ofSpec('consideration', 'Consideration k', settingOf('Consideration k')),
  ofSpec('learning', 'Learning on the job', settingOf('Learning on the job')),
  ofSpec('taskCount', '|N|', ({ taskCount }) => formatCount(taskCount)),
  ofSpec(SEED_SETTING, 'Seed', ({ seed }) => String(seed)),
  ofSpec('steps', 'Denoising steps', ({ qualitySteps }) => describeSteps(qualitySteps)),
  ofSpec('arrivals', 'Arrivals', ({ arrivals }) => describeArrivals(arrivals)),
  ofSpec('service', 'Service', ({ strength }) => (strength === undefined ? 'text-to-image' : `image-to-image, strength ${strength}`)),
  {
    ...{ id: 'dataset', title: 'Dataset', kind: 'specification' },
    read: ({ summary }) => summary.datasetName,
    key: ({ summary }) => summary.spec.datasetId,
  },
  {
    ...{ id: 'testbed', title: 'Testbed', kind: 'specification' },
    read: ({ summary }) => summary.testbedName,
    key: ({ summary }) => summary.spec.testbedId,
  },
  ofSpec('repeatedPrompts', 'Repeated prompts', ({ allowRepeatedPrompts }) => (allowRepeatedPrompts ? 'allowed' : 'not allowed')),
  ofSpec('attempts', 'Max attempts', ({ maxAttempts }) => String(maxAttempts)),
];

const ofNodes = (id: string, title: string, read: (node: NodeSnapshot) => string | number | null): Setting => ({
  ...{ id, title, kind: 'environment' },
  read: ({ stored }) => tally(stored.nodesSnapshot.map(read)),
});
const ofFacts = (id: string, title: string, read: (facts: DeviceFacts) => string | number | null): Setting =>
  ofNodes(id, title, ({ facts }) => read(deviceFactsSchema.parse(typeof facts === 'object' && facts !== null ? facts : {})));

const CALIBRATIONS: Record<TimingSource, string> = {
  setting: 'a setting of the simulated node',
  calibration: 'measured',
  assumed: 'assumed (the paper’s device)',
};

const ENVIRONMENT: readonly Setting[] = [
  { id: 'images', title: 'Images', kind: 'environment', read: ({ summary }) => (summary.isSimulated ? 'simulated' : 'generated') },
  { id: 'timeScale', title: 'Time scale', kind: 'environment', read: ({ summary }) => formatFactor(summary.timeScale) },
  { id: 'program', title: 'Program', kind: 'environment', read: ({ stored }) => stored.programVersion },
  {
    ...{ id: 'nodeCount', title: 'Nodes', kind: 'environment' },
    read: ({ summary: { nodeUse }, stored: { nodesSnapshot } }) =>
      nodeUse && nodeUse.excluded.length > 0
        ? `${countNodes(nodeUse)}, without ${nodeUse.excluded.join(', ')}`
        : String(nodesSnapshot.length),
  },
  ofNodes('limit', 'Most tasks at a time', ({ heldLimit }) => heldLimit ?? null),
  ofNodes('agent', 'Agent', ({ agentVersion }) => agentVersion),
  ofNodes('calibration', 'Calibration', ({ timingSource }) => CALIBRATIONS[timingSource]),
  ofNodes('timeModel', 'Time per image', ({ fixedSec, secPerStep }) => `${fixedSec} s + ${secPerStep} s per step`),
  ofNodes('speed', 'Speed factor', ({ speedFactor }) => speedFactor),
  ofNodes('jitter', 'Spread of compute times', ({ jitterFraction }) => jitterFraction),
  ofNodes('link', 'Link (Mbit/s)', ({ linkMbps }) => linkMbps),
  ofNodes('model', 'Model (SHA-256)', ({ worker }) => worker?.modelSha256?.slice(0, 12) ?? null),
  ofNodes('device', 'Worker device', ({ worker }) => (worker ? `${worker.deviceName} (${worker.device})` : null)),
  ofNodes('dtype', 'Number type', ({ worker }) => worker?.dtype ?? null),
  ofNodes('guidance', 'Guidance scale', ({ worker }) => worker?.guidanceScale ?? null),
  ofNodes('shift', 'Shift', ({ worker }) => worker?.shift ?? null),
  ofNodes('t5', 'T5 tokens', ({ worker }) => worker?.t5Tokens ?? null),
  ofNodes('diffusers', 'diffusers', ({ worker }) => worker?.diffusersVersion ?? null),
  ofNodes('torch', 'torch', ({ worker }) => worker?.torchVersion ?? null),
  ofFacts('powerMode', 'Power mode', ({ powerMode }) => powerMode),
  ofFacts('governor', 'CPU governor', ({ cpuGovernor }) => cpuGovernor),
  ofFacts('cpuLimit', 'CPU clock limit (MHz)', ({ cpuMaxMhz }) => cpuMaxMhz),
  ofFacts('gpuLimit', 'GPU clock limit (MHz)', ({ gpuMaxMhz }) => gpuMaxMhz),
  ofFacts('jetpack', 'JetPack', ({ jetpack }) => jetpack),
  ofFacts('cuda', 'CUDA', ({ cudaVersion }) => cudaVersion),
];

/** `MAXN ×4, 30W ×1` of the nodes of a run, the commonest first; the value alone where all have it. Null where none reports one. */
function tally(values: readonly (string | number | null)[]): string | null {
  const counts = new Map<string, number>();
  for (const value of values) {
    const text = value === null ? 'not reported' : String(value);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  if (values.every((value) => value === null)) return null;
  if (counts.size === 1) return [...counts.keys()][0] ?? null;
  const ordered = [...counts].sort(([left, more], [right, fewer]) => fewer - more || (left < right ? -1 : 1));
  return ordered.map(([text, count]) => `${text} ${formatFactor(count)}`).join(', ');
}

/** Differing means differing among all runs, not from the first. A value that is not reported is another one than any that is. */
export function compareSettings(runs: readonly Compared[]): { differing: ComparedSetting[]; identical: ComparedSetting[] } {
  const compared = [...SPECIFICATION, ...ENVIRONMENT].map((setting) => {
    const texts = runs.map((run) => setting.read(run));
    const keys = setting.key ? runs.map((run) => setting.key?.(run) ?? '') : texts;
    return { setting: { ...pick(setting), values: withKeys(texts, keys) }, isDiffering: new Set(keys).size > 1 };
  });
  return {
    differing: compared.filter(({ isDiffering }) => isDiffering).map(({ setting }) => setting),
    identical: compared.filter(({ isDiffering }) => !isDiffering).map(({ setting }) => setting),
  };
}

function pick({ id, title, kind }: Setting): Omit<ComparedSetting, 'values'> {
  return { id, title, kind };
}

/** Different things of one name have what they go by behind it. */
function withKeys(texts: readonly (string | null)[], keys: readonly (string | null)[]): (string | null)[] {
  const keysOfText = Map.groupBy(
    texts.map((text, index) => ({ text, key: keys[index] ?? null })),
    ({ text }) => text,
  );
  return texts.map((text, index) => {
    const isAmbiguous = new Set((keysOfText.get(text) ?? []).map(({ key }) => key)).size > 1;
    return isAmbiguous ? `${text ?? ''} (${keys[index] ?? ''})` : text;
  });
}
