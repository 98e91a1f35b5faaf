// What commands take where nothing is named.
import { describe, expect, test } from 'vitest';
import { chooseJetpack, chooseModel, chooseNode, chooseRun, chooseTrainingId } from '../../../src/main/shells/cli/choose-defaults.js';
import type { Session } from '../../../src/main/shells/cli/session.js';
import type { RunSummary } from '../../../src/shared/run.js';
import { canScheduleOn, type Training } from '../../../src/shared/training.js';
import { buildModel, buildOrin, buildSummary, ORIN_FACTS, T5_PART } from '../../support/path-fixtures.js';
import { buildTestbed } from '../../support/storage-fixtures.js';

interface Records {
  nodes?: ReturnType<typeof buildOrin>[];
  models?: ReturnType<typeof buildModel>[];
  runs?: RunSummary[];
  trainings?: Training[];
}

function open({ nodes = [], models = [], runs = [], trainings = [] }: Records) {
  const notes: string[] = [];
  const api = {
    testbeds: { list: () => Promise.resolve([buildTestbed({ nodes })]) },
    models: { list: () => Promise.resolve(models) },
    runs: { list: () => Promise.resolve(runs), get: ({ id }: { id: string }) => Promise.resolve(runs.find((run) => run.id === id)) },
    trainings: { list: () => Promise.resolve(trainings) },
  } as unknown as Session['api'];
  return { api, terminal: { note: (text: string) => void notes.push(text) } as Session['terminal'], notes };
}

describe('a node', () => {
  test('is the only one, and said', async () => {
    const session = open({ nodes: [buildOrin('orin-1')] });
    expect((await chooseNode(session, undefined)).name).toBe('orin-1');
    expect(session.notes).toEqual(['The node is “orin-1”: there is no other.']);
  });

  test('has to be named where there are several', async () => {
    await expect(chooseNode(open({ nodes: [buildOrin('a'), buildOrin('b')] }), undefined)).rejects.toMatchObject({ code: 'invalid-input' });
  });
});

describe('a model', () => {
  const models = [buildModel(), buildModel({ id: 'model-2', name: 'whole', parts: [T5_PART] })];

  test('is the only one of those that come into question', async () => {
    const isMeant = ({ parts }: { parts: readonly { name: string }[] }): boolean => parts.some(({ name }) => name === 't5');
    expect((await chooseModel(open({ models }), undefined, { isMeant })).name).toBe('whole');
    await expect(chooseModel(open({ models }), undefined)).rejects.toMatchObject({ code: 'invalid-input' });
  });

  test('that is named is taken whatever comes into question', async () => {
    expect((await chooseModel(open({ models }), 'sd3m', { isMeant: () => false })).id).toBe('model-1');
  });
});

describe('a run', () => {
  const runs = [
    buildSummary(1, { createdAtMs: 1, state: 'paused' }),
    buildSummary(100, { createdAtMs: 3 }),
    buildSummary(500, { createdAtMs: 2 }),
  ];

  test('is the newest', async () => {
    expect((await chooseRun(open({ runs }), undefined)).id).toBe('run-100');
  });

  test('that is to be resumed or canceled is the only unfinished one, never any of several', async () => {
    expect((await chooseRun(open({ runs }), undefined, { isOpen: true })).id).toBe('run-1');
    const two = [...runs, buildSummary(7, { state: 'running' })];
    await expect(chooseRun(open({ runs: two }), undefined, { isOpen: true })).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(chooseRun(open({ runs: runs.slice(1) }), undefined, { isOpen: true })).rejects.toMatchObject({
      message: 'No run is unfinished.',
    });
  });
});

describe('a training', () => {
  const training = (id: string, createdAtMs: number, testbedId: string): Training =>
    ({ id, createdAtMs, checkpointEpisodes: 5, spec: { method: 'lad-ts', twin: { testbedId } } }) as Training;
  const trainings = [training('training-1', 1, 'lab'), training('training-2', 2, 'lab'), training('training-3', 3, 'roof')];

  const fitting = (testbedId: string) => ({ what: 'fitting training', isMeant: (each: Training) => canScheduleOn(each, testbedId) });

  test('is the newest that is meant', async () => {
    expect(await chooseTrainingId(open({ trainings }), undefined, fitting('lab'))).toBe('training-2');
    await expect(chooseTrainingId(open({ trainings }), undefined, fitting('attic'))).rejects.toMatchObject({
      message: 'There is no fitting training.',
    });
  });
});

describe('a JetPack', () => {
  const node = (name: string, jetpack: string) => buildOrin(name, { facts: { ...ORIN_FACTS, jetpack } });

  test('is that of the nodes, where they agree', async () => {
    expect(await chooseJetpack(open({ nodes: [node('a', '6.2.2'), node('b', '6.1')] }), undefined)).toBe('6');
    await expect(chooseJetpack(open({ nodes: [node('a', '6.2'), node('b', '5.1.3')] }), undefined)).rejects.toMatchObject({
      message: 'The nodes have JetPack 6 and 5, so that it has to be named.',
    });
    await expect(chooseJetpack(open({}), undefined)).rejects.toMatchObject({ code: 'invalid-input' });
  });
});
