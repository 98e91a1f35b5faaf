// `npm run cli -- node ...` in processes of their own, against OpenSSH's server. HOME is a folder of the test, so known_hosts is its own.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test as plainTest } from 'vitest';
import { buildEntry } from '../../support/build-entry.js';
import { runCliJson } from '../../support/cli.js';
import { findSshd } from '../../support/find-tools.js';
import { type RealSshd, startRealSshd } from '../../support/real-sshd.js';

const sshd = findSshd();
let cli: string;
let dir: string;
let server: RealSshd;

beforeAll(async () => {
  cli = await buildEntry('src/main/cli.ts');
});
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'dedgeai-node-cli-'));
  mkdirSync(join(dir, '.ssh'));
  if (sshd) server = await startRealSshd({ sshd, dir: join(dir), authorizedKey: 'ssh-ed25519 AAAA nobody' });
});
afterEach(async () => {
  if (sshd) await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

function test(name: string, act: () => Promise<void>): void {
  plainTest(name, async (context) => {
    if (sshd) await act();
    else await context.annotate('There is no sshd on this machine, so OpenSSH was not tried.');
  });
}

const node = (...args: string[]) =>
  runCliJson(['node', ...args, '--data', join(dir, 'data')], { cliPath: cli, env: { ...process.env, HOME: dir } });
const add = (...more: string[]) =>
  node('add', 'Lab', '127.0.0.1', '--no-config', '--user', 'lab', '--port', String(server.port), '--name', 'orin', ...more);

/** What the server shows now, as the program tells it in the refusal of a wrong fingerprint. */
async function shownFingerprint(): Promise<string> {
  const { document } = await node('trust', 'orin', '--fingerprint', 'SHA256:wrong');
  const { message } = (document as { error: { message: string } }).error;
  return /showed the key (SHA256:\S+) last/.exec(message)?.[1] ?? message;
}

test('a node is added with its testbed, listed and removed', async () => {
  expect(await add()).toMatchObject({ status: 0, document: { name: 'orin', host: '127.0.0.1', port: server.port, sshRoute: null } });
  expect(await node('list', '--testbed', 'Lab')).toMatchObject({ status: 0, document: [{ name: 'orin' }] });

  expect((await node('remove', 'orin')).status).toBe(0);

  expect((await node('list')).document).toEqual([]);
});

test('an address that is taken is a conflict, and a word that is not a valid host leaves no testbed behind', async () => {
  await add();

  expect((await add()).status).toBe(4);
  expect((await node('add', 'Other', '--no-config', '--user', 'lab', '--', 'a b')).status).toBe(2);
  expect((await node('list', '--testbed', 'Other')).status).toBe(3);
});

test('a host is added as ssh itself would reach it', async () => {
  const added = await node('add', 'Lab', '127.0.0.1', '--user', 'lab', '--port', '2201');

  expect(added).toMatchObject({
    status: 0,
    document: { host: '127.0.0.1', port: 2201, user: 'lab', sshRoute: { alias: '127.0.0.1', hops: [] } },
  });
});

test('only the fingerprint that is shown can be trusted, and the same again changes nothing', async () => {
  await add();
  const fingerprint = await shownFingerprint();
  expect(fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);

  expect(await node('trust', 'orin', '--fingerprint', fingerprint)).toMatchObject({
    status: 0,
    document: { state: 'recorded', fingerprint },
  });

  expect(await node('trust', 'orin', '--fingerprint', fingerprint)).toMatchObject({ status: 0, document: { state: 'unchanged' } });
  expect((await node('trust', 'orin', '--fingerprint', 'SHA256:wrong')).status).toBe(4);
});

test('the public key is printed as a line of authorized_keys, and is the same every time', async () => {
  const { document } = await node('key');

  expect(document).toEqual({ publicKey: expect.stringMatching(/^ssh-ed25519 [A-Za-z0-9+/=]+ \S+$/) as string });
  expect((await node('key')).document).toEqual(document);
  await add();
  expect(await node('authorize', 'orin')).toMatchObject({ status: 2, document: { error: { message: 'No password was given.' } } });
});

test('a check that is told to accept new keys records them, and a removal that is told so says that it does not', async () => {
  await add();
  const provision = (...args: string[]) =>
    runCliJson(['provision', 'Lab', ...args, '--data', join(dir, 'data')], { cliPath: cli, env: { ...process.env, HOME: dir } });

  expect((await provision('--check')).status).toBe(7);
  // The server takes no key of this program: the check ends there, with the host key on record.
  expect((await provision('--check', '--accept-new')).status).toBe(5);
  expect(await node('trust', 'orin', '--fingerprint', 'SHA256:wrong')).toMatchObject({
    document: { error: { message: expect.stringContaining('trusted already') as string } },
  });
  expect(await provision('--remove', '--accept-new')).toMatchObject({ status: 2, document: { error: { code: 'invalid-input' } } });
});

test('a changed key needs --replace, and the line that stays in the file is named', async () => {
  await add();
  const knownHosts = join(dir, '.ssh', 'known_hosts');
  writeFileSync(knownHosts, `[127.0.0.1]:${server.port} ${server.hostKeyLine()}`);
  await server.restartWithNewHostKey();
  const fingerprint = await shownFingerprint();

  const refused = await node('trust', 'orin', '--fingerprint', fingerprint);
  expect(refused).toMatchObject({ status: 7, document: { error: { message: expect.stringContaining(`${knownHosts}:1`) as string } } });

  expect(await node('trust', 'orin', '--fingerprint', fingerprint, '--replace')).toMatchObject({
    status: 0,
    document: { state: 'replaced', remainingIn: `${knownHosts}:1` },
  });
});

test('a key revoked in known_hosts is refused whatever is said', async () => {
  await add();
  writeFileSync(join(dir, '.ssh', 'known_hosts'), `@revoked * ${server.hostKeyLine()}`);

  const refused = await node('trust', 'orin', '--fingerprint', 'SHA256:any', '--replace');

  expect(refused).toMatchObject({ status: 7, document: { error: { code: 'host-key-revoked' } } });
});
