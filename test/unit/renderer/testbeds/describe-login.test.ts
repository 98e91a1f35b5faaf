import { expect, test } from 'vitest';
import { describeLogin } from '../../../../src/renderer/views/testbeds/describe-login.js';
import { buildNode } from '../../../support/storage-fixtures.js';

const host = { alias: 'gate', host: '192.0.2.1', port: 22, user: 'me', identityFiles: [], hostKeyAlias: null };
const route = { alias: 'orin', identityFiles: [], hostKeyAlias: null, hops: [] };
const login = (change: Parameters<typeof buildNode>[0]) => Object.fromEntries(describeLogin(buildNode(change)));

test('a node added by its address shows only its key', () => {
  expect(login({})).toEqual({ Key: "the program's own" });
  expect(login({ keyFile: '/keys/a' })).toEqual({ Key: '/keys/a' });
});

test('a node of the SSH configuration shows the hosts on the way in their order', () => {
  expect(login({ sshRoute: { ...route, hops: [host, { ...host, alias: 'inner', port: 2222 }] } })).toMatchObject({
    'Added as': 'orin of the SSH configuration',
    Over: 'gate (me@192.0.2.1:22), then inner (me@192.0.2.1:2222)',
  });
  expect(login({ sshRoute: route })['Over']).toBe('nothing: direct');
});
