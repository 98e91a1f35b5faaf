// Runs on the testbed, and their row of Table V.
import { TABLE_V_COUNTS } from '../../../../shared/comparison.js';
import { wordFor } from '../../../../shared/command-line.js';
import { formatCount, formatNumber, formatSeconds } from '../../../../shared/format.js';
import type { RunSummary } from '../../../../shared/run.js';
import type { Situation, StepFinding } from '../situation.js';
import { testbedWord } from './prepare-steps.js';

const OPEN = ['queued', 'running', 'stopping'];

export function findFirstRun(situation: Situation): StepFinding {
  const { runs } = situation;
  const start = startOf(situation, 1);
  const succeeded = runs.findLast(({ state }) => state === 'succeeded');
  if (succeeded) {
    const simulated = succeeded.isSimulated ? ' Its images are simulated.' : '';
    return { state: 'done', detail: `“${succeeded.spec.name}” made all its images.${simulated}`, ...shownRun(succeeded) };
  }
  const open = findOpen(situation, runs);
  if (open) return open;
  const [last] = runs;
  if (!last) return { state: 'open', detail: 'One image through the whole testbed, watched live.', ...start };
  return { state: 'open', detail: `“${last.spec.name}” ended as ${last.state}, so no run has made all its images yet.`, ...start };
}

/** A valid run of this many tasks, made by real workers on a real testbed. */
export function findRunOf(situation: Situation, count: number): StepFinding {
  const start = startOf(situation, count);
  const isReal = situation.testbed?.kind === 'real';
  const runs = situation.runs.filter(({ spec }) => spec.taskCount === count);
  const ended = runs.filter(({ state }) => state === 'succeeded');
  const valid = ended.find(({ validity, isSimulated }) => validity.isValid && !(isReal && isSimulated));
  const paperSec = situation.paperSec.get(count);
  const paper = paperSec === undefined ? '' : `the paper: ${formatNumber(paperSec, 1)} s`;
  if (valid) {
    const total = formatSeconds(valid.metrics.totalGenerationDelayMs);
    const simulated = valid.isSimulated ? 'simulated' : '';
    const remarks = [simulated, paper].filter(Boolean).join('; ');
    return { state: 'done', detail: `Valid, ${total}${remarks ? ` (${remarks})` : ''}.`, ...shownRun(valid) };
  }
  const open = findOpen(situation, runs);
  if (open) return open;
  const simulated = ended.find(({ isSimulated }) => isReal && isSimulated);
  const [last] = runs;
  const detail = simulated
    ? `“${simulated.spec.name}” was made by simulated workers, which does not count on real nodes.`
    : last?.state === 'succeeded'
      ? `“${last.spec.name}” is invalid: ${last.validity.reasons.join(' ')}`
      : last
        ? `“${last.spec.name}” ended as ${last.state}.`
        : `No run yet${paper ? ` (${paper})` : ''}.`;
  return { state: 'open', detail, ...start };
}

export function findTableV({ testbed, measuredRows }: Situation): StepFinding {
  const action = { label: 'Table V', target: { page: 'table-v' } as const };
  const command = ['compare', '--out', 'table-v.html', '--format', 'html'];
  const countsOf = ({ counts }: { counts: readonly number[] }): number => TABLE_V_COUNTS.filter((count) => counts.includes(count)).length;
  const rows = measuredRows.filter(({ isSimulated }) => !(testbed?.kind === 'real' && isSimulated));
  const best = rows.toSorted((a, b) => countsOf(b) - countsOf(a))[0];
  if (best && countsOf(best) === TABLE_V_COUNTS.length) {
    const simulated = best.isSimulated ? 'A row, marked as simulated,' : 'A row';
    return { state: 'done', detail: `${simulated} is beside the paper’s with all four columns.`, action, command };
  }
  const hasAll = TABLE_V_COUNTS.every((each) => rows.some(({ counts }) => counts.includes(each)));
  const detail = hasAll
    ? 'The four runs differ in more than |N|, such as scheduler or calibration, so that no row has all columns.'
    : `${best ? countsOf(best) : 0} of ${TABLE_V_COUNTS.length} columns are measured.`;
  return { state: 'open', detail, action, command };
}

function findOpen({ nowMs }: Situation, runs: readonly RunSummary[]): StepFinding | null {
  const open = runs.find(({ state }) => state === 'running') ?? runs.find(({ state }) => OPEN.includes(state) || state === 'paused');
  if (!open) return null;
  const { counts, spec, id } = open;
  const done = `“${spec.name}”: ${formatCount(counts.succeeded)} of ${formatCount(counts.total)} images`;
  const target = { page: 'run', runId: id } as const;
  if (open.state === 'paused') {
    return { state: 'open', detail: `${done}, paused.`, action: { label: 'Resume the run', target }, command: ['run', 'resume', id] };
  }
  return { state: 'running', detail: `${done}.`, asOfMs: nowMs, action: { label: 'Watch the run', target }, command: ['run', 'show', id] };
}

function shownRun(run: RunSummary): Pick<StepFinding, 'action' | 'command' | 'asOfMs'> {
  const target = { page: 'run', runId: run.id } as const;
  return { action: { label: 'Show the run', target }, command: ['run', 'show', run.id], asOfMs: run.finishedAtMs };
}

function startOf(situation: Situation, count: number): Pick<StepFinding, 'action' | 'command'> {
  const { testbed, datasets } = situation;
  const [newest] = datasets.toSorted((a, b) => b.createdAtMs - a.createdAtMs);
  const repeats = newest && newest.promptCount < count ? ['--repeat-prompts'] : [];
  const dataset = newest ? wordFor(newest, datasets) : 'Flickr8k';
  const target = testbed ? ({ page: 'new-run', testbedId: testbed.id, count } as const) : ({ page: 'testbeds' } as const);
  return {
    action: { label: 'New run', target },
    command: ['run', 'start', '--testbed', testbedWord(situation), '--dataset', dataset, '-n', String(count), ...repeats],
  };
}
