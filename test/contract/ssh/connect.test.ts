import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HostKey } from '../../../src/main/adapters/ssh/host-key.js';
import { generateSshKeyPair } from '../../../src/main/adapters/ssh/key-pair.js';
import { connectSsh, type SshConnectOptions } from '../../../src/main/adapters/ssh/ssh-connection.js';
import { type RecordingSshServer, startRecordingServer } from '../../support/ssh-server.js';

let server: RecordingSshServer;

beforeEach(async () => {
  server = await startRecordingServer({ acceptsLogin: false });
});
afterEach(() => server.close());

function connect(change: Partial<SshConnectOptions> = {}) {
  return connectSsh({
    host: '127.0.0.1',
    port: server.port,
    user: 'someone',
    logins: [{ kind: 'key', privateKeyPem: generateSshKeyPair().privateKeyPem, passphrase: null, description: 'key file /tmp/id' }],
    recordedKeyTypes: [],
    acceptsHostKey: () => true,
    ...change,
  });
}

async function listen(onConnection: (socket: import('node:net').Socket) => void): Promise<{ port: number; silent: Server }> {
  const silent = createServer(onConnection);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  return { port: (silent.address() as AddressInfo).port, silent };
}

test('a key that the server does not take is reported with user and key, after a good host key', async () => {
  await expect(connect()).resolves.toMatchObject({
    kind: 'login-refused',
    error: {
      code: 'ssh-auth-failed',
      message: expect.stringMatching(/"someone".*key file \/tmp\/id/) as string,
    },
  });
  expect(server.attempts).toContain('publickey');
});

test('a refused host key ends the session before any authentication is attempted', async () => {
  const shown: HostKey[] = [];
  const acceptsHostKey = (key: HostKey): boolean => {
    shown.push(key);
    return false;
  };

  expect(await connect({ acceptsHostKey })).toEqual({ kind: 'host-key-refused', hostKey: shown[0] });

  expect(shown[0]?.fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
  expect(server.attempts).toEqual([]);
});

test('a closed port is reported as such', async () => {
  const { port, silent } = await listen(() => undefined);
  await new Promise((resolve) => silent.close(resolve));

  await expect(connect({ port })).resolves.toMatchObject({
    kind: 'unreachable',
    error: {
      code: 'ssh-unreachable',
      message: expect.stringContaining('nothing listens') as string,
    },
  });
});

test('an unknown host name is reported as such', async () => {
  await expect(connect({ host: 'no-such-host.invalid' })).resolves.toMatchObject({
    kind: 'unreachable',
    error: {
      code: 'ssh-unreachable',
      message: expect.stringContaining('no-such-host.invalid') as string,
    },
  });
});

test('a server that never speaks is given up after the time limit', async () => {
  const { port, silent } = await listen((socket) => socket.on('error', () => undefined));

  await expect(connect({ port, connectTimeoutMs: 150 })).resolves.toMatchObject({
    kind: 'unreachable',
    error: {
      code: 'ssh-unreachable',
      message: expect.stringContaining('in time') as string,
    },
  });
  silent.close();
});

test('a server of another protocol is reported as no SSH server', async () => {
  const { port, silent } = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));

  await expect(connect({ port })).resolves.toMatchObject({
    kind: 'unreachable',
    error: { code: 'ssh-unreachable', hint: expect.stringContaining('SSH') as string },
  });
  silent.close();
});

test('connecting can be canceled while the server keeps silent', async () => {
  const controller = new AbortController();
  const { port, silent } = await listen((socket) => {
    socket.on('error', () => undefined);
    controller.abort();
  });

  await expect(connect({ port, signal: controller.signal })).resolves.toMatchObject({ kind: 'cancelled', error: { code: 'cancelled' } });
  silent.close();
});
