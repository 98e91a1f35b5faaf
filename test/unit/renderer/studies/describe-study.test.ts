import { describe, expect, it } from 'vitest';
import {
  canResume,
  describeEpisodes,
  describeEstimate,
  describeFigureValues,
  describeGrid,
  describeLeft,
  nameStudy,
} from '../../../../src/renderer/views/studies/describe-study.js';
import { fillForm, toStartInput } from '../../../../src/renderer/views/studies/start-study-form.js';
import { checkForm } from '../../../../src/renderer/forms/field-errors.js';
import { nameMethod } from '../../../../src/shared/name-method.js';
import { startStudyInput } from '../../../../src/shared/api/study-inputs.js';
import { buildRun, buildStudy } from './study-fixture.js';

describe('the words for a study', () => {
  it('name the paper’s figure where it is one', () => {
    expect(nameStudy(buildStudy())).toBe('Fig. 6(a): Number of tasks');
    expect(nameStudy(buildStudy({ figure: null }))).toBe('Number of tasks');
  });

  it('name methods as the paper does', () => {
    expect(['lad-ts', 'opt-ts', 'capacity-proportional', 'random'].map(nameMethod)).toEqual([
      'LAD-TS',
      'Opt-TS',
      'Capacity-proportional',
      'Random',
    ]);
  });

  it('say what it is made of', () => {
    expect(describeGrid(buildStudy())).toBe('2 points × 2 methods, 60 episodes each');
    expect(describeGrid(buildStudy({ points: buildStudy().points.slice(0, 1) }))).toBe('2 methods, 60 episodes each');
  });

  it('say which of its episodes are averaged, and how many are its standard', () => {
    expect(describeEpisodes({ episodes: 60, lastEpisodes: 10 }, 60)).toBe('60 (mean of the last 10)');
    expect(describeEpisodes({ episodes: 1, lastEpisodes: 1 }, 60)).toBe('1 (standard: 60)');
    expect(describeEpisodes({ episodes: 5, lastEpisodes: 5 }, 60)).toBe('5 (mean of all; standard: 60)');
    expect(describeEpisodes({ episodes: 1, lastEpisodes: 1 }, undefined)).toBe('1');
  });

  it('say what the values of its figure are, and promise no interval of one seed', () => {
    const sweep = { kind: 'sweep', episodes: 60, lastEpisodes: 10 } as const;
    expect(describeFigureValues(sweep, true)).toBe(
      'Means over the seeds with their 95 % interval (Student’s t), each the mean of the last 10 of 60 episodes.',
    );
    expect(describeFigureValues({ ...sweep, episodes: 1, lastEpisodes: 1 }, false)).toBe(
      'Values of one seed, which has no interval, each of one episode.',
    );
    expect(describeFigureValues({ ...sweep, kind: 'curves' }, false)).toBe('Values of one seed, which has no interval.');
  });

  it('say what is left', () => {
    expect(describeLeft({ state: 'running', remainingSec: 90 })).toBe('About 1 min 30 s left');
    expect(describeLeft({ state: 'paused', remainingSec: null })).toBeNull();
  });

  it('offer to continue only where cells are missing', () => {
    expect(canResume(buildRun({ state: 'paused' }))).toBe(true);
    expect(canResume(buildRun({ state: 'failed', doneCount: 12 }))).toBe(false);
    expect(canResume(buildRun({ state: 'running' }))).toBe(false);
  });
});

describe('the words for an estimate', () => {
  const estimate = { cellCount: 105, cpuSec: 1780, processes: 2, wallSec: 887, measuredCells: 0 };

  it('are coarse, and say when the pace is another machine’s', () => {
    const { figure, basis } = describeEstimate(estimate);
    expect(figure).toBe('105 cells, about 15 min with 2 side by side');
    expect(basis).toContain('another machine');
  });

  it('say how many cells of this machine they rest on', () => {
    expect(describeEstimate({ ...estimate, measuredCells: 42 }).basis).toContain('42 cells done on this machine');
  });

  it.each([
    [0.3, '1.0 s'],
    [47, '47.0 s'],
    [68, '1 min 10 s'],
    [5000, '1 h 20 min'],
    [40_000, '11 h'],
  ])('round %s s to %s', (wallSec, expectedText) => {
    expect(describeEstimate({ ...estimate, wallSec }).figure).toContain(`about ${expectedText} with`);
  });

  it('name no more processes than cells', () => {
    expect(describeEstimate({ ...estimate, cellCount: 1, processes: 8 }).figure).toContain('1 cell, about 15 min with 1 side by side');
  });
});

describe('the form that starts a study', () => {
  it('asks for nothing but seeds where it is as the definition has it', () => {
    const study = buildStudy();
    expect(toStartInput(study, fillForm(study))).toEqual({ study: 'fig-6a', seeds: 3, firstSeed: 1 });
  });

  it('names chosen methods in the study’s order, and other episodes', () => {
    const study = buildStudy({ methods: ['dqn-ts', 'lad-ts', 'opt-ts'] });
    const form = { ...fillForm(study), methods: ['opt-ts', 'dqn-ts'], episodes: 5 };
    expect(toStartInput(study, form)).toMatchObject({ methods: ['dqn-ts', 'opt-ts'], episodes: 5 });
  });

  it('is refused by the schema that guards the API', () => {
    const study = buildStudy();
    const check = checkForm(startStudyInput, toStartInput(study, { seeds: 0, firstSeed: null, episodes: null, methods: [] }));
    expect(check.isValid ? [] : Object.keys(check.errors).sort()).toEqual(['episodes', 'firstSeed', 'methods', 'seeds']);
  });
});
