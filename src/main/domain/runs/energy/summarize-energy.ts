// What was measured on the nodes of a run, as the run's energy. Pure; formulas in docs/prices-and-energy.md.
import { ENOUGH_COVERED, type NodeEnergy, type RunEnergy } from '../../../../shared/energy.js';
import type { MeasuredEnergy } from './power-integral.js';

export interface EnergyBasis {
  /** Of the run, those with hardware of their own. */
  nodes: readonly { id: string; name: string }[];
  measured: readonly MeasuredEnergy[];
  /** REAL ms from the start to the end, or to now, without standstills. */
  durationMs: number;
  /** Accepted images. */
  images: number;
}

/** Null where no node has hardware of its own. */
export function summarizeEnergy({ nodes, measured, durationMs, images }: EnergyBasis): RunEnergy | null {
  if (nodes.length === 0) return null;
  const figures = nodes.map((node) =>
    figuresOf(
      node,
      measured.find(({ nodeId }) => nodeId === node.id),
      durationMs,
    ),
  );
  const sources = new Set(figures.flatMap(({ source }) => source ?? []));
  const coveredShare = Math.min(...figures.map((node) => node.coveredShare));
  const problem = problemOf(figures, durationMs);
  const meanWatts = problem === null ? figures.reduce((sum, node) => sum + (node.meanWatts ?? 0), 0) : null;
  const joules = meanWatts === null ? null : (meanWatts * durationMs) / 1000;
  return {
    joules,
    whPer1kImages: joules === null || images === 0 ? null : (joules / 3600 / images) * 1000,
    meanWatts,
    source: sources.size > 1 ? 'mixed' : ([...sources][0] ?? null),
    coveredShare,
    nodes: figures,
    problem,
  };
}

function figuresOf(node: { id: string; name: string }, measured: MeasuredEnergy | undefined, durationMs: number): NodeEnergy {
  const { coveredMs = 0, joules = 0, loadKnownMs = 0, idleMs = 0 } = measured ?? {};
  const isCovered = coveredMs > 0;
  return {
    nodeId: node.id,
    nodeName: node.name,
    source: measured?.source ?? null,
    measured: measured?.measured ?? [],
    coveredSec: coveredMs / 1000,
    coveredShare: durationMs > 0 ? Math.min(1, coveredMs / durationMs) : 0,
    meanWatts: isCovered ? joules / (coveredMs / 1000) : null,
    joules: isCovered ? joules : null,
    idleShare: loadKnownMs > 0 ? idleMs / loadKnownMs : null,
  };
}

function problemOf(nodes: readonly NodeEnergy[], durationMs: number): string | null {
  if (durationMs <= 0) return 'The run has not started.';
  if (nodes.every(({ coveredSec }) => coveredSec === 0))
    return 'No power was measured: no node reported any while the run was in progress.';
  const least = nodes.reduce((least, node) => (node.coveredShare < least.coveredShare ? node : least));
  if (least.coveredShare >= ENOUGH_COVERED) return null;
  if (least.coveredSec === 0) return `No power was measured on ${least.nodeName}, so the energy of the run is not known.`;
  const share = Math.floor(least.coveredShare * 100);
  return `Too little was measured: ${least.nodeName} for ${share} % of the run; it takes ${ENOUGH_COVERED * 100} %.`;
}
