// When a row of a series learns, from which runs, and which version decides then. Trainings and comparisons end as the test says.
import { describe, expect, it } from 'vitest';
import { OnTheJobService } from '../../../src/main/domain/simulation/on-the-job/on-the-job-service.js';
import type { RunExperience } from '../../../src/main/adapters/storage/learning-repository.js';
import type { LearningAttempt, VersionComparison } from '../../../src/shared/on-the-job.js';
import type { Training } from '../../../src/shared/training.js';
import { SILENT_LOG } from '../../../src/main/adapters/log/log.js';

const never = new AbortController().signal;
const decision = { station: 0, qualitySteps: 10, chosen: 1, backlogSec: [0, 5], serviceSec: [10, 10], completionSec: [10, 15] };
const experienceOf = (runId: string, decisions = 60): RunExperience => ({
  ...{ runId, testbedId: 'testbed-1', atMs: 1, decisions },
  experience: { decisions: Array.from({ length: decisions }, () => decision), slowness: [1.25, 2] },
});
const comparison = (loss: number): VersionComparison => ({
  ...{ loss: { mean: loss, halfWidth95: 0.001 }, episodes: 12, decisions: 60, decisionMs: 0.1, regretBefore: 0, regretAfter: 0 },
  ...{ regretDifference: { mean: 0, halfWidth95: 0.001 }, failure: null },
});

/** `losses`: of the new versions, in turn; `null` is a training that never ends. */
function harness(experience: RunExperience[], losses: (number | null)[] = [0]) {
  const attempts: LearningAttempt[] = [];
  const continued: { from: string; runIds: string[]; slowness: number[] }[] = [];
  const compared: { before: string; decisions: number }[] = [];
  const canceled: string[] = [];
  let started = (): void => undefined;
  const hasStarted = new Promise<void>((resolve) => (started = resolve));
  const service = new OnTheJobService({
    store: {
      isOn: () => false,
      set: () => undefined,
      count: () => ({ runs: 0, decisions: 0 }),
      attempts: () => attempts,
      addExperience: () => undefined,
      endOpenAttempts: () => undefined,
      experience: () => experience,
      attemptsAfter: (runIds) => attempts.filter(({ afterRunId }) => afterRunId !== null && runIds.includes(afterRunId)),
      saveAttempt(attempt) {
        const index = attempts.findIndex(({ trainingId }) => trainingId === attempt.trainingId);
        if (index < 0) attempts.push(attempt);
        else attempts[index] = attempt;
      },
    },
    trainings: {
      list: () => [],
      get: () => ({ state: 'succeeded', error: null }) as Training,
      continueWith(from, { runIds, nodes }) {
        continued.push({ from, runIds: [...runIds], slowness: nodes.map(({ slowness }) => slowness) });
        return Promise.resolve({ id: `training-${continued.length + 1}` } as Training);
      },
      async *watch(_id, signal) {
        started();
        if (losses[continued.length - 1] === null) {
          await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        }
        yield {} as Training;
      },
      compareVersions({ before, decisions }) {
        compared.push({ before, decisions: decisions.length });
        return Promise.resolve(comparison(losses[continued.length - 1] ?? 0));
      },
      cancel: (id) => (canceled.push(id), Promise.resolve({} as Training)),
    },
    getTestbed: (id) => ({ id, name: 'Lab', nodes: ['a', 'b'].map((name) => ({ name, fixedSec: 4, secPerStep: 1 })) }),
    endedRun: () => Promise.reject(new Error('not asked for')),
    tasksOf: () => [],
    listExperience: () => Promise.resolve([]),
    obstacleOn: () => 'A series is in progress.',
    record: () => undefined,
    startsAlone: false,
    nowMs: () => 5,
    log: SILENT_LOG,
  });
  const learn = (runIds: string[], signal = never): Promise<string> =>
    service.learnForSeries({ testbedId: 'testbed-1', trainingId: 'training-1', runIds }, signal);
  return { service, learn, attempts, continued, compared, canceled, hasStarted };
}

describe('a row of a series that learns', () => {
  it('learns from its own runs alone, on the nodes as fast as they were seen, and is decided by the new version where it is not worse', async () => {
    const { learn, attempts, continued, compared } = harness([experienceOf('other'), experienceOf('run-1'), experienceOf('run-2')]);
    expect(await learn(['run-1', 'run-2'])).toBe('training-2');
    expect(continued).toEqual([{ from: 'training-1', runIds: ['run-1', 'run-2'], slowness: [1.25, 2] }]);
    expect(compared).toEqual([{ before: 'training-1', decisions: 120 }]);
    expect(attempts).toMatchObject([{ trainingId: 'training-2', state: 'deployed', afterRunId: 'run-2', decisions: 120, runs: 2 }]);
  });

  it('stays with the version before where the new one may be worse, and keeps the reason in numbers', async () => {
    const { learn, attempts } = harness([experienceOf('run-1')], [0.02]);
    expect(await learn(['run-1'])).toBe('training-1');
    expect(attempts).toMatchObject([{ state: 'not-deployed', reasons: [expect.stringContaining('2.10 %')] }]);
  });

  it('continues the version that decides, not the one that the row names', async () => {
    const experience = [experienceOf('run-1')];
    const { learn, continued } = harness(experience, [0, 0.02, 0]);
    await learn(['run-1']);
    experience.push(experienceOf('run-2'));
    expect(await learn(['run-1', 'run-2'])).toBe('training-2');
    experience.push(experienceOf('run-3'));
    expect(await learn(['run-1', 'run-2', 'run-3'])).toBe('training-4');
    expect(continued.map(({ from }) => from)).toEqual(['training-1', 'training-2', 'training-2']);
  });

  it('learns once from what is there, whatever the verdict was', async () => {
    const { learn, continued } = harness([experienceOf('run-1')], [0.02, 0]);
    await learn(['run-1']);
    expect(await learn(['run-1', 'run-without-decisions'])).toBe('training-1');
    expect(continued).toHaveLength(1);
  });

  it('waits for fifty decisions', async () => {
    const experience = [experienceOf('run-1', 49)];
    const { learn, continued } = harness(experience);
    expect(await learn(['run-1'])).toBe('training-1');
    expect(continued).toEqual([]);
    experience.push(experienceOf('run-2', 1));
    expect(await learn(['run-1', 'run-2'])).toBe('training-2');
  });

  it('gives the attempt up when its series is paused, and makes it again when that is resumed', async () => {
    const { learn, attempts, canceled, hasStarted } = harness([experienceOf('run-1')], [null, 0]);
    const pausing = new AbortController();
    const learned = learn(['run-1'], pausing.signal);
    await hasStarted;
    pausing.abort(new Error('paused'));
    await expect(learned).rejects.toThrow('paused');
    expect(canceled).toEqual(['training-2']);
    expect(attempts).toMatchObject([{ state: 'ended', reasons: ['Its series was paused or canceled before there was a verdict.'] }]);
    expect(await learn(['run-1'])).toBe('training-3');
  });

  it('keeps decisions of its runs though learning on the job is off on the testbed, and those of no other run', () => {
    const { service } = harness([]);
    const run = { testbedId: 'testbed-1', isOfSeries: true };
    expect(service.isKeeping({ ...run, measuresLearning: true })).toBe(true);
    expect(service.isKeeping({ ...run, measuresLearning: false })).toBe(false);
  });
});
