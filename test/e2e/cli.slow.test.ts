// The whole main job from a terminal, and the exit statuses that `dedgeai --help` promises.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProvisionPlan } from '../../src/shared/provisioning.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli, runCliJson } from '../support/cli.js';
import { lockInstance } from '../../src/main/adapters/storage/instance-lock.js';
import { startProgram } from '../support/program.js';
import { startRecordingServer } from '../support/ssh-server.js';
import { findFreePort } from '../../src/main/foundation/listen-port.js';

const TASKS = 20;
let folder: string;
/** A data folder with a provisioned testbed `Lab` and the sample prompts. */
let dataDir: string;
let runId: string;

const on = (...args: string[]): string[] => [...args, '--data', dataDir];
const statusOf = async (...args: string[]): Promise<number | null> => (await runCliJson(on(...args))).status;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-'));
  dataDir = join(folder, 'data');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the main job in a terminal', () => {
  it('creates a virtual testbed', async () => {
    const created = await runCliJson(on('testbed', 'create-virtual', '--name', 'Lab', '--nodes', '3', '--time-scale', '100'));
    expect(created).toMatchObject({ status: 0, document: { name: 'Lab', timeScale: 100, nodes: { length: 3 } } });
  });

  it('prints what provisioning would do, and does nothing of it', async () => {
    const plan = await runCliJson(on('provision', 'Lab', '--check'));
    expect(plan, plan.stderr).toMatchObject({ status: 0, document: { nodes: { length: 3 } } });
    const { nodes } = plan.document as ProvisionPlan;
    expect(nodes[0]?.steps.find(({ name }) => name === 'agent')).toMatchObject({ verdict: 'change' });
    expect((await runCliJson(on('provision', 'Lab', '--check'))).document).toMatchObject({
      nodes: [{ steps: nodes[0]?.steps.map(({ verdict }) => ({ verdict })) }, {}, {}],
    });
  });

  it('provisions it and tells every step on standard error', async () => {
    const provisioned = await runCliJson(on('provision'));
    expect(provisioned, provisioned.stderr).toMatchObject({ status: 0, document: { state: 'succeeded' } });
    expect(provisioned.stderr).toContain('The testbed is “Lab”: there is no other.');
    expect(provisioned.stderr).toContain('node-3: Health check (one image): changed');
  });

  it('imports the sample prompts', async () => {
    const imported = await runCliJson(on('dataset', 'import', '--sample'));
    expect(imported).toMatchObject({ status: 0, document: { name: 'Sample prompts', format: 'plain-text' } });
  });

  it('runs a batch to its end, and Ctrl-C in the middle leaves it resumable', async () => {
    const start = on('run', 'start', '--count', String(TASKS), '--name', 'From a terminal');
    const interrupted = await runCliJson(start, { interruptAt: (line) => line.startsWith('running') });
    expect(interrupted.status, interrupted.stderr).toBe(130);
    expect(interrupted.stderr).toContain('The dataset is “Sample prompts”: there is no other.');
    runId = (interrupted.document as { id: string }).id;

    const resumed = await runCliJson(on('run', 'resume', runId));
    expect(resumed, resumed.stderr).toMatchObject({ status: 0, document: { state: 'succeeded', counts: { succeeded: TASKS } } });
  });

  it('exports the run', async () => {
    const out = join(folder, 'run.csv');
    const exported = await runCliJson(on('run', 'export', runId, '--out', out));
    expect(exported).toMatchObject({ status: 0, document: { file: out } });
    expect(readFileSync(out, 'utf8').trim().split('\n')).toHaveLength(1 + TASKS);
  });

  it("compares with the paper's table", async () => {
    const compared = await runCliJson(on('compare', '--include-invalid'));
    expect(compared.status).toBe(0);
    const { rows } = compared.document as { rows: { source: string }[] };
    expect(rows.filter((row) => row.source === 'paper')).toHaveLength(6);
  });

  it.each(['testbed list', 'dataset list', 'run list', 'doctor'])('answers %s in one JSON document', async (command) => {
    expect(await statusOf(...command.split(' '))).toBe(0);
  });
});

describe('the exit status', () => {
  it.each([
    ['an unknown command', ['nonsense']],
    ['a missing option', ['node', 'trust', 'node-1']],
    ['a word where a number belongs', ['testbed', 'create-virtual', '--nodes', 'five']],
  ])('is 2 for %s, told in the JSON document too', async (_what, args) => {
    const refused = await runCliJson(on(...args));
    expect(refused).toMatchObject({ status: 2, document: { error: { code: 'invalid-input' } } });
  });

  it('is 2 for a dataset file without a caption', async () => {
    const path = join(folder, 'empty.txt');
    writeFileSync(path, '');
    const refused = await runCliJson(on('dataset', 'import', path));
    expect(refused).toMatchObject({ status: 2, document: { error: { code: 'dataset-invalid' } } });
  });

  it('is 3 for a run that is not there', async () => {
    expect(await statusOf('run', 'show', 'run-of-nobody')).toBe(3);
  });

  it('is 4 while a program without a window has the data folder', async () => {
    const lock = lockInstance(dataDir);
    try {
      expect(await statusOf('dataset', 'import', '--sample')).toBe(4);
      expect(await statusOf('run', 'list'), 'reading is allowed meanwhile').toBe(0);
    } finally {
      lock.release();
    }
  });

  it('is 0 beside an open window, whose core does the work', async () => {
    const program = await startProgram(dataDir);
    try {
      expect(await statusOf('dataset', 'import', '--sample')).toBe(0);
    } finally {
      await program.stop();
    }
  });

  it('is 5 when a node fails to be provisioned', async () => {
    const port = String(await findFreePort('127.0.0.1', null));
    expect(await statusOf('testbed', 'add', 'Closed', '127.0.0.1', '--user', 'lab', '--port', port)).toBe(0);
    expect(await statusOf('provision', 'Closed')).toBe(5);
  });

  it('is 7 when a host key is not known yet', async () => {
    const server = await startRecordingServer({ acceptsLogin: true });
    try {
      expect(await statusOf('testbed', 'add', 'Stranger', '127.0.0.1', '--user', 'lab', '--port', String(server.port))).toBe(0);
      expect(await statusOf('provision', 'Stranger')).toBe(7);
      expect(server.attempts, 'no login is tried before the key is trusted').toEqual([]);
    } finally {
      await server.close();
    }
  });

  it('is listed by --help', async () => {
    const { status, stdout } = await runCli(['--help']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/Exit status: 0 done; .*2 wrong use.*3 not found.*4 conflict.*\n?5 partly failed.*7 host key/s);
  });
});
