import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { planTraining } from '../../../src/main/domain/simulation/training/plan-training.js';
import type { TrainerReply, TrainerRequest } from '../../../src/main/domain/simulation/training/trainer-messages.js';
import type { StartTrainingInput } from '../../../src/shared/api/training-inputs.js';
import type { EpisodeMetrics } from '../../../src/shared/training.js';
import { buildEntry } from '../../support/build-entry.js';
import { buildTrainingInput } from '../../support/training-input.js';

let worker: string;
let folder: string;

beforeAll(async () => {
  worker = await buildEntry('src/main/programs/trainer/trainer.ts');
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trainer-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Part {
  /** By episode, without the CPU time, which is never the same. */
  curve: Map<number, Omit<EpisodeMetrics, 'cpuMs'>>;
  /** Episodes of the checkpoint that it continued from. */
  startedAt: number;
  last: TrainerReply | null;
  signal: NodeJS.Signals | null;
}

/** Runs a training process over the test's folder until it ends; `act` may kill it or ask for a pause as its replies come. */
async function train(
  change: StartTrainingInput,
  act: (reply: TrainerReply, child: ReturnType<typeof fork>) => void = () => undefined,
): Promise<Part> {
  const child = fork(worker, [], { execArgv: [] });
  const part: Part = { curve: new Map(), startedAt: -1, last: null, signal: null };
  child.on('message', (message) => {
    const reply = message as TrainerReply;
    part.last = reply;
    if (reply.kind === 'progress') {
      if (part.startedAt < 0) part.startedAt = reply.checkpointEpisodes;
      for (const { cpuMs, ...point } of reply.episodes) {
        expect(cpuMs).toBeGreaterThanOrEqual(0);
        part.curve.set(point.episode, point);
      }
    }
    act(reply, child);
  });
  const request: TrainerRequest = { kind: 'start', task: { ...planTraining(buildTrainingInput(change)), folder } };
  child.send(request);
  const [, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { ...part, signal };
}

const pointsOf = (...parts: Part[]): unknown[] => {
  const merged = new Map(parts.flatMap(({ curve }) => [...curve]));
  return [...merged.values()].sort((a, b) => a.episode - b.episode);
};

// So many episodes that the kill comes before the end, however fast the method and the machine are.
describe.each([
  ['lad-ts', 120],
  ['dqn-ts', 240],
  ['price-ts', 2000],
] as const)('a training of %s', (method, episodes) => {
  it('killed after a checkpoint and resumed gives the same curve as one that was not', async () => {
    const change = { method, episodes };
    const killed = await train(change, (reply, child) => {
      if (reply.kind === 'progress' && reply.checkpointEpisodes > 0) child.kill('SIGKILL');
    });
    expect(killed.signal).toBe('SIGKILL');
    const resumed = await train(change);
    expect(resumed.startedAt).toBeGreaterThan(0);
    expect(resumed.startedAt).toBeLessThan(episodes);
    rmSync(folder, { recursive: true });
    const whole = await train(change);
    expect(whole.last).toEqual({ kind: 'ended', outcome: 'succeeded' });
    expect(pointsOf(whole)).toHaveLength(episodes);
    expect(pointsOf(killed, resumed)).toEqual(pointsOf(whole));
  });
});

it('another seed gives another curve', async () => {
  const first = await train({ seed: 1, episodes: 3 });
  rmSync(folder, { recursive: true });
  expect(pointsOf(await train({ seed: 2, episodes: 3 }))).not.toEqual(pointsOf(first));
});

it('a pause ends it with a checkpoint of everything it has told', async () => {
  let hasAsked = false;
  const part = await train({ episodes: 100_000, checkpointEvery: 10_000 }, (reply, child) => {
    if (reply.kind !== 'progress' || reply.episodes.length === 0 || hasAsked) return;
    hasAsked = true;
    child.send({ kind: 'pause' } satisfies TrainerRequest);
  });
  expect(part.last).toEqual({ kind: 'ended', outcome: 'paused' });
  const resumed = await train({ episodes: part.curve.size, checkpointEvery: 10_000 });
  expect(resumed.startedAt).toBe(part.curve.size);
  expect(pointsOf(resumed)).toEqual(pointsOf(part));
});

it('stops with the episode when the loss is no longer finite, and keeps what was good', async () => {
  const { last } = await train({ settings: { rewardScale: 1e30 } });
  expect(last).toMatchObject({
    kind: 'failed',
    error: {
      code: 'training-diverged',
      message: expect.stringMatching(/^The training stopped in episode \d: its criticLoss is no longer/),
    },
  });
});

it('leaves nothing but the checkpoint in its folder', async () => {
  await train({});
  expect(readdirSync(folder)).toEqual(['checkpoint.bin']);
});

it('says which checkpoint is damaged', async () => {
  await train({ episodes: 2 });
  truncateSync(join(folder, 'checkpoint.bin'), 100);
  const { last } = await train({ episodes: 4 });
  expect(last).toMatchObject({ kind: 'failed', error: { code: 'io', message: expect.stringContaining(join(folder, 'checkpoint.bin')) } });
});

it('says which checkpoint cannot be written', async () => {
  mkdirSync(join(folder, 'checkpoint.bin.part'));
  const { last } = await train({});
  expect(last).toMatchObject({ kind: 'failed', error: { code: 'io', message: expect.stringContaining(join(folder, 'checkpoint.bin')) } });
});

it('ends when its parent is gone', async () => {
  const child = fork(worker, [], { execArgv: [] });
  const task = { ...planTraining(buildTrainingInput({ episodes: 100_000 })), folder };
  child.send({ kind: 'start', task } satisfies TrainerRequest);
  await once(child, 'message');
  const exited = once(child, 'exit');
  child.disconnect();
  expect(await exited).toEqual([0, null]);
});
