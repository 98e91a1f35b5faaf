// The log on the terminal, with the built program.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LogTail } from '../../../src/shared/log-line.js';
import { runCli } from '../../support/cli.js';

let dataDir: string;
beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'dedgeai-log-cli-'))));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

test('log shows the last lines and where they are', async () => {
  await runCli(['testbed', 'create-virtual', '--nodes', '1', '--data', dataDir]);

  const shown = await runCli(['log', '--lines', '3', '--data', dataDir]);
  const json = JSON.parse((await runCli(['log', '--data', dataDir, '--json'])).stdout) as LogTail;
  const report = await runCli(['doctor', '--data', dataDir]);

  expect(shown).toMatchObject({ status: 0, stderr: '' });
  expect(shown.stdout.trim().split('\n')).toHaveLength(3);
  expect(json.path).toBe(join(dataDir, 'logs', 'dedgeai.log'));
  expect(json.lines.map(({ message }) => message)).toEqual(expect.arrayContaining(['The program starts', 'The program has ended']));
  expect(report.stdout).toContain(`The log is ${json.path}. Its last lines:`);
});

test('log needs no data', async () => {
  expect(await runCli(['log', '--data', dataDir])).toMatchObject({ status: 0, stdout: `Nothing is in ${dataDir}/logs/dedgeai.log.\n` });
});

test('diagnostics writes an archive that only its user may read', async () => {
  const out = join(dataDir, 'diagnostics.zip');
  await runCli(['testbed', 'create-virtual', '--nodes', '1', '--data', dataDir]);

  const outcome = await runCli(['diagnostics', '--out', out, '--data', dataDir]);

  expect(outcome.status).toBe(0);
  expect(statSync(out).mode & 0o777).toBe(0o600);
  const files = unzipSync(readFileSync(out));
  const database = JSON.parse(Buffer.from(files['database.json']!).toString()) as { schemaVersion: number; rows: Record<string, number> };
  expect(database.schemaVersion).toBeGreaterThan(0);
  expect(database.rows['testbeds']).toBe(1);
});
