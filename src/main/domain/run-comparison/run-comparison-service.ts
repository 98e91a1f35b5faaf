import type { RunComparisonRequest } from '../../../shared/api/run-comparison-inputs.js';
import type { RunComparison, RunTimeline } from '../../../shared/run-comparison.js';
import { AppError } from '../../../shared/errors.js';
import type { MeasuredTask, RunSummary } from '../../../shared/run.js';
import type { LoadedRun, PlannedTask } from '../runs/run-store.js';
import { buildRunComparison, type ListedRun } from './build-run-comparison.js';
import { digestRun, type RunDigest } from './digest-run.js';
import { hashWorkload } from './hash-workload.js';
import { thinTimeline } from './thin-timelines.js';

export interface RunComparisonOptions {
  /** RunService.get: throws `not-found`. */
  getRun(id: string): RunSummary;
  store: {
    getRun(id: string): LoadedRun | null;
    listMeasured(runId: string): MeasuredTask[];
    /** In the order of their positions. */
    listPlanned(runId: string): PlannedTask[];
  };
}

/** Tasks whose delays are kept from one comparison to the next: 16 bytes each. */
const KEPT_TASKS = 2_000_000;

export class RunComparisonService {
  readonly #digests = new Map<string, RunDigest | null>();
  readonly #workloads = new Map<string, string>();

  constructor(private readonly options: RunComparisonOptions) {}

  /** Throws `not-found` where none of the runs is there any more. */
  compare(input: RunComparisonRequest): RunComparison {
    const ids = [...new Set(input.runIds)];
    const listed = ids.flatMap((id) => this.list(id, input));
    const missingIds = ids.filter((id) => !listed.some(({ summary }) => summary.id === id));
    if (listed.length === 0) {
      throw new AppError(
        'not-found',
        'None of the runs to compare is there any more',
        'Choose others: the list of runs has all there are.',
      );
    }
    return buildRunComparison(listed, input, missingIds);
  }

  /** In the order asked for; runs that are gone are left out. */
  timelines(runIds: readonly string[]): RunTimeline[] {
    return [...new Set(runIds)].flatMap((id) => {
      const stored = this.options.store.getRun(id);
      return stored ? [thinTimeline({ id, nodes: stored.nodesSnapshot }, this.options.store.listMeasured(id))] : [];
    });
  }

  private list(id: string, { hiddenIds, onlyValid }: RunComparisonRequest): ListedRun[] {
    const stored = this.options.store.getRun(id);
    if (!stored) return [];
    const summary = this.options.getRun(id);
    const without = (leftOut: NonNullable<ListedRun['leftOut']>): ListedRun[] => [{ summary, leftOut, counted: null }];
    if (summary.finishedAtMs === null) return without('open');
    const totalMs = summary.metrics.totalGenerationDelayMs;
    if (totalMs === null) return without('no-result');
    if (onlyValid && !summary.validity.isValid) return without('invalid');
    if (hiddenIds.includes(id)) return without('hidden');
    const digest = this.digestOf(stored);
    if (!digest) return without('no-result');
    const counted = { summary, stored, totalSec: totalMs / 1000, digest, workload: () => this.workloadOf(id) };
    return [{ summary, leftOut: null, counted }];
  }

  /** The rows of an ended run do not change. */
  private digestOf({ id, nodesSnapshot }: LoadedRun): RunDigest | null {
    const known = this.#digests.get(id);
    if (known !== undefined) return known;
    const digest = digestRun(nodesSnapshot, this.options.store.listMeasured(id));
    this.makeRoom(digest);
    this.#digests.set(id, digest);
    return digest;
  }

  private makeRoom(digest: RunDigest | null): void {
    const kept = [...this.#digests.values()].reduce((sum, each) => sum + (each?.serviceSec.length ?? 0), digest?.serviceSec.length ?? 0);
    if (kept > KEPT_TASKS) this.#digests.clear();
  }

  private workloadOf(id: string): string {
    let hash = this.#workloads.get(id);
    if (hash === undefined) this.#workloads.set(id, (hash = hashWorkload(this.options.store.listPlanned(id))));
    return hash;
  }
}
