import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestbedHarness, type TestbedHarness, virtualTestbed } from '../../support/testbed-harness.js';

let harness: TestbedHarness;
let use: string | null = null;

beforeEach(async () => {
  use = null;
  harness = await openTestbedHarness({ hostEntryPath: '/nonexistent', overrides: { describeUse: () => use } });
});
afterEach(() => harness.remove());

const add = (change: object = {}) =>
  harness.service.addNode({ testbedId: harness.service.list()[0]!.id, host: 'orin-1.lab', user: 'nvidia', ...change });

test('added nodes get an order and names of their own', () => {
  harness.service.create({ name: 'Lab' });

  const nodes = [add(), add({ host: 'orin-2.lab' }), add({ host: 'orin-3.lab', name: 'node-1' })];

  expect(nodes.map(({ ordinal, name }) => [ordinal, name])).toEqual([
    [0, 'node-1'],
    [1, 'node-2'],
    [2, 'node-1 (2)'],
  ]);
  expect(harness.service.list()[0]?.nodes).toEqual(nodes);
});

test('the same address is refused a second time, however it is spelt', () => {
  harness.service.create({ name: 'Lab' });
  add();

  expect(() => add({ host: 'ORIN-1.lab' })).toThrow(expect.objectContaining({ code: 'conflict' }));
});

test('two nodes of one host need two agent ports', () => {
  harness.service.create({ name: 'Lab' });
  add();

  expect(() => add({ port: 2222 })).toThrow(/agent port 7411/);
  expect(add({ port: 2222, agentPort: 7412 }).agentPort).toBe(7412);
});

test('nothing is removed from a testbed while it is used', async () => {
  const testbed = harness.service.create({ name: 'Lab' });
  const node = add();
  use = 'run "nightly" is not finished';

  await expect(harness.service.removeNode(node.id)).rejects.toMatchObject({ code: 'conflict' });
  await expect(harness.service.remove(testbed.id)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('nightly') as string,
  });
  use = null;
  await harness.service.removeNode(node.id);
  await harness.service.remove(testbed.id);
  expect(harness.service.list()).toEqual([]);
});

test('a testbed that does not exist is reported by its id', async () => {
  expect(() => harness.service.get('testbed-x')).toThrow(/testbed-x/);
  await expect(harness.service.removeNode('node-x')).rejects.toMatchObject({ code: 'not-found' });
});

test('a host process that cannot start fails the creation and leaves nothing', async () => {
  await expect(harness.service.createVirtual(virtualTestbed({ nodeCount: 2 }))).rejects.toMatchObject({ code: 'io' });

  expect(harness.service.list()).toEqual([]);
});

test('brackets around an address fall away, an account of a directory is taken, and a zone is refused with the form that works', async () => {
  harness.service.create({ name: 'Lab' });

  expect(add({ host: '[2001:db8::7]', user: 'LAB\\me' })).toMatchObject({ host: '2001:db8::7', user: 'LAB\\me' });
  const testbedId = harness.service.list()[0]!.id;
  for (const host of ['fe80::1%usb0', '[fe80::1%usb0]']) {
    expect(() => add({ host })).toThrow(/192\.168\.55\.1/);
    await expect(harness.service.addNodeByAlias({ testbedId, alias: host })).rejects.toThrow(/192\.168\.55\.1/);
  }
});

test('lines of a list that go over other hosts are added with these, as OpenSSH knows them', async () => {
  const testbed = harness.service.create({ name: 'Lab' });
  writeFileSync(join(harness.dataDir, 'ssh_config'), 'Host gate\n  HostName 192.0.2.1\n  User keeper\n');

  const [node] = await harness.service.addNodeList({ testbedId: testbed.id, text: 'ssh -J gate,me@192.0.2.2:2200 lab@10.0.0.7' });

  expect(node).toMatchObject({ host: '10.0.0.7', user: 'lab', auth: 'program-key' });
  expect(node?.sshRoute?.hops.map(({ host, port, user }) => [host, port, user])).toEqual([
    ['192.0.2.1', 22, 'keeper'],
    ['192.0.2.2', 2200, 'me'],
  ]);
});
