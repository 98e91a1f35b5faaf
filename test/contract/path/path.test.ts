// The path over a data folder as a program finds it: told from records alone, and the same in the terminal.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createApiCaller } from '../../../src/main/api/router.js';
import { createCore, type Core } from '../../../src/main/composition/core.js';
import { openStorage, type Storage } from '../../../src/main/adapters/storage/open-storage.js';
import { addPathCommand } from '../../../src/main/shells/cli/path-command.js';
import type { LabPath } from '../../../src/shared/lab-path.js';
import { buildModel, buildOrin, buildStep, HOUR_MS, NOW_MS, ORIN_FACTS, stepOf } from '../../support/path-fixtures.js';
import { buildTestbed, makeTemporaryFolder } from '../../support/storage-fixtures.js';

let dataDir: string;
let core: Core | null = null;

beforeEach(() => {
  dataDir = makeTemporaryFolder();
});
afterEach(async () => {
  await core?.close();
  core = null;
  rmSync(dataDir, { recursive: true, force: true });
});

/** Puts records into the folder, as programs before this one left them. */
function fill(put: (storage: Storage) => void): void {
  const storage = openStorage({ dataDir, nowMs: () => 1_000 });
  put(storage);
  storage.close();
}

async function pathOf(testbedId?: string): Promise<LabPath> {
  // A core that only reads: it can neither change a record nor go to a node.
  core ??= await createCore({ dataDir, shell: 'cli', access: 'read', activity: 'none' });
  return createApiCaller({ services: core.services }).path.get({ testbedId });
}

const orin = buildOrin('orin-1', { id: 'node-1', facts: ORIN_FACTS });
const rack = buildTestbed({ name: 'Rack', kind: 'real', timeScale: 1, nodes: [orin] });

describe('the path', () => {
  it('of an empty folder starts with a testbed', async () => {
    fill(() => undefined);
    const path = await pathOf();
    expect([path.testbed, path.next, path.hasEndedRun]).toEqual([null, 'testbed', false]);
  });

  it('tells what records say, each with its age', async () => {
    const modelPath = join(dataDir, 'sd3m.safetensors');
    writeFileSync(modelPath, '');
    fill((storage) => {
      storage.testbeds.insertTestbed(rack);
      const key = { keyType: 'ssh-ed25519', fingerprint: 'SHA256:x', keyBase64: 'AAAA', source: 'by the user' };
      storage.hostKeys.record({ host: orin.host, port: orin.port, nodeId: orin.id, atMs: NOW_MS - 3 * HOUR_MS, ...key });
      const { isPresent: _isPresent, ...model } = buildModel({ path: modelPath });
      storage.models.save(model);
      storage.events.append({ kind: 'node-check-preflight-blocked', subjectId: orin.id, atMs: NOW_MS, message: 'Node "orin-1": no room.' });
    });
    const path = await pathOf();
    expect(path.testbed).toEqual({ id: 'testbed-1', name: 'Rack', isSimulated: false });
    expect(stepOf(path, 'host-keys')).toMatchObject({ state: 'done', asOfMs: NOW_MS });
    expect(stepOf(path, 'power-mode')).toMatchObject({ state: 'done', asOfMs: NOW_MS - HOUR_MS });
    expect(stepOf(path, 'preflight')).toMatchObject({ state: 'blocked', detail: 'Node "orin-1": no room.', asOfMs: NOW_MS });
    expect(stepOf(path, 'weights')).toMatchObject({ state: 'done' });
    expect(stepOf(path, 'wheels')).toMatchObject({
      state: 'open',
      detail: expect.stringMatching(/^0 of \d+ wheels for JetPack 6/) as string,
    });
    expect(stepOf(path, 'run-1000').detail).toContain('3,895.4 s');
    expect(path.next).toBe('preflight');
  });

  it('takes the newest check and the newest provisioning of a node', async () => {
    const provision = (state: 'succeeded' | 'failed', atMs: number) => ({
      ...{ nodeId: orin.id, nodeName: orin.name, state, hostKeyQuestion: null, output: [] },
      steps: [buildStep('connect', { finishedAtMs: atMs }), buildStep('preflight', { finishedAtMs: atMs })],
    });
    fill((storage) => {
      storage.testbeds.insertTestbed(rack);
      for (const outcome of ['unreached', 'passed']) {
        storage.events.append({ kind: `node-check-${outcome}`, subjectId: orin.id, atMs: NOW_MS - HOUR_MS, message: outcome });
      }
      storage.events.append({ kind: 'node-login-changed', subjectId: orin.id, atMs: NOW_MS, message: 'another event' });
      storage.provisioning.save({ id: 'provisioning-z', testbedId: rack.id, kind: 'apply', nodes: [provision('failed', NOW_MS - 9)] });
      storage.provisioning.save({ id: 'provisioning-a', testbedId: rack.id, kind: 'apply', nodes: [provision('succeeded', NOW_MS)] });
      storage.provisioning.save({ id: 'provisioning-z', testbedId: rack.id, kind: 'apply', nodes: [provision('failed', NOW_MS - 8)] });
    });
    expect(stepOf(await pathOf(), 'preflight')).toMatchObject({ state: 'done', asOfMs: NOW_MS });
    expect(stepOf(await pathOf(), 'login')).toMatchObject({ state: 'done', asOfMs: NOW_MS });
  });

  it('is that of the testbed that was made last, and of any that is named', async () => {
    fill((storage) => {
      storage.testbeds.insertTestbed(rack);
      storage.testbeds.insertTestbed(buildTestbed({ id: 'testbed-2', name: 'Virtual', createdAtMs: 2, nodes: [] }));
    });
    expect((await pathOf()).testbed?.name).toBe('Virtual');
    expect((await pathOf('testbed-1')).testbed?.name).toBe('Rack');
    await expect(pathOf('testbed-9')).rejects.toMatchObject({ message: expect.stringContaining('testbed-9') as string });
  });
});

describe('dedgeai path', () => {
  async function runPath(...words: string[]): Promise<string> {
    let written = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      written += String(text);
      return true;
    });
    const program = new Command('dedgeai').exitOverride().option('--json', '', false).option('--data <folder>', '', dataDir);
    addPathCommand(program, async (act) => void (await act()));
    try {
      await program.parseAsync(['path', ...words], { from: 'user' });
    } finally {
      vi.restoreAllMocks();
    }
    return written;
  }

  it('prints each step with its state, and the command that is next', async () => {
    const named = {
      ...orin,
      name: 'orin-1\u001b[2J',
      facts: { ...ORIN_FACTS, powerMode: 'MODE_30W', readAtMs: Date.now() - 49 * HOUR_MS },
    };
    fill((storage) => storage.testbeds.insertTestbed({ ...rack, nodes: [named] }));
    const text = await runPath('Rack');
    expect(text).toMatch(/^Rack: 3 of 19 steps done\n\nReach the nodes\n {2}Done {11}Testbed /);
    expect(text).toMatch(/^ {2}Next {11}Host keys trusted /m);
    expect(text).toMatch(/^ {2}Not looked at {2}Preflight check /m);
    expect(text).toMatch(/^ {2}To do {10}Power mode .* \(2 d ago\)$/m);
    expect(text).toMatch(/\n\nNext: Host keys trusted\n {2}npm run cli -- node trust node-1 --fingerprint SHA256:\.\.\.\n$/);
    expect(text).not.toContain('\u001b');
  });

  it('gives the same as the API with --json', async () => {
    fill((storage) => storage.testbeds.insertTestbed(rack));
    const { atMs: _atMs, ...printed } = JSON.parse(await runPath('--json')) as LabPath;
    const { atMs: _alsoAtMs, ...answered } = await pathOf();
    expect(printed).toEqual(answered);
  });
});
