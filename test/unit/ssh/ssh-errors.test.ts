import { expect, test } from 'vitest';
import { AppError } from '../../../src/shared/errors.js';
import { printable, toSshError } from '../../../src/main/adapters/ssh/ssh-errors.js';

const endpoint = { host: 'orin-1.lab', port: 22, user: 'nvidia', loginDescription: 'key file /home/me/.ssh/id_ed25519' };
const failure = (message: string, more: { code?: string; level?: string }) => Object.assign(new Error(message), more);

test('a refused login names the user, the key that was tried and what to do', () => {
  const error = toSshError(failure('All configured authentication methods failed', { level: 'client-authentication' }), endpoint);

  expect(error.code).toBe('ssh-auth-failed');
  expect(error.message).toContain('nvidia');
  expect(error.message).toContain('/home/me/.ssh/id_ed25519');
  expect(error.hint).toContain('authorized_keys');
});

test('a server that stops after too many keys is reported as a login, with what to do', () => {
  const error = toSshError(failure('Received disconnect: Too many authentication failures', {}), endpoint);

  expect(error).toMatchObject({ code: 'ssh-auth-failed', hint: expect.stringContaining('key file') as string });
});

test.each([
  ['ECONNREFUSED', 'nothing listens'],
  ['ENOTFOUND', 'not known'],
  ['EHOSTUNREACH', 'no route'],
  ['ETIMEDOUT', 'does not answer'],
  ['ECONNRESET', 'closed the connection'],
])('%s is reported as: %s', (code, words) => {
  const error = toSshError(failure('connect failed', { code, level: 'client-socket' }), endpoint);

  expect(error).toMatchObject({ code: 'ssh-unreachable', hint: expect.any(String) as string });
  expect(error.message).toContain('orin-1.lab');
  expect(error.message).toContain(words);
});

test('an error of the program passes as it is', () => {
  const own = new AppError('host-key-changed', 'changed');

  expect(toSshError(own, endpoint)).toBe(own);
});

test('text of a stranger becomes one bounded line without control or direction characters', () => {
  const line = printable(`\u001b[31mred\u001b[0m\r\nnext\u202Eevil\u0000 ${'x'.repeat(1000)}`, 60);

  expect(line).toHaveLength(60);
  expect(line).toMatch(/^\[31mred \[0m next evil x+…$/);
});
