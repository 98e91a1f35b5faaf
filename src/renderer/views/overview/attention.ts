// What of the lab needs a person: each thing in a sentence with the one thing to do, the worst first; pure.
import type { RouteLocationRaw } from 'vue-router';
import { formatBytes, formatCount, formatDuration, formatPercent, formatQuantity } from '../../../shared/format.js';
import type { HistoryEntry } from '../../../shared/history.js';
import type { Job } from '../../../shared/job.js';
import { CONNECTING, type NodeLive, type Testbed, type TestbedNode } from '../../../shared/testbed.js';
import type { DataStatus } from '../../../shared/data-care.js';
import type { HostKeyQuestion } from '../../../shared/provisioning.js';
import { describeMixedModes } from '../testbeds/power-modes.js';
import { nameJob } from '../../../shared/describe-job.js';
import { pageOfJob } from '../jobs/job-page.js';
import { LOST_AFTER_SEC } from '../testbeds/node-health.js';

export interface AttentionItem {
  key: string;
  tone: 'danger' | 'warning';
  text: string;
  /** Why, where it is known. */
  reason: string | null;
  action: { label: string; to: RouteLocationRaw };
  /** Of what has happened and is over: to have looked at it is enough. */
  endedAtMs: number | null;
}

export interface AttentionFacts {
  testbeds: readonly Testbed[];
  live: ReadonlyMap<string, readonly NodeLive[]>;
  /** Ended runs that are not valid, or failed; the newest first. */
  badRuns: readonly Pick<HistoryEntry, 'id' | 'name' | 'state' | 'result' | 'finishedAtMs' | 'createdAtMs'>[];
  jobs: readonly Pick<Job, 'id' | 'kind' | 'title' | 'subject' | 'state' | 'error' | 'finishedAtMs'>[];
  questions: readonly (HostKeyQuestion & { testbedId: string })[];
  data: Pick<DataStatus, 'freeBytes' | 'totalBytes' | 'damagedImages'> | null;
  /** What ended before was looked at, epoch ms. */
  seenMs: number;
}

/** Below this share of the disk it is said. */
const LOW_DISK_SHARE = 0.1;
/** So many of a kind are named one by one. */
const MAX_NAMED = 3;

export function listAttention(facts: AttentionFacts): AttentionItem[] {
  const items = [
    ...facts.testbeds.flatMap((testbed) => listLost(testbed, facts.live.get(testbed.id) ?? [])),
    ...listQuestions(facts),
    ...listFailedJobs(facts),
    ...listBadRuns(facts),
    ...listDisk(facts.data),
    ...facts.testbeds.flatMap((testbed) => listMixture(testbed)),
  ];
  return items.sort((left, right) => Number(left.tone === 'warning') - Number(right.tone === 'warning'));
}

function listLost(testbed: Testbed, live: readonly NodeLive[]): AttentionItem[] {
  const nodes = new Map(testbed.nodes.map((node) => [node.id, node]));
  const pairs = live.flatMap((state) => {
    const node = nodes.get(state.nodeId);
    return node?.provisionState === 'ready' ? [{ node, state }] : [];
  });
  const lost = pairs.filter(({ state }) => isLost(state));
  const ailing = pairs.filter(({ state }) => state.isConnected && state.problem !== null);
  return [
    ...named(testbed, lost, (node, state) => ({
      text: `${node.name} lost${state.lastCheckInAgeSec === null ? '' : ` for ${formatDuration(state.lastCheckInAgeSec * 1000)}`}`,
      tone: 'danger',
    })),
    ...named(testbed, ailing, (node) => ({ text: `${node.name} needs a look`, tone: 'warning' })),
  ];
}

function isLost({ isConnected, lastCheckInAgeSec, problem }: NodeLive): boolean {
  if (isConnected || problem === CONNECTING) return false;
  return lastCheckInAgeSec === null || lastCheckInAgeSec >= LOST_AFTER_SEC;
}

function named(
  testbed: Testbed,
  pairs: readonly { node: TestbedNode; state: NodeLive }[],
  describe: (node: TestbedNode, state: NodeLive) => Pick<AttentionItem, 'text' | 'tone'>,
): AttentionItem[] {
  if (pairs.length === 0) return [];
  const to = (nodeId: string | null): RouteLocationRaw => ({
    name: 'testbed',
    params: { testbedId: testbed.id },
    query: nodeId === null ? {} : { node: nodeId },
  });
  if (pairs.length > MAX_NAMED) {
    const first = pairs[0];
    if (!first) return [];
    const { tone, text } = describe(first.node, first.state);
    const more = `${text} and ${formatQuantity(pairs.length - 1, 'more node')} of ${testbed.name}`;
    const key = `${tone} nodes ${testbed.id}`;
    return [{ key, tone, text: more, reason: first.state.problem, action: { label: 'Show nodes', to: to(null) }, endedAtMs: null }];
  }
  return pairs.map(({ node, state }) => ({
    key: `node ${node.id}`,
    ...describe(node, state),
    reason: [testbed.name, state.problem].filter((part) => part !== null).join(': '),
    action: { label: 'Show node', to: to(node.id) },
    endedAtMs: null,
  }));
}

function listQuestions({ questions, testbeds }: AttentionFacts): AttentionItem[] {
  return [...Map.groupBy(questions, ({ testbedId }) => testbedId)].map(([testbedId, group]) => {
    const changed = group.filter(({ recordedFingerprint }) => recordedFingerprint !== null);
    const [isChanged, asked] = [changed.length > 0, changed.length > 0 ? changed : group];
    const name = testbeds.find(({ id }) => id === testbedId)?.name ?? testbedId;
    const addresses = asked.map(({ host, port }) => `${host}:${port}`).slice(0, MAX_NAMED);
    const newCount = group.length - asked.length;
    return {
      key: `host keys ${testbedId}`,
      tone: isChanged ? 'danger' : 'warning',
      text: `${formatQuantity(asked.length, 'host key')} of ${name} ${isChanged ? 'changed' : 'not trusted yet'}`,
      reason: addresses.join(', ') + (newCount > 0 ? `; ${formatCount(newCount)} more not trusted yet` : ''),
      action: { label: 'Review', to: { name: 'testbed', params: { testbedId }, query: { tab: 'provisioning', plan: 'made' } } },
      endedAtMs: null,
    };
  });
}

function listFailedJobs({ jobs, seenMs }: AttentionFacts): AttentionItem[] {
  return lastOfEach(jobs)
    .filter(({ state, finishedAtMs }) => state === 'failed' && finishedAtMs !== null && finishedAtMs > seenMs)
    .slice(0, MAX_NAMED)
    .map((job) => ({
      key: `job ${job.id}`,
      tone: 'danger',
      text: `${nameJob(job)} failed`,
      reason: job.error?.message ?? null,
      action: { label: 'Show', to: pageOfJob(job) },
      endedAtMs: job.finishedAtMs,
    }));
}

/** Of jobs that do the same to the same, the last that failed or succeeded: what came of those before it no longer holds. Newest first. */
function lastOfEach(jobs: AttentionFacts['jobs']): AttentionFacts['jobs'] {
  const ended = jobs
    .filter(({ state }) => state === 'failed' || state === 'succeeded')
    .sort((left, right) => (right.finishedAtMs ?? 0) - (left.finishedAtMs ?? 0));
  const workOf = ({ kind, title, subject }: (typeof jobs)[number]): string =>
    [kind, title, subject.kind, subject.id ?? subject.name].join(' ');
  return [...Map.groupBy(ended, workOf).values()].flatMap(([last]) => last ?? []);
}

function listBadRuns({ badRuns, seenMs }: AttentionFacts): AttentionItem[] {
  const fresh = badRuns.filter(({ finishedAtMs, createdAtMs }) => (finishedAtMs ?? createdAtMs) > seenMs);
  const failed = fresh.filter(({ state }) => state === 'failed');
  const invalid = fresh.filter(({ state, result }) => state !== 'failed' && result.isValid === false);
  const describe = (runs: typeof fresh, what: string, tone: AttentionItem['tone'], query: string): AttentionItem[] => {
    const [first] = runs;
    if (!first) return [];
    const isOne = runs.length === 1;
    return [
      {
        key: `runs ${what}`,
        tone,
        text: isOne ? `${first.name} ${what === 'invalid' ? 'is invalid' : what}` : `${formatQuantity(runs.length, 'run')} ${what}`,
        reason: describeReasons(runs.map(({ result }) => result.reasons[0] ?? null)),
        action: { label: 'Review', to: isOne ? { name: 'run', params: { runId: first.id } } : { name: 'runs', query: { q: query } } },
        endedAtMs: Math.max(...runs.map(({ finishedAtMs, createdAtMs }) => finishedAtMs ?? createdAtMs)),
      },
    ];
  };
  return [
    ...describe(failed, 'failed', 'danger', 'kind:run state:failed'),
    ...describe(invalid, 'invalid', 'warning', 'kind:run valid:no'),
  ];
}

/** Of runs, the newest first: what all have in common, else that of the newest as what it is. */
function describeReasons(reasons: readonly (string | null)[]): string | null {
  const [newest = null] = reasons;
  return newest === null || reasons.every((reason) => reason === newest) ? newest : `Most recent: ${newest}`;
}

function listDisk(data: AttentionFacts['data']): AttentionItem[] {
  if (!data) return [];
  const { freeBytes, totalBytes, damagedImages } = data;
  const isLow = freeBytes !== null && totalBytes !== null && totalBytes > 0 && freeBytes < LOW_DISK_SHARE * totalBytes;
  return [
    ...(isLow
      ? [
          {
            key: 'disk',
            tone: 'warning' as const,
            text: `${formatBytes(freeBytes)} free on the disk of the data folder`,
            reason: `${formatPercent(freeBytes / totalBytes, 0)} of ${formatBytes(totalBytes)}. Runs pause when it is full.`,
            action: { label: 'Free space', to: { name: 'bin' } },
            endedAtMs: null,
          },
        ]
      : []),
    ...(damagedImages.length > 0
      ? [
          {
            key: 'images',
            tone: 'warning' as const,
            text: `${formatQuantity(damagedImages.length, 'image file')} missing or damaged`,
            reason: 'No figure of a run is touched by that.',
            action: { label: 'Review', to: { name: 'settings', query: { tab: 'data' } } },
            endedAtMs: null,
          },
        ]
      : []),
  ];
}

function listMixture(testbed: Testbed): AttentionItem[] {
  const mixed = describeMixedModes(testbed.nodes);
  if (mixed === null) return [];
  return [
    {
      key: `power ${testbed.id}`,
      tone: 'warning',
      text: `${testbed.name}: mixed power modes`,
      reason: `${mixed.sentence} Runs will be invalid.`,
      action: { label: 'Show', to: { name: 'testbed', params: { testbedId: testbed.id } } },
      endedAtMs: null,
    },
  ];
}
