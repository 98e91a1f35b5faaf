import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { findFreePort } from '../../../src/main/foundation/listen-port.js';
import { tryPort } from '../../../src/main/foundation/try-port.js';

const timeoutMs = 30_000;
const never = new AbortController().signal;

test('a port where something listens is open, one where nothing does is closed', async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  expect(await tryPort({ host: '127.0.0.1', port, timeoutMs, signal: never })).toBe('open');
  await new Promise((resolve) => server.close(resolve));
  const free = await findFreePort('127.0.0.1', null);
  expect(await tryPort({ host: '127.0.0.1', port: free, timeoutMs, signal: never })).toBe('closed');
});

test('a host without an address is silent, and so is one whose attempt is given up', async () => {
  expect(await tryPort({ host: 'no-such-host.invalid', port: 7411, timeoutMs, signal: never })).toBe('silent');
  expect(await tryPort({ host: '127.0.0.1', port: 7411, timeoutMs, signal: AbortSignal.abort() })).toBe('silent');
});
