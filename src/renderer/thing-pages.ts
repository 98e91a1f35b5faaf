// The page of each thing that has one, by its id.
import type { RouteLocationRaw } from 'vue-router';

export const PAGE_OF = {
  run: (id) => ({ name: 'run', params: { runId: id } }),
  series: (id) => ({ name: 'series', params: { seriesId: id } }),
  training: (id) => ({ name: 'training', params: { trainingId: id } }),
  study: (id) => ({ name: 'study-run', params: { runId: id } }),
  testbed: (id) => ({ name: 'testbed', params: { testbedId: id } }),
  dataset: (id) => ({ name: 'dataset', params: { datasetId: id } }),
  model: (id) => ({ name: 'model', params: { modelId: id } }),
  report: (id) => ({ name: 'report', params: { reportId: id } }),
} as const satisfies Record<string, (id: string) => RouteLocationRaw>;
