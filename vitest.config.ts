import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

// By what a test costs: `unit` is pure and ends in seconds; `sim` is as pure and computes for longer (explored worlds, policies over many
// episodes); `contract` checks borders with real servers, files and processes, and `slow` those whose other side takes minutes (machines of
// their own, a Python with torch, packages); `e2e` drives the built program in a browser, `desktop` in a real Electron. Those in `e2e/calm`
// start runs that must end valid, and have the machine to themselves.

/**
 * Other programs starve a shared machine now and then: there a test that drives a window may be tried once more. `npm run check` and
 * `npm test` name every one that was (scripts/lib/second-tries.mjs). No other test has a second try.
 */
const retry = process.env['CI'] ? 1 : 0;

/** They wait for other processes more than they compute: on two cores, two at a time leave half of them idle, and many starve each other. */
const borderTests = {
  globalSetup: 'test/support/entries-setup.ts',
  setupFiles: 'test/support/processor-cost.ts',
  testTimeout: 120_000,
  hookTimeout: 120_000,
  pool: 'forks',
  maxWorkers: 3,
} as const;

const windowTests = {
  setupFiles: 'test/support/processor-cost.ts',
  testTimeout: 300_000,
  hookTimeout: 120_000,
  pool: 'forks',
  retry,
  // They wait for the program and its window more than they compute.
  maxWorkers: 2,
} as const;

const desktopTests = { ...windowTests, globalSetup: 'test/support/desktop-setup.ts' } as const;

const SLOW = '**/*.slow.test.ts';

export default defineConfig({
  plugins: [vue()],
  test: {
    // How long a poll may last is for what never comes; the second that is Vitest's default is over on a busy machine before a process starts.
    expect: { poll: { timeout: 40_000, interval: 50 } },
    projects: [
      {
        extends: true,
        // Nothing in them outlives a file, so that the files of a worker share what they import. They only compute: a worker for each processor.
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          testTimeout: 30_000,
          pool: 'threads',
          isolate: false,
          maxWorkers: '100%',
        },
      },
      {
        extends: true,
        test: {
          name: 'sim',
          include: ['test/sim/**/*.test.ts'],
          testTimeout: 120_000,
          pool: 'threads',
          isolate: false,
          maxWorkers: '100%',
        },
      },
      { extends: true, test: { ...borderTests, name: 'contract', include: ['test/contract/**/*.test.ts'], exclude: [SLOW] } },
      { extends: true, test: { ...borderTests, name: 'slow', include: ['test/slow/**/*.test.ts', `test/contract/${SLOW}`] } },
      {
        extends: true,
        test: {
          ...windowTests,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: ['test/e2e/calm/**', SLOW],
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          ...windowTests,
          name: 'e2e-slow',
          include: [`test/e2e/${SLOW}`],
          exclude: ['test/e2e/calm/**'],
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          ...windowTests,
          name: 'e2e-calm',
          include: ['test/e2e/calm/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      { extends: true, test: { ...desktopTests, name: 'desktop', include: ['test/desktop/**/*.test.ts'], exclude: [SLOW] } },
      { extends: true, test: { ...desktopTests, name: 'desktop-slow', include: [`test/desktop/${SLOW}`] } },
      {
        extends: true,
        test: {
          name: 'desktop-bench',
          include: ['test/bench/desktop/**/*.test.ts'],
          globalSetup: 'test/support/desktop-setup.ts',
          testTimeout: 300_000,
          hookTimeout: 120_000,
          pool: 'forks',
          fileParallelism: false,
        },
      },
    ],
  },
});
