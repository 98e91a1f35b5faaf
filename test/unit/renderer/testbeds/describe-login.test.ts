import { expect, test } from 'vitest';
import { DEFAULT_SSH_SETTINGS } from '../../../../src/shared/testbed.js';
import { describeLogin, describeSecrets } from '../../../../src/renderer/views/testbeds/describe-login.js';
import { buildNode } from '../../../support/storage-fixtures.js';

const host = { ...DEFAULT_SSH_SETTINGS, alias: 'gate', host: '192.0.2.1', port: 22, user: 'me' };
const route = { ...DEFAULT_SSH_SETTINGS, alias: 'orin', hops: [], areRulesRead: true };
const login = (change: Parameters<typeof buildNode>[0]) => Object.fromEntries(describeLogin(buildNode(change)));

test('a node added by its address shows only its login', () => {
  expect(login({})).toEqual({ Login: 'Control center key' });
  expect(login({ auth: 'key-file', keyFile: '/keys/a' })).toEqual({ Login: 'Key file /keys/a' });
  expect(login({ auth: 'password' })).toEqual({ Login: 'A password' });
});

test('a node of the SSH configuration shows the hosts on the way in their order', () => {
  expect(login({ sshRoute: { ...route, hops: [host, { ...host, alias: 'inner', port: 2222 }] } })).toMatchObject({
    'Added as': 'orin of the SSH configuration',
    Over: 'gate (me@192.0.2.1:22), then inner (me@192.0.2.1:2222)',
  });
  expect(login({ sshRoute: route })['Over']).toBe('nothing: direct');
  expect(login({ sshRoute: route })['Not as configured']).toBeUndefined();
});

test('what is not as the configuration says is shown with the node, that of a hop with its name', () => {
  const sshRoute = { ...route, remarks: ['Compression is off.'], hops: [{ ...host, remarks: ['BindAddress is left out.'] }] };
  expect(login({ sshRoute })['Not as configured']).toBe('Compression is off. gate: BindAddress is left out.');
});

test('the secrets of a node and of its key file are shown with what keeps them, and no others', () => {
  const node = buildNode({ id: 'node-1', auth: 'key-file', keyFile: '/keys/a' });
  const kept = { storedAtMs: 1, isReadable: true };

  expect(
    describeSecrets(node, [
      { kind: 'sudo-password', subject: 'node-1', holder: 'vault', ...kept, isReadable: false },
      { kind: 'passphrase', subject: '/keys/a', holder: 'session', ...kept },
      { kind: 'password', subject: 'node-2', holder: 'session', ...kept },
      { kind: 'passphrase', subject: '/keys/b', holder: 'session', ...kept },
    ]),
  ).toEqual([
    ['Password for sudo', 'The vault file, locked'],
    ['Passphrase of the key file', 'This session only'],
  ]);
});
