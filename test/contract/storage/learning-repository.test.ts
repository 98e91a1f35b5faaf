import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LearningRepository, type RunExperience } from '../../../src/main/adapters/storage/learning-repository.js';
import { RunRepository } from '../../../src/main/adapters/storage/run-repository.js';
import { TestbedRepository } from '../../../src/main/adapters/storage/testbed-repository.js';
import { TrainingRepository } from '../../../src/main/adapters/storage/training-repository.js';
import { planTraining } from '../../../src/main/domain/simulation/training/plan-training.js';
import { startTrainingInput } from '../../../src/shared/api/training-inputs.js';
import type { LearningAttempt } from '../../../src/shared/on-the-job.js';
import { buildRun, buildTestbed, openTemporaryDatabase, type TemporaryDatabase } from '../../support/storage-fixtures.js';

let temporary: TemporaryDatabase;
let learning: LearningRepository;
let runs: RunRepository;
const testbed = buildTestbed();

beforeEach(() => {
  temporary = openTemporaryDatabase();
  learning = new LearningRepository(temporary.database);
  runs = new RunRepository(temporary.database, () => 5_000);
  new TestbedRepository(temporary.database).insertTestbed(testbed);
});
afterEach(() => temporary.dispose());

const decision = { station: 0, qualitySteps: 10, chosen: 1, backlogSec: [0, 5], serviceSec: [10, 10], completionSec: [10, 15] };
function addExperience(number: number): RunExperience {
  const experience: RunExperience = {
    ...{ runId: `run-${number}`, testbedId: testbed.id, atMs: number, decisions: 1 },
    experience: { decisions: [decision], slowness: [1.25, null] },
  };
  runs.insertRun(buildRun({ id: experience.runId }), []);
  learning.addExperience(experience);
  return experience;
}

describe('what a testbed learns on the job', () => {
  it('is off at first, and stays as it was switched', () => {
    expect(learning.isOn(testbed.id)).toBe(false);
    learning.set(testbed.id, true);
    learning.set(testbed.id, true);
    expect(learning.isOn(testbed.id)).toBe(true);
    expect(learning.isOn('testbed-other')).toBe(false);
    learning.set(testbed.id, false);
    expect(learning.isOn(testbed.id)).toBe(false);
  });

  it('is of its last ten runs, and goes with each of them', () => {
    const added = Array.from({ length: 12 }, (_, index) => addExperience(index));
    expect(learning.experience(testbed.id)).toEqual(added.slice(2));
    expect(learning.count(testbed.id)).toEqual({ runs: 10, decisions: 10 });
    runs.deleteRun('run-11');
    expect(learning.count(testbed.id).runs).toBe(9);
  });

  it('keeps attempts with their verdicts, and says which trainings are deployed', () => {
    const { spec, environment } = planTraining(startTrainingInput.parse({}));
    const attempts = ['training-1', 'training-2'].map((trainingId, index): LearningAttempt => {
      new TrainingRepository(temporary.database).add({
        ...{ id: trainingId, spec, environment: { ...environment }, programVersion: '0.1.0', checkpointEpisodes: 0 },
      });
      return {
        ...{
          trainingId,
          testbedId: testbed.id,
          fromTrainingId: 'training-0',
          afterRunId: index === 0 ? 'run-1' : null,
          startedAtMs: index,
          state: 'learning',
        },
        ...{ decisions: 60, runs: 1, comparison: null, reasons: [] },
      };
    });
    runs.insertRun(buildRun({ id: 'run-1' }), []);
    for (const attempt of attempts) learning.saveAttempt(attempt);
    const comparison = {
      ...{ loss: { mean: 0, halfWidth95: 0 }, episodes: 12, decisions: 60, decisionMs: 0.1, regretBefore: 0.1, regretAfter: 0.1 },
      ...{ regretDifference: { mean: 0, halfWidth95: null }, failure: null },
    };
    learning.saveAttempt({ ...attempts[0]!, state: 'deployed', comparison });
    learning.endOpenAttempts('The program ended.');
    expect(learning.attempts(testbed.id)).toEqual([
      { ...attempts[1], state: 'ended', reasons: ['The program ended.'] },
      { ...attempts[0], state: 'deployed', comparison },
    ]);
    // That of a series, by the run after which it was made; it stays when that goes.
    expect(learning.attemptsAfter(['run-0', 'run-1']).map(({ trainingId }) => trainingId)).toEqual(['training-1']);
    runs.deleteRun('run-1');
    expect(learning.attempts(testbed.id).map(({ afterRunId }) => afterRunId)).toEqual([null, null]);
    expect([learning.isDeployed('training-1'), learning.isDeployed('training-2')]).toEqual([true, false]);
  });
});
