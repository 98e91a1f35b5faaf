// Training from a terminal: interrupted, resumed, shown, exported. A small lab, so that an episode takes milliseconds.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli, runCliJson } from '../support/cli.js';

const LAB = ['--preset', 'paper', '--base-stations', '2', '--slots', '8', '--max-tasks', '3', '--set', 'learningStarts=6'];
const EPISODES = 300;

interface TrainingDocument {
  id: string;
  state: string;
  doneEpisodes: number;
  curve: { episode: number; cpuMs: number }[];
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'train-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inFolder = (...args: string[]): string[] => [...args, '--data', join(folder, 'data')];
const train = (...args: string[]): string[] => inFolder('train', ...LAB, '--method', 'sac-ts', '--episodes', String(EPISODES), ...args);
const curveOf = (document: unknown): unknown[] => (document as TrainingDocument).curve.map(({ cpuMs: _, ...point }) => point);

it('is paused by Ctrl-C and resumed to the same curve as without it', async () => {
  const interrupted = await runCliJson(train('--seed', '7'), { interruptAt: (line) => line.startsWith('Episode') });
  const paused = interrupted.document as TrainingDocument;
  expect(interrupted.status).toBe(130);
  expect(interrupted.stderr).toContain(`npm run cli -- train resume ${paused.id}`);
  expect(paused).toMatchObject({ state: 'paused', checkpointEpisodes: paused.doneEpisodes });
  const resumed = await runCliJson(inFolder('train', 'resume', paused.id));
  expect(resumed).toMatchObject({ status: 0, document: { id: paused.id, state: 'succeeded', doneEpisodes: EPISODES } });
  const whole = await runCliJson(train('--seed', '7'));
  expect(curveOf(resumed.document)).toEqual(curveOf(whole.document));
});

it('is listed and shown with its curve', async () => {
  const { document } = await runCliJson(inFolder('train', 'list'));
  const [first] = document as TrainingDocument[];
  const shown = await runCli(inFolder('train', 'show', first!.id));
  expect(shown.stdout).toMatch(new RegExp(`^Training ${first!.id}: sac-ts, preset paper, seed 7, succeeded\nEpisodes: 300 of 300`));
  expect(shown.stdout).toMatch(/^300 +\d+\.\d{3} /m);
});

it('writes its policy as ONNX, once', async () => {
  const { document } = await runCliJson(inFolder('train', 'list'));
  const { id } = (document as TrainingDocument[])[0]!;
  const path = join(folder, 'policy.onnx');
  const first = await runCliJson(inFolder('policy', 'export', id, '--out', path, '--batch', '3'));
  expect(first).toMatchObject({
    status: 0,
    document: { inputs: [{ name: 'states', shape: [2, 3, 4] }], outputs: [{ name: 'probabilities', shape: [2, 3, 2] }] },
  });
  expect(readFileSync(path).length).toBe((first.document as { onnxBytes: number }).onnxBytes);
  expect((await runCliJson(inFolder('policy', 'export', id, '--out', path))).status).toBe(4);
});

it('is evaluated on unseen arrivals beside a policy that does not learn', async () => {
  const { document } = await runCliJson(inFolder('train', 'list'));
  const { id } = (document as TrainingDocument[])[0]!;
  const evaluated = await runCliJson(inFolder('evaluate', '--policy', id, '--policy', 'opt-ts', '--episodes', '3'));
  expect(evaluated).toMatchObject({
    status: 0,
    document: {
      firstEpisode: 1_000_000,
      seeds: [7],
      rows: [{ trainedEpisodes: EPISODES }, { policy: 'opt-ts', ratioToOptTs: { mean: 1 } }],
    },
  });
  const [learned, optTs] = (evaluated.document as { rows: { bySeed: { detail: unknown; meanDelaySec: number }[] }[] }).rows;
  expect(learned!.bySeed[0]!.detail).toMatchObject({ optTsMeanDelaySec: optTs!.bySeed[0]!.meanDelaySec, episodes: 3 });
  const shown = await runCli(inFolder('evaluate', '--policy', id));
  expect(shown.stdout).toContain('by work of the task:');
  expect(shown.stdout).toContain('by edge server:');
  expect((await runCliJson(inFolder('evaluate', '--policy', id, '--preset', 'paper'))).status).toBe(2);
});

it('runs methods and seeds side by side and ends with a table and a file', async () => {
  const path = join(folder, 'several.json');
  const several = inFolder('train', ...LAB, '--method', 'sac-ts', '--method', 'dqn-ts', '--seeds', '2', '--episodes', '25', '--out', path);
  const { status, stdout } = await runCli(several);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^sac-ts +2 +\d+\.\d\d ± \d+\.\d\d /m);
  expect(stdout).toMatch(/^dqn-ts +2 +\d+\.\d\d ± \d+\.\d\d /m);
  const document = JSON.parse(readFileSync(path, 'utf8')) as {
    methods: unknown[];
    trainings: (TrainingDocument & { spec: { seed: number } })[];
  };
  expect(document.methods).toMatchObject([
    { method: 'sac-ts', seeds: 2 },
    { method: 'dqn-ts', seeds: 2 },
  ]);
  expect(document.trainings.map(({ spec }) => spec.seed)).toEqual([1, 2, 1, 2]);
  expect((await runCli(several)).status).toBe(4);
});

it('pauses all that run side by side at Ctrl-C, and resumes them', async () => {
  const several = inFolder('train', ...LAB, '--method', 'sac-ts', '--seeds', '4,5,6', '--episodes', String(EPISODES));
  const interrupted = await runCliJson(several, { interruptAt: (line) => line.startsWith('Episode') });
  expect(interrupted.status).toBe(130);
  const ids = /train resume (.+)/.exec(interrupted.stderr)![1]!.split(' ');
  expect(ids).toHaveLength(3);
  const resumed = await runCliJson(inFolder('train', 'resume', ...ids));
  expect(resumed).toMatchObject({ status: 0, document: { methods: [{ method: 'sac-ts', seeds: 3 }] } });
});

it.each([
  ['2 for an unknown method', 2, ['train', '--method', 'ppo']],
  ['2 for a setting that does not exist', 2, ['train', '--set', 'gamma=0.9']],
  ['3 for a training that is not there', 3, ['train', 'show', 'training-none']],
] as const)('ends with %s', async (_what, status, args) => {
  expect((await runCliJson(inFolder(...args))).status).toBe(status);
});
