// After a whole flow with secrets: nothing that leaves the program, nothing on disk and no process's arguments or environment has one.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createApiCaller } from '../../../src/main/api/router.js';
import { findErrorShape } from '../../../src/main/api/trpc.js';
import { type Core, createCore } from '../../../src/main/composition/core.js';
import { type RecordingSshServer, startRecordingServer } from '../../support/ssh-server.js';

// Seven key derivations and a provisioning: on a busy machine that adds up.
vi.setConfig({ testTimeout: 240_000 });

const SECRETS = {
  vaultPassphrase: 'Vault-Passphrase-7f3a',
  nextVaultPassphrase: 'Next-Vault-Passphrase-91bc',
  wrongPassphrase: 'Wrong-Passphrase-2d2d',
  password: 'Login-Password-55aa',
  sudoPassword: 'Sudo-Password-c0de',
  keyPassphrase: 'Key-Passphrase-beef',
} as const;

let dir: string;
let core: Core;
let server: RecordingSshServer;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'dedgeai-redaction-'));
  core = await createCore({ dataDir: join(dir, 'data'), shell: 'cli', access: 'exclusive', activity: 'none' });
  server = await startRecordingServer({ acceptsLogin: false, methodsLeft: ['password', 'publickey'] });
});
afterEach(async () => {
  await core.close();
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Every place where a secret stands, with the name of the secret; its base64 and hexadecimal forms count too. */
function findSecrets(source: string, content: Buffer | string): string[] {
  const bytes = Buffer.from(content);
  return Object.entries(SECRETS).flatMap(([name, secret]) => {
    const forms = [secret, Buffer.from(secret).toString('base64').replace(/=+$/, ''), Buffer.from(secret).toString('hex')];
    return forms.some((form) => bytes.includes(form)) ? [`${name} in ${source}`] : [];
  });
}

function privateKeyLines(pem: string): string[] {
  return pem.includes('PRIVATE KEY-----') ? pem.split('\n').filter((line) => /^[A-Za-z0-9+/=]{32,}$/.test(line)) : [];
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

/** Arguments and environment of this process and everything it has started, where the system shows them. */
function listProcesses(): { source: string; content: Buffer }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) =>
      ['cmdline', 'environ'].flatMap((file) => {
        try {
          return [{ source: `/proc/${pid}/${file}`, content: readFileSync(`/proc/${pid}/${file}`) }];
        } catch {
          return [];
        }
      }),
    );
}

test('no secret is in an answer, an error, an event, a file or a process, from the first node to the discarded vault', async () => {
  const api = createApiCaller({ services: core.services });
  const said: unknown[] = [];
  const call = async <T>(act: () => Promise<T>): Promise<T | undefined> => {
    try {
      const answer = await act();
      said.push(answer);
      return answer;
    } catch (thrown) {
      said.push(findErrorShape(thrown), thrown instanceof Error ? [thrown.message, thrown.stack] : thrown);
      return undefined;
    }
  };
  const keyFile = join(dir, 'id_lab');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-a', '1', '-N', SECRETS.keyPassphrase, '-f', keyFile]);
  const testbed = (await call(() => api.testbeds.create({ name: 'Lab' })))!;
  const common = { testbedId: testbed.id, port: server.port, user: 'lab' };
  const byPassword = (await call(() => api.testbeds.addNode({ ...common, host: '127.0.0.1', auth: 'password' })))!;
  const byKey = (await call(() => api.testbeds.addNode({ ...common, host: 'localhost', keyFile })))!;
  const of = { kind: 'password', nodeId: byPassword.id } as const;

  await call(() => api.credentials.set({ of, secret: SECRETS.password, holder: 'vault' }));
  await call(() => api.credentials.set({ of, secret: `${SECRETS.password}\n`, holder: 'session' }));
  await call(() => api.credentials.set({ of, secret: SECRETS.password, holder: 'elsewhere' as never }));
  await call(() => api.credentials.set({ of: { kind: 'password', nodeId: 'nobody' }, secret: SECRETS.password, holder: 'session' }));
  await call(() => api.credentials.set({ of, secret: SECRETS.password, holder: 'system' }));
  await call(() => api.credentials.createVault({ passphrase: SECRETS.vaultPassphrase }));
  await call(() => api.credentials.set({ of, secret: SECRETS.password, holder: 'vault' }));
  await call(() => api.credentials.set({ of: { ...of, kind: 'sudo-password' }, secret: SECRETS.sudoPassword, holder: 'vault' }));
  const passphrase = { kind: 'passphrase', keyFile } as const;
  await call(() => api.credentials.set({ of: passphrase, secret: SECRETS.wrongPassphrase, holder: 'session' }));
  await call(() => api.credentials.set({ of: passphrase, secret: SECRETS.keyPassphrase, holder: 'session' }));
  await call(() => api.credentials.changeVaultPassphrase({ current: SECRETS.wrongPassphrase, next: SECRETS.nextVaultPassphrase }));
  await call(() => api.credentials.changeVaultPassphrase({ current: SECRETS.vaultPassphrase, next: SECRETS.nextVaultPassphrase }));
  await call(() => api.credentials.lockVault());
  await call(() => api.facts.read({ id: byPassword.id }));
  await call(() => api.credentials.unlockVault({ passphrase: SECRETS.wrongPassphrase }));
  await call(() => api.credentials.unlockVault({ passphrase: SECRETS.nextVaultPassphrase }));
  const run = (await call(() => api.provisioning.start({ testbedId: testbed.id, acceptNewHostKeys: true })))!;
  for await (const snapshot of core.services.provisioning.watch(run.id, new AbortController().signal)) said.push(snapshot);
  await call(() => api.facts.read({ id: byKey.id }));
  await call(() => api.testbeds.list());
  await call(() => api.credentials.status());
  await call(() => api.provisioning.list({ testbedId: testbed.id }));
  await call(() => api.app.doctor());

  // The password did arrive where it belongs: what follows is no test of a flow that never was.
  expect(server.passwords).toContain(SECRETS.password);
  expect(server.attempts).toContain('publickey');
  const found = [
    ...listFiles(join(dir, 'data')).flatMap((path) => findSecrets(path, readFileSync(path))),
    ...listProcesses().flatMap(({ source, content }) => findSecrets(source, content)),
  ];
  // A fault that quotes what it was given, and a link to sign in with: the worst that can reach the log.
  const token = 'T0ken-of-the-window-12345';
  expect(core.services.app.info().sshPublicKeyLine).toMatch(/^ssh-/);
  const keyLines = listFiles(join(dir, 'data', 'secrets')).flatMap((path) => privateKeyLines(readFileSync(path, 'utf8')));
  expect(keyLines.length).toBeGreaterThan(0);
  const worst = new Error([...Object.values(SECRETS), ...keyLines].join(' '));
  core.services.log.error('A fault', worst, { address: `http://127.0.0.1:1/?token=${token}` });
  const bundle = unzipSync((await core.services.app.diagnostics()).body);
  const bundled = Object.entries(bundle).map(([name, bytes]) => ({ name, bytes: Buffer.from(bytes) }));
  expect(bundled.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['doctor.json', 'program.json', 'database.json', 'settings.json', 'runs.json', 'logs/dedgeai.log']),
  );
  expect(bundled.find(({ name }) => name === 'logs/dedgeai.log')!.bytes.toString()).toContain('"msg":"A fault"');
  for (const { name, bytes } of bundled) {
    found.push(...findSecrets(`the diagnostics, ${name}`, bytes));
    if ([token, ...keyLines].some((secret) => bytes.includes(secret))) found.push(`a key or token in ${name}`);
  }
  await call(() => api.credentials.forget({ of }));
  await call(() => api.credentials.discardVault());
  const events = await call(() => api.app.events({ limit: 500 }));

  expect(events!.items.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['secret-kept', 'secret-forgotten', 'vault-created', 'vault-discarded']),
  );
  expect([...found, ...findSecrets('what the program said', JSON.stringify(said))]).toEqual([]);
});
