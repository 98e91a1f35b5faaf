import { describe, expect, it } from 'vitest';
import { whatIfInput } from '../../../../src/shared/api/twin-inputs.js';
import type { RunSpec } from '../../../../src/shared/run.js';
import {
  emptyWhatIf,
  listSchedulerChoices,
  NONE,
  problemOfWhatIf,
  toWhatIfInput,
} from '../../../../src/renderer/views/runs/what-if-form.js';

const spec = { scheduler: 'random', queueOrder: 'shortest-first' } as RunSpec;

describe('the question of a run’s what-if panel', () => {
  it('opens with one node more, beside the run’s own scheduler', () => {
    const asked = whatIfInput.parse(toWhatIfInput(emptyWhatIf(), { id: 'run-1', spec }));
    expect(asked).toMatchObject({ work: { runId: 'run-1' }, changes: { addedSpeeds: [1], speeds: {}, load: 1 } });
    expect(asked.schedulers).toMatchObject([{ scheduler: 'random', queueOrder: 'shortest-first' }]);
    expect(problemOfWhatIf(emptyWhatIf())).toBeNull();
  });

  it('names another node, load and scheduler', () => {
    const [, ordered] = listSchedulerChoices(spec);
    const form = { ...emptyWhatIf(), added: 0, node: 'ES 2', speed: 0, load: 2, scheduler: ordered!.value };
    const asked = whatIfInput.parse(toWhatIfInput(form, { id: 'run-1', spec }));
    expect(asked.changes).toEqual({ addedSpeeds: [], speeds: { 'ES 2': 0 }, load: 2 });
    expect(asked.schedulers?.[1]).toMatchObject({ placingOrder: 'longest-first', queueOrder: 'shortest-first' });
  });

  it('offers no choice without a value, and no scheduler twice', () => {
    const values = listSchedulerChoices(spec).map(({ value }) => value);
    expect(values.every((value) => value !== '')).toBe(true);
    expect(new Set(values).size).toBe(values.length);
    expect(values).not.toContain('random');
  });

  it('says what is missing', () => {
    expect(problemOfWhatIf({ ...emptyWhatIf(), load: null })).toBe('A number is missing.');
    expect(problemOfWhatIf({ ...emptyWhatIf(), added: 0, node: NONE })).toBe('Change something first.');
  });

  it('has learned policies of trainings beside the run’s own, each once', () => {
    const learned = { ...spec, scheduler: 'learned', trainingId: 'training-1' } as const;
    const trainings = [
      { value: 'training-1', label: 'lad-ts, seed 1' },
      { value: 'training-2', label: 'lad-ts, seed 2' },
    ];
    const values = listSchedulerChoices(learned, trainings).map(({ value }) => value);
    expect(values.filter((value) => value.startsWith('learned'))).toEqual(['learned:training-2']);
    const asked = whatIfInput.parse(toWhatIfInput({ ...emptyWhatIf(), scheduler: 'learned:training-2' }, { id: 'run-1', spec: learned }));
    expect(asked.schedulers?.map(({ scheduler, trainingId }) => [scheduler, trainingId])).toEqual([
      ['learned', 'training-1'],
      ['learned', 'training-2'],
    ]);
    expect(problemOfWhatIf(emptyWhatIf())).toBeNull();
  });
});
