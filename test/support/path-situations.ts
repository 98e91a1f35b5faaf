// Testbeds at places on the path that tests look at: what is shown there, nodes that failed, and nodes that are ready for a run.
import { describePath } from '../../src/main/domain/path/describe-path.js';
import type { NodeSituation, Situation } from '../../src/main/domain/path/situation.js';
import type { LabPath, PathStepName } from '../../src/shared/lab-path.js';
import {
  buildDataset,
  buildModel,
  buildOrin,
  buildSituation,
  buildStep,
  HOUR_MS,
  NOW_MS,
  ORIN_FACTS,
  REAL_WORKER,
  situate,
  stepOf,
} from './path-fixtures.js';

export const pathOf = (change: Partial<Situation> = {}): LabPath => describePath(buildSituation(change));
export const look = (name: PathStepName, change: Partial<Situation> = {}) => stepOf(pathOf(change), name);
export const nodesWith = (...nodes: NodeSituation[]): Partial<Situation> => ({ nodes });
export const desired = { worker: 'resd3-m', modelId: 'model-1', service: 'auto' } as const;
export const failed = (name: 'connect' | 'preflight' | 'model', code: 'ssh-auth-failed' | 'host-key-changed' | 'unsupported') => ({
  state: 'failed' as const,
  kind: 'apply' as const,
  steps: [buildStep(name, { state: 'failed', error: { code, message: 'Node "orin-1" said no.', hint: 'Ask it again.' } })],
});
export const applied = (...names: Parameters<typeof buildStep>[0][]) => ({
  state: 'succeeded' as const,
  kind: 'apply' as const,
  steps: names.map((name) => buildStep(name)),
});

/** A node as it is when everything before the runs is done. */
export const readyNode = (name: string): NodeSituation =>
  situate(
    buildOrin(name, {
      facts: ORIN_FACTS,
      provisionState: 'ready',
      worker: REAL_WORKER,
      calibration: { fixedSec: 3.8, secPerStep: 1, residualSec: 0, imageCount: 6, measuredAtMs: NOW_MS - HOUR_MS },
    }),
    { desired, hostKeyAtMs: 1, provision: applied('connect', 'preflight', 'model', 'health') },
  );
export const READY: Partial<Situation> = {
  ...nodesWith(readyNode('orin-1'), readyNode('orin-2')),
  models: [buildModel()],
  datasets: [buildDataset()],
  wheels: [
    {
      jetpack: '6',
      title: '',
      python: '3.10',
      notes: [],
      packages: ['torch'],
      hereCount: 1,
      missing: [],
      hereBytes: 1,
      index: null,
      folder: '/wheels',
    },
  ],
};
