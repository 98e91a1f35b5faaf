// Notifications of a real run, kept over a restart of the program, with one read state for all who look.
import { rmSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { NotificationRepository } from '../../../src/main/adapters/storage/notification-repository.js';
import { openDatabase } from '../../../src/main/adapters/storage/open-database.js';
import { TestbedRepository } from '../../../src/main/adapters/storage/testbed-repository.js';
import { notificationListInput } from '../../../src/shared/api/notification-inputs.js';
import type { Notice, NotificationList } from '../../../src/shared/notification.js';
import { makeEarlierDatabase } from '../../support/earlier-database.js';
import { RunHarness } from '../../support/run-harness.js';
import { buildTestbed, makeTemporaryFolder, openTemporaryDatabase } from '../../support/storage-fixtures.js';

let harness: RunHarness | undefined;
afterEach(async () => {
  await harness?.dispose();
  harness = undefined;
});

const ALL = notificationListInput.parse({});
const list = (): NotificationList => {
  if (!harness) throw new Error('No harness');
  return harness.notifications.list(ALL);
};

it('makes one of a run that has ended, and none again after restarts', async () => {
  harness = await RunHarness.open({ isNoticing: true });
  const { id } = await harness.runs.start(harness.spec({ name: 'Night' }));
  await harness.ended(id);
  await expect.poll(() => list().items.length).toBe(1);
  expect(list()).toMatchObject({ unread: 1, items: [{ subject: { kind: 'run', id, name: 'Night' }, readAtMs: null }] });

  await harness.stopProgram();
  await harness.startProgram();
  const second = await harness.runs.start(harness.spec({ name: 'Morning', taskCount: 5 }));
  await harness.ended(second.id);
  await expect.poll(() => list().items.map(({ subject }) => subject.name)).toEqual(['Morning', 'Night']);
});

it('is read for all who watch when one has read it', async () => {
  harness = await RunHarness.open({ isNoticing: true });
  const { notifications } = harness;
  const leaving = new AbortController();
  const seen: number[] = [];
  const watching = (async () => {
    for await (const { unread } of notifications.watch(ALL, leaving.signal)) seen.push(unread);
  })();
  const { id } = await harness.runs.start(harness.spec({ taskCount: 5 }));
  await harness.ended(id);
  await expect.poll(() => seen.at(-1)).toBe(1);
  notifications.markRead(list().items.map((each) => each.id));
  await expect.poll(() => seen.at(-1)).toBe(0);
  leaving.abort();
  await watching;
  expect(list().items[0]?.readAtMs).not.toBeNull();
  expect(notifications.list({ ...ALL, unreadOnly: true }).items).toEqual([]);
});

const LOST: Notice = {
  key: 'node-lost:run-1:node-1',
  kind: 'node-lost',
  subject: { kind: 'run', id: 'run-1', name: 'Night' },
  title: 'Node “ES 1” is lost in run “Night”',
  detail: '',
  workedMs: null,
};
const ENDED: Notice = { ...LOST, key: 'run:run-1:5', kind: 'run-ended', title: 'Run “Night” has ended', workedMs: 61_000 };

it('keeps what lasts once while it lasts, what happened once ever, and forgets the oldest', () => {
  const { database, dispose } = openTemporaryDatabase();
  const store = new NotificationRepository(database);
  expect([store.add(LOST, 1), store.add(LOST, 2), store.add(ENDED, 3), store.add(ENDED, 4)]).toEqual([true, false, true, false]);
  expect(store.counts()).toEqual({ unread: 2, needsYou: 1 });
  expect(store.lasting().map(({ key }) => key)).toEqual([LOST.key]);
  store.end(store.lasting()[0]?.id ?? 0, 5);
  expect(store.counts()).toEqual({ unread: 2, needsYou: 0 });
  expect(store.add(LOST, 6)).toBe(true);
  store.markAllRead(7);
  expect(store.counts()).toEqual({ unread: 0, needsYou: 1 });
  store.prune(0, 1);
  expect(store.list({ unreadOnly: false, limit: 10 })).toMatchObject([{ ...LOST, atMs: 6, readAtMs: 7, overAtMs: null }]);
  store.prune(7, 10);
  expect(store.list({ unreadOnly: false, limit: 10 })).toEqual([]);
  dispose();
});

it('is kept from the update on in a database of the version before, for which nothing of before is news', () => {
  const dataDir = makeTemporaryFolder();
  makeEarlierDatabase(dataDir, 26);
  const database = openDatabase({ dataDir, nowMs: 2 });
  const store = new NotificationRepository(database);
  expect([store.since(1_000), store.since(2_000)]).toEqual([1_000, 1_000]);
  expect(new TestbedRepository(database).listTestbeds()).toEqual([buildTestbed()]);
  database.close();
  rmSync(dataDir, { recursive: true, force: true });
});
