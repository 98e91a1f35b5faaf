// The blocks of a report while they are edited: changed at once on screen, saved one change after the other, and undone.
import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import { toApiErrorShape } from '../../api/errors.js';
import { useApi } from '../../composables/useApi.js';
import { type Query, useQuery } from '../../composables/useQuery.js';
import type { AppErrorShape } from '../../../shared/errors.js';
import type { ReportSource, StoredReport, StoredReportBlock } from '../../../shared/report-composition.js';

const MAX_UNDONE = 50;

export interface ReportBlocks {
  report: Query<StoredReport>;
  blocks: ShallowRef<readonly StoredReportBlock[]>;
  /** Of the report as it is saved: what is shown of it is of this one. */
  revision: ShallowRef<number | null>;
  isSaving: ShallowRef<boolean>;
  error: ShallowRef<AppErrorShape | null>;
  change: (next: readonly StoredReportBlock[]) => void;
  canUndo: ComputedRef<boolean>;
  undo: () => void;
}

/** A block that is not saved yet; its record's name comes from the core. */
export function newBlock(source: ReportSource): StoredReportBlock {
  return { id: `block-${crypto.randomUUID()}`, source, recordName: null };
}

export function useReportBlocks(reportId: () => string): ReportBlocks {
  const api = useApi();
  const report = useQuery('reports.get', (signal) => api.reports.get.query({ id: reportId() }, { signal }), { key: reportId });
  const blocks = shallowRef<readonly StoredReportBlock[]>([]);
  const revision = shallowRef<number | null>(null);
  const isSaving = shallowRef(false);
  const error = shallowRef<AppErrorShape | null>(null);
  const past = shallowRef<readonly (readonly StoredReportBlock[])[]>([]);

  function take(saved: StoredReport): void {
    blocks.value = saved.blocks;
    revision.value = saved.revision;
  }
  watch(
    report.data,
    (loaded) => {
      if (loaded && !isSaving.value) take(loaded);
    },
    { immediate: true },
  );

  async function save(): Promise<void> {
    if (isSaving.value) return;
    isSaving.value = true;
    error.value = null;
    try {
      let sent: readonly StoredReportBlock[];
      let saved: StoredReport;
      do {
        sent = blocks.value;
        const input = { id: reportId(), revision: revision.value ?? 1, blocks: sent.map(({ id, source }) => ({ id, source })) };
        saved = await api.reports.setBlocks.mutate(input);
        revision.value = saved.revision;
      } while (blocks.value !== sent);
      take(saved);
    } catch (thrown) {
      error.value = toApiErrorShape(thrown);
      past.value = [];
      // What is on record, not what could not be saved.
      const current = await api.reports.get.query({ id: reportId() }).catch(() => null);
      if (current) take(current);
    } finally {
      isSaving.value = false;
    }
  }

  function change(next: readonly StoredReportBlock[]): void {
    past.value = [...past.value, blocks.value].slice(-MAX_UNDONE);
    blocks.value = next;
    void save();
  }

  function undo(): void {
    const before = past.value.at(-1);
    if (!before) return;
    past.value = past.value.slice(0, -1);
    blocks.value = before;
    void save();
  }

  return { report, blocks, revision, isSaving, error, change, canUndo: computed(() => past.value.length > 0), undo };
}
