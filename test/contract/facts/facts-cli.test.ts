// `node facts` over a data folder that a provisioning has left its readings in.
import { rmSync } from 'node:fs';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { addFactsCommand } from '../../../src/main/shells/cli/facts-commands.js';
import { openStorage } from '../../../src/main/adapters/storage/open-storage.js';
import { NO_DEVICE_FACTS } from '../../../src/shared/device-facts.js';
import type { NodeFacts } from '../../../src/shared/testbed.js';
import { buildNode, buildTestbed, makeTemporaryFolder } from '../../support/storage-fixtures.js';

const FACTS: NodeFacts = {
  ...NO_DEVICE_FACTS,
  hostname: 'orin-1\u001b[2J',
  operatingSystem: 'Ubuntu 22.04.5 LTS',
  kernel: null,
  architecture: 'aarch64',
  deviceModel: null,
  l4tVersion: '36.9.1',
  cpuCount: 12,
  memoryTotalBytes: 64e9,
  memoryAvailableBytes: 60e9,
  diskFreeBytes: 1e11,
  nodeVersion: null,
  readAtMs: 1_700_000_000_000,
};

let dataDir: string;
beforeEach(() => {
  dataDir = makeTemporaryFolder();
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(dataDir, { recursive: true, force: true });
});

let written = '';

function fill(readings: readonly { moment: 'before' | 'after'; facts: NodeFacts }[]): void {
  const storage = openStorage({ dataDir, nowMs: () => 1_000 });
  storage.testbeds.insertTestbed(buildTestbed({ nodes: [buildNode({ facts: readings.at(-1)?.facts ?? null })] }));
  for (const reading of readings) storage.factsHistory.append({ nodeId: 'node-1', provisioningRunId: 'provisioning-1', ...reading });
  storage.close();
}

/** What the command printed. Rejects with what it throws. */
async function runFacts(...words: string[]): Promise<string> {
  const program = new Command('dedgeai').exitOverride().option('--json', '', false).option('--data <folder>', '', dataDir);
  addFactsCommand(program, async (act) => void (await act()));
  written = '';
  await program.parseAsync(['node', 'facts', ...words], { from: 'user' });
  return written;
}

test('the facts come with their warnings, and without what would drive the terminal', async () => {
  fill([{ moment: 'before', facts: FACTS }]);
  const text = await runFacts('ES 1');

  expect(text).toMatch(/^Memory +64\.0 GB$/m);
  expect(text).toContain('Warning: Jetson Linux 36.9.1 is not in this program');
  expect(text).not.toContain('\u001b');
});

test('--diff tells what the last provisioning changed', async () => {
  const after = { ...FACTS, nodeVersion: 'v24.1.0', memoryAvailableBytes: 50e9 };
  fill([
    { moment: 'before', facts: FACTS },
    { moment: 'after', facts: after },
  ]);
  const text = await runFacts('node-1', '--diff');

  expect(text).toMatch(/Changed:\n.*\n +Node\.js +not reported +v24\.1\.0\nVaries by the minute:\n.*\n +Memory free +60\.0 GB +50\.0 GB/);
});

test('a node that was never read says how to have it read', async () => {
  fill([]);
  await expect(runFacts('ES 1')).rejects.toMatchObject({ code: 'not-found', hint: 'Provision the node, or add --read.' });
});

test('one reading alone has nothing to be compared with', async () => {
  fill([{ moment: 'before', facts: FACTS }]);
  await expect(runFacts('ES 1', '--diff')).rejects.toMatchObject({ code: 'not-found' });
});
