import { beforeEach, expect, test, vi } from 'vitest';

interface Step {
  name: string;
  run(): Promise<unknown>;
  waits?: boolean;
}

// The scripts are plain JavaScript without types.
const MODULE = '../../../scripts/lib/run-stages.mjs';
const { runStages } = (await import(MODULE)) as {
  runStages(stages: { steps: Step[]; isSideBySide?: boolean }[]): Promise<string | null>;
};

let lines: string[];
beforeEach(() => {
  lines = [];
  const keep = (...words: unknown[]): void => void lines.push(...words.map(String));
  vi.spyOn(console, 'log').mockImplementation(keep);
  vi.spyOn(console, 'error').mockImplementation(keep);
  return () => vi.restoreAllMocks();
});

const good = (name: string, log: string[] = []): Step => ({ name, run: async () => void log.push(name) });
const bad = (name: string): Step => ({ name, run: () => Promise.reject(new Error(`${name} is bad`)) });

test('stages follow one another, and each step has its row', async () => {
  const log: string[] = [];

  expect(
    await runStages([{ steps: [good('lint', log), good('types', log)], isSideBySide: true }, { steps: [good('e2e', log)] }]),
  ).toBeNull();

  expect(log.at(-1)).toBe('e2e');
  expect(log.toSorted()).toEqual(['e2e', 'lint', 'types']);
  expect(lines.filter((line) => /^(lint|types|e2e) +[\d.]+ s$/.test(line))).toHaveLength(3);
});

test('a step that waits for others runs beside those that compute', async () => {
  const arrived = Promise.withResolvers<undefined>();
  const waiting: Step = { name: 'downloads', waits: true, run: () => arrived.promise };
  const computing: Step = { name: 'lint', run: async () => arrived.resolve(undefined) };

  expect(await runStages([{ steps: [waiting, computing], isSideBySide: true }])).toBeNull();
});

test('after a failure nothing more starts, what was not run is reported, and the failure is named', async () => {
  const log: string[] = [];

  expect(await runStages([{ steps: [bad('lint')], isSideBySide: true }, { steps: [good('contract', log)] }])).toBe('lint');

  expect(log).toEqual([]);
  expect(lines.join('\n')).toMatch(/lint is bad[^]*lint +[\d.]+ s {2}failed\ncontract +not run/);
});

test('in turn the steps after a failed one are not run either', async () => {
  const log: string[] = [];

  expect(await runStages([{ steps: [good('contract', log), bad('faults'), good('e2e', log)] }])).toBe('faults');

  expect(log).toEqual(['contract']);
});
