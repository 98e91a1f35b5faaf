// What doing a run, series, training or study again would be: the same or not, and what keeps it from being done at all. Pure.
import type { Dataset } from '../../../shared/dataset.js';
import type { Environment, ReproduceBlocker, ReproducePlan } from '../../../shared/record.js';
import type { RunSpec } from '../../../shared/run.js';
import type { Testbed } from '../../../shared/testbed.js';
import { compareEnvironments } from './compare-environments.js';

/** What a run or a series is started on. */
export interface Needed {
  testbedId: string;
  testbedName: string;
  datasetId: string;
  datasetName: string;
  trainingIds: readonly string[];
}

export interface Present {
  testbed: Testbed | null;
  /** Under its id. */
  dataset: Dataset | null;
  /** Of the same content, under another id. */
  sameDataset: Dataset | null;
  hasTraining(id: string): boolean;
}

export type Subject = Pick<ReproducePlan, 'kind' | 'id' | 'name' | 'specSha256' | 'record'>;

/** Everything but what an estimate adds. */
export function planReproduction(
  subject: Subject,
  {
    then,
    now,
    blockers = [],
    specificationNotes = [],
  }: {
    then: Environment;
    now: Environment;
    blockers?: ReproduceBlocker[];
    specificationNotes?: string[];
  },
): ReproducePlan {
  const { kind, id } = subject;
  return {
    ...subject,
    ...compareEnvironments(then, now),
    isSameSpecification: specificationNotes.length === 0,
    specificationNotes,
    blockers,
    overload: null,
    warnings: [],
    isDeterministic: kind === 'training' || kind === 'study',
    command: `npm run cli -- reproduce ${id}`,
  };
}

/** What is not here any more, each with the remedy. */
export function findBlockers(needed: Needed, { testbed, dataset, sameDataset, hasTraining }: Present): ReproduceBlocker[] {
  const blockers: ReproduceBlocker[] = [];
  if (!testbed) {
    blockers.push({
      message: `Testbed “${needed.testbedName}” (${needed.testbedId}) is not here.`,
      hint: 'Start it on another testbed as a new one: its figures are then of other nodes.',
    });
  }
  if (!dataset && !sameDataset) {
    blockers.push({
      message: `Dataset “${needed.datasetName}” (${needed.datasetId}) is not here, and none of the same content.`,
      hint: 'Import the same file with the same options: it is found by its content.',
    });
  }
  for (const id of needed.trainingIds) {
    if (hasTraining(id)) continue;
    blockers.push({
      message: `Training ${id}, whose policy schedules, is not here.`,
      hint: 'Import it from an archive, or restore a backup.',
    });
  }
  return blockers;
}

/** What of the specification has to differ. */
export function noteSpecification({ datasetId, datasetName }: Needed, { dataset, sameDataset }: Present): string[] {
  if (dataset || !sameDataset) return [];
  return [
    `Dataset “${datasetName}” was ${datasetId}; the same content is here as ${sameDataset.id}. The prompts are the same, the hash of the specification is not.`,
  ];
}

/** A run of a series that measures learning on the job: alone it is decided by the version that decided it, and nothing is learned. */
export function asRunAlone({ learning: _learning, ...spec }: RunSpec): RunSpec {
  return spec;
}

/** Says so in the plan where it differs. */
export function withoutLearning({ learning }: RunSpec, plan: ReproducePlan): ReproducePlan {
  if (learning === undefined) return plan;
  const note = 'It was part of a series that measures learning on the job; done again alone, its version decides and nothing is learned.';
  return { ...plan, isSameSpecification: false, specificationNotes: [...plan.specificationNotes, note] };
}
