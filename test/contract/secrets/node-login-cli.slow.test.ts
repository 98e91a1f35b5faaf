// Secrets through the terminal, in processes of their own: standard input alone, and nothing in what they print or what others can see.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { buildEntry } from '../../support/build-entry.js';
import { type CliOptions, runCliJson } from '../../support/cli.js';
import { type RecordingSshServer, startRecordingServer } from '../../support/ssh-server.js';

// Each command is a start of the program and a key derivation of half a second: on a busy machine that adds up.
vi.setConfig({ testTimeout: 240_000 });

const PASSPHRASE = 'a-long-vault-passphrase';
let cli: string;
let dir: string;
let server: RecordingSshServer;

beforeAll(async () => {
  cli = await buildEntry('src/main/cli.ts');
});
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'dedgeai-secret-cli-'));
  server = await startRecordingServer({ acceptsLogin: false, methodsLeft: ['password'] });
});
afterEach(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

const run = (args: string[], stdin = '', more: CliOptions = {}) =>
  runCliJson([...args, '--data', join(dir, 'data')], { cliPath: cli, env: { ...process.env, HOME: dir }, stdin, ...more });
const addNode = (stdin: string, ...more: string[]) =>
  run(['node', 'add', 'Lab', '127.0.0.1', '--no-config', '--user', 'lab', '--port', String(server.port), '--name', 'orin', ...more], stdin);

async function makeVault(): Promise<void> {
  expect((await run(['secret', 'create-vault', '--vault-passphrase-stdin'], `${PASSPHRASE}\n`)).status).toBe(0);
}

test('a password from standard input is kept in the vault, used, and never printed', async () => {
  await makeVault();

  const added = await addNode(`${PASSPHRASE}\nhunter2\n`, '--auth', 'password', '--password-stdin', '--vault-passphrase-stdin');
  const listed = await run(['node', 'list']);
  const provisioned = await run(['provision', 'Lab', '--accept-new', '--vault-passphrase-stdin'], `${PASSPHRASE}\n`);

  expect(added).toMatchObject({ status: 0, document: { name: 'orin', auth: 'password', kept: ['password'] } });
  expect(listed.document).toMatchObject([{ secrets: [{ kind: 'password', holder: 'vault', isReadable: false }] }]);
  expect(server.passwords).toEqual(['hunter2']);
  expect(provisioned.stdout).toContain('refused the password');
  expect([added, listed, provisioned].map(({ stdout, stderr }) => stdout + stderr).join()).not.toMatch(/hunter2|a-long-vault/);
});

test('arguments and environment of the process hold no secret', async () => {
  await makeVault();
  let seen = '';

  await addNode(`${PASSPHRASE}\nhunter2\n`, '--auth', 'password', '--password-stdin', '--vault-passphrase-stdin');
  await run(['provision', 'Lab', '--accept-new', '--vault-passphrase-stdin'], `${PASSPHRASE}\n`, {
    onStarted: (pid) => (seen = ['cmdline', 'environ'].map((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8')).join()),
  });

  expect(seen).toContain('HOME=');
  expect(seen).not.toMatch(/hunter2|a-long-vault/);
});

test('a locked vault and no terminal is an error with the flag that helps', async () => {
  await makeVault();
  await addNode(`${PASSPHRASE}\nhunter2\n`, '--auth', 'password', '--password-stdin', '--vault-passphrase-stdin');

  const { stdout } = await run(['provision', 'Lab', '--accept-new']);

  expect(stdout).toContain('vault-locked');
  expect(stdout).toContain('--vault-passphrase-stdin');
  expect(server.passwords).toEqual([]);
});

test('without a vault there is nowhere to keep a password, and the way to one is reported', async () => {
  const added = await addNode('hunter2\n', '--auth', 'password', '--password-stdin');

  expect(added).toMatchObject({ status: 6, document: { error: { hint: expect.stringContaining('secret create-vault') as string } } });
  expect(await addNode('', '--auth', 'password')).toMatchObject({ status: 4 });
});

test('the login of a node can be changed, and a line that is missing on standard input is named', async () => {
  await makeVault();
  await addNode('');

  const changed = await run(
    ['node', 'login', 'orin', '--auth', 'password', '--password-stdin', '--sudo-password-stdin', '--vault-passphrase-stdin'],
    `${PASSPHRASE}\nhunter2\nroot-me\n`,
  );
  const short = await run(['node', 'login', 'orin', '--password-stdin', '--vault-passphrase-stdin'], `${PASSPHRASE}\n`);

  expect(changed).toMatchObject({ status: 0, document: { node: { auth: 'password' }, kept: ['password', 'sudo-password'] } });
  expect(short).toMatchObject({ status: 2, document: { error: { message: expect.stringContaining('the password') as string } } });
});

test('the passphrase of the vault can be changed and the vault discarded', async () => {
  await makeVault();
  const change = (stdin: string) => run(['secret', 'change-passphrase', '--vault-passphrase-stdin'], stdin);

  expect((await change(`${PASSPHRASE}\nanother-passphrase\n`)).status).toBe(0);
  expect((await change(`${PASSPHRASE}\nanother-passphrase\n`)).status).toBe(2);
  expect((await run(['secret', 'discard-vault'])).status).toBe(2);
  expect((await run(['secret', 'discard-vault', '--yes'])).status).toBe(0);
  expect((await run(['secret', 'list'])).document).toMatchObject({ vault: { state: 'absent' }, secrets: [] });
});

test('a secret is taken back by the name of its node, also while the vault is locked, when --yes says so', async () => {
  await makeVault();
  await addNode(`${PASSPHRASE}\nhunter2\n`, '--auth', 'password', '--password-stdin', '--vault-passphrase-stdin');

  const unsaid = await run(['secret', 'forget', 'orin']);
  const other = await run(['secret', 'forget', 'orin', '--kind', 'sudo-password', '--yes']);
  const forgotten = await run(['secret', 'forget', 'orin', '--yes']);
  const listed = await run(['secret', 'list']);

  expect(unsaid).toMatchObject({ status: 2, document: { error: { code: 'invalid-input', hint: 'Add --yes.' } } });
  expect(other).toMatchObject({ status: 3, document: { error: { code: 'not-found', hint: 'Kept: password of orin.' } } });
  expect(forgotten).toMatchObject({ status: 0, document: { forgotten: [{ kind: 'password' }] } });
  expect(listed.document).toMatchObject({ vault: { state: 'locked' }, secrets: [] });
});

test('a pasted list is judged first and added only when that is said', async () => {
  const list = join(dir, 'hosts');
  writeFileSync(list, 'lab@10.0.0.7 orin-1\nlab@10.0.0.7\n# spare\nssh -p 2222 10.0.0.8\nlab@10.0.0.9:bad\n');
  const paste = (...more: string[]) => run(['node', 'add', 'Lab', '--paste', list, '--user', 'lab', ...more]);

  const looked = await paste();
  expect(looked).toMatchObject({ status: 0, document: { added: [] } });
  expect((looked.document as { entries: { verdict: string }[] }).entries.map(({ verdict }) => verdict)).toEqual([
    'ready',
    'duplicate',
    'ignored',
    'ready',
    'invalid',
  ]);
  expect((await run(['testbed', 'list'])).document).toEqual([]);

  expect(await paste('--yes')).toMatchObject({ status: 5, document: { added: [{ name: 'orin-1' }, { host: '10.0.0.8', port: 2222 }] } });
  expect(await run(['node', 'add', 'Lab', '--paste', '-'], 'lab@10.0.0.7\n')).toMatchObject({
    status: 0,
    document: { entries: [{ verdict: 'duplicate' }] },
  });
});
