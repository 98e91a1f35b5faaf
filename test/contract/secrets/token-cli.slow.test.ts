// The token of an account through the terminal, in processes of their own: standard input alone, and nothing in what they print.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { buildEntry } from '../../support/build-entry.js';
import { type CliOptions, runCliJson } from '../../support/cli.js';

// Each command is a start of the program and a key derivation of half a second: on a busy machine that adds up.
vi.setConfig({ testTimeout: 240_000 });

const PASSPHRASE = 'a-long-vault-passphrase';
const TOKEN = 'hf_abcdefghijklmnopqrstuvwxyz012345';
let cli: string;
let dir: string;

beforeAll(async () => {
  cli = await buildEntry('src/main/cli.ts');
});
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'dedgeai-token-cli-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const run = (args: string[], stdin = '', more: CliOptions = {}) => {
  const { HF_TOKEN: _, ...env } = process.env;
  return runCliJson([...args, '--data', join(dir, 'data')], { cliPath: cli, env: { ...env, HOME: dir }, stdin, ...more });
};
const setToken = (stdin: string, more: CliOptions = {}) =>
  run(['secret', 'set', 'hugging-face', '--token-stdin', '--vault-passphrase-stdin'], stdin, more);

test('a token from standard input is kept in the vault, seen by the fetch, and taken back; it is printed nowhere', async () => {
  expect((await run(['secret', 'create-vault', '--vault-passphrase-stdin'], `${PASSPHRASE}\n`)).status).toBe(0);
  let seen = '';

  const set = await setToken(`${PASSPHRASE}\n${TOKEN}\n`, {
    onStarted: (pid) => (seen = ['cmdline', 'environ'].map((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8')).join()),
  });
  const listed = await run(['secret', 'list']);
  const offer = await run(['model', 'weights']);
  const forgotten = await run(['secret', 'forget', 'hugging-face', '--yes']);
  const after = await run(['model', 'weights']);

  expect(set).toMatchObject({ status: 0, document: { kept: { kind: 'token', subject: 'hugging-face', holder: 'vault' } } });
  expect(listed.document).toMatchObject({ secrets: [{ kind: 'token', subject: 'hugging-face', holder: 'vault', isReadable: false }] });
  expect(offer.document).toMatchObject({ token: { source: 'kept', holder: 'vault', isReadable: false }, files: { length: 3 } });
  expect(forgotten).toMatchObject({ status: 0, document: { forgotten: [{ kind: 'token', subject: 'hugging-face' }] } });
  expect(after.document).toMatchObject({ token: { source: 'none' } });
  expect(seen).toContain('HOME=');
  expect([seen, ...[set, listed, offer, forgotten, after].map(({ stdout, stderr }) => stdout + stderr)].join()).not.toContain(TOKEN);
});

test('without an open vault, and without a line for it, the way is reported', async () => {
  const noVault = await run(['secret', 'set', 'hugging-face', '--token-stdin'], `${TOKEN}\n`);
  await run(['secret', 'create-vault', '--vault-passphrase-stdin'], `${PASSPHRASE}\n`);
  const noToken = await setToken(`${PASSPHRASE}\n`);
  const noLine = await run(['secret', 'set', 'hugging-face', '--vault-passphrase-stdin'], `${PASSPHRASE}\n`);

  expect(noVault.document).toMatchObject({
    error: { code: 'vault-locked', hint: expect.stringContaining('secret create-vault') as string },
  });
  expect(noToken.document).toMatchObject({ error: { code: 'invalid-input', message: expect.stringContaining('the token') as string } });
  expect(noLine.document).toMatchObject({ error: { code: 'invalid-input', hint: expect.stringContaining('--token-stdin') as string } });
});
