// A training in words and columns.
import type { EpisodeMetrics, Training } from '../../../shared/training.js';
import {
  FINAL_EPISODES,
  meanOf,
  type MethodSummary,
  type TrainingWithCurve,
} from '../../domain/simulation/training/summarize-trainings.js';
import { describeImported } from '../../../shared/record.js';
import { nameEnvironment } from '../../../shared/name-training.js';
import { formatInterval } from '../../../shared/format.js';
import { formatTable } from './terminal.js';

/** Cells of a row: id, method, preset, seed, state, episodes, ratio. */
export function summarizeTraining({ id, spec, state, doneEpisodes, last, imported }: Training): string[] {
  const episodes = `${doneEpisodes} of ${spec.episodes}`;
  const standing = `${state}${imported ? ', imported' : ''}`;
  return [id, spec.method, nameEnvironment(spec), String(spec.seed), standing, episodes, last ? last.ratioToOptTs.toFixed(3) : '-'];
}

export function describeTraining(training: Training, curve: readonly EpisodeMetrics[]): string {
  const { id, spec, state, doneEpisodes, checkpointEpisodes, convergenceEpisode, error, imported } = training;
  const final = curve.slice(-FINAL_EPISODES);
  const lines = [
    `Training ${id}: ${spec.method}, ${spec.twin ? nameEnvironment(spec) : `preset ${spec.preset}`}, seed ${spec.seed}, ${state}`,
    ...(imported ? [`Imported: ${describeImported(imported)}`] : []),
    `Episodes: ${doneEpisodes} of ${spec.episodes} (checkpoint: ${checkpointEpisodes})`,
    ...(final.length > 0 ? [describeFinal(final), `CPU time: ${(meanOf(curve, 'cpuMs') / 1000).toFixed(3)} s an episode`] : []),
    `Converged: ${convergenceEpisode === null ? 'not, or too early to say' : `from episode ${convergenceEpisode} on`}`,
    ...(error ? [`Error: ${error.message}`] : []),
  ];
  const number = (value: number | null, digits: number): string => (value === null ? '-' : value.toFixed(digits));
  const rows = curve.map((point) => [
    String(point.episode),
    point.meanDelaySec.toFixed(3),
    point.ratioToOptTs.toFixed(3),
    number(point.criticLoss, 3),
    number(point.actorLoss, 3),
    number(point.entropy, 3),
    number(point.temperature, 4),
    number(point.meanQ, 3),
  ]);
  const head = ['episode', 'mean delay (s)', 'ratio to Opt-TS', 'critic loss', 'actor loss', 'entropy (nats)', 'temperature', 'Q'];
  return `${lines.join('\n')}\n${rows.length > 0 ? `\n${formatTable(head, rows)}` : ''}`;
}

function describeFinal(final: readonly EpisodeMetrics[]): string {
  const [delaySec, ratio] = [meanOf(final, 'meanDelaySec'), meanOf(final, 'ratioToOptTs')];
  return `Mean of the last ${final.length} episodes: ${delaySec.toFixed(3)} s, ${ratio.toFixed(3)} × Opt-TS`;
}

/** Several trainings: method by method, then one by one. */
export function describeSummary(methods: readonly MethodSummary[], trainings: readonly TrainingWithCurve[]): string {
  const rows = methods.map(({ method, seeds, meanDelaySec, ratioToOptTs, convergenceEpisode, settledSeeds, cpuSec }) => [
    method,
    String(seeds),
    meanDelaySec ? formatInterval(meanDelaySec, 2) : '-',
    ratioToOptTs ? formatInterval(ratioToOptTs, 3) : '-',
    convergenceEpisode === null ? '-' : convergenceEpisode.toFixed(0),
    `${settledSeeds} of ${seeds}`,
    cpuSec ? formatInterval(cpuSec, 2) : '-',
  ]);
  const head = ['method', 'seeds', 'mean delay (s)', 'ratio to Opt-TS', 'converged at', 'settled', 'CPU (s/episode)'];
  const oneByOne = ['id', 'method', 'preset', 'seed', 'state', 'episodes', 'ratio to Opt-TS'];
  return [
    formatTable(head, rows),
    `Means of the last ${FINAL_EPISODES} episodes; ± is the 95 % interval over seeds; only trainings that came to their end count.`,
    formatTable(oneByOne, trainings.map(summarizeTraining)),
  ].join('\n\n');
}
