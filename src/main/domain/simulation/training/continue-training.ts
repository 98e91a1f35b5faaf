// A training that continues another with what runs of a testbed have shown: from its checkpoint, on the nodes as they are and as fast as they
// were seen, beside the decisions of the runs.
import type { SeenDecision } from '../../../../scheduling/experience/seen-decision.js';
import { isTestbedConfig, type TestbedConfig } from '../../../../scheduling/testbed/testbed-config.js';
import { AppError } from '../../../../shared/errors.js';
import { isForAnyTestbed, type TrainingSpec } from '../../../../shared/training.js';
import type { TrainingPlan } from './trainer-messages.js';

/** In the environment, beside the decisions of the runs. */
const EPISODES = 2;

/** A node of the testbed as it is now. */
export interface LearningNode {
  name: string;
  /** By the record. */
  fixedSec: number;
  secPerStep: number;
  /** How many times as long as that it was seen to take; 1 where nothing is known. */
  slowness: number;
}

export interface Continuation {
  testbed: { id: string; name: string };
  nodes: readonly LearningNode[];
  runIds: string[];
  decisions: readonly SeenDecision[];
}

/** Throws `conflict` for a training whose network is of its own testbed's stations. */
export function planContinuation(
  from: TrainingPlan & { id: string; checkpointEpisodes: number },
  continuation: Continuation,
): TrainingPlan {
  const { id, spec, settings, environment, checkpointEpisodes } = from;
  const { testbed, nodes, runIds, decisions } = continuation;
  if (!isTestbedConfig(environment) || !isForAnyTestbed(spec) || !spec.twin) {
    throw new AppError(
      'conflict',
      `Training ${id} has no network that is shared by the servers`,
      'Learning on the job continues one that has: npm run cli -- train --testbed NAME.',
    );
  }
  const continued: TrainingSpec = {
    ...spec,
    episodes: checkpointEpisodes + EPISODES,
    checkpointEvery: EPISODES,
    learnedFrom: { trainingId: id, runIds, decisions: decisions.length },
    twin: { ...spec.twin, testbedId: testbed.id, testbedName: testbed.name, nodeNames: nodes.map(({ name }) => name) },
  };
  return { spec: continued, settings, environment: asSeen(environment, nodes) };
}

/** Times of the record, by which base stations decide, and true speeds as they were seen. */
function asSeen(environment: TestbedConfig, nodes: readonly LearningNode[]): TestbedConfig {
  return {
    ...environment,
    // As faulty as a whole run can have looked, within what the environment takes.
    nodes: nodes.map(({ fixedSec, secPerStep, slowness }) => ({ fixedSec, secPerStep, trueSpeed: clamp(1 / slowness, 0.01, 100) })),
    speeds: { kind: 'as-recorded' },
  };
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
