// How a view asks the core: what is shared, kept, asked again and taken back.
import { VueQueryPlugin } from '@tanstack/vue-query';
import { createApp, effectScope, nextTick, ref, shallowRef, type App, type EffectScope } from 'vue';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { API_KEY, type Api, type ConnectionState } from '../../../src/renderer/api/client.js';
import { createQueryClient } from '../../../src/renderer/composables/query-client.js';
import { useQuery, type Query } from '../../../src/renderer/composables/useQuery.js';

// The library takes a place without a window for a server, where nothing is asked again.
vi.hoisted(() => vi.stubGlobal('window', globalThis));

let app: App;
let scopes: EffectScope[];
const connection = shallowRef<ConnectionState>('open');

beforeEach(() => {
  vi.useFakeTimers();
  connection.value = 'open';
  scopes = [];
  app = createApp({});
  app.provide(API_KEY, { connection } as unknown as Api);
  app.use(VueQueryPlugin, { queryClient: createQueryClient(connection) });
});
afterEach(() => {
  for (const scope of scopes) scope.stop();
  vi.useRealTimers();
});

/** As a component that lives until `leave`. */
function mount<T>(setup: () => Query<T>): { query: Query<T>; leave: () => void } {
  const scope = effectScope();
  scopes.push(scope);
  const query = app.runWithContext(() => scope.run(setup)!);
  return { query, leave: () => scope.stop() };
}

async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
  await nextTick();
}

/** A call whose answers come when the test says so. */
function calls<T>() {
  const made: { signal: AbortSignal; answer: (value: T) => void; fail: (reason: Error) => void }[] = [];
  const load = (signal: AbortSignal) =>
    new Promise<T>((resolve, reject) => {
      made.push({ signal, answer: resolve, fail: reject });
      signal.addEventListener('abort', () => reject(new DOMException('No longer wanted', 'AbortError')));
    });
  return { made, load };
}

it('asks once for all components that show the same thing', async () => {
  const { made, load } = calls<string>();
  const first = mount(() => useQuery('runs.list', load));
  const second = mount(() => useQuery('runs.list', load));
  await settle();
  expect(made).toHaveLength(1);
  made[0]!.answer('three runs');
  await settle();
  expect([first.query.data.value, second.query.data.value]).toEqual(['three runs', 'three runs']);
});

it('shows nothing of the old key while the new one loads, unless it is to be kept', async () => {
  const id = ref('a');
  const plain = mount(() => useQuery('plain', async () => `answer for ${id.value}`, { key: () => id.value }));
  const { made, load } = calls<string>();
  const kept = mount(() => useQuery('kept', load, { key: () => id.value, isKeptWhileLoading: true }));
  await settle();
  made[0]!.answer('first');
  await settle();
  id.value = 'b';
  await nextTick();
  expect(plain.query.data.value).not.toBe('answer for a');
  await settle();
  expect(plain.query.data.value).toBe('answer for b');
  expect([kept.query.data.value, kept.query.isLoading.value]).toEqual(['first', true]);
  made[1]!.answer('second');
  await settle();
  expect([kept.query.data.value, kept.query.isLoading.value]).toEqual(['second', false]);
});

it('holds back without a key, and drops what it had', async () => {
  const id = ref<string | undefined>('a');
  const load = vi.fn(async () => 'answer');
  const { query } = mount(() => useQuery('held', load, { key: () => id.value, isKeptWhileLoading: true }));
  await settle();
  id.value = undefined;
  await settle();
  expect([query.data.value, query.isLoading.value]).toEqual([undefined, false]);
  await query.refresh();
  expect(load).toHaveBeenCalledTimes(1);
});

it('keeps nothing from before it was held back, and keeps again after the next answer', async () => {
  const id = ref<string | undefined>('a');
  const { made, load } = calls<string>();
  const { query } = mount(() => useQuery('reopened', load, { key: () => id.value, isKeptWhileLoading: true }));
  await settle();
  made[0]!.answer('first file');
  await settle();
  id.value = undefined;
  await settle();
  id.value = 'b';
  await settle();
  expect([query.data.value, query.isLoading.value]).toEqual([undefined, true]);
  made[1]!.answer('second file');
  await settle();
  id.value = 'c';
  await settle();
  expect([query.data.value, query.isLoading.value]).toEqual(['second file', true]);
});

it('a refresh does not settle for a call that started before it, the first included', async () => {
  const { made, load } = calls<string>();
  const { query } = mount(() => useQuery('fresh', load));
  await settle();
  const refreshed = query.refresh();
  await settle();
  expect(made).toHaveLength(2);
  expect(made[0]!.signal.aborted).toBe(true);
  made[1]!.answer('after the change');
  await refreshed;
  await settle();
  expect([query.data.value, query.error.value]).toEqual(['after the change', null]);
});

it('keeps the answer beside an error, and the error until there is an answer again', async () => {
  const { made, load } = calls<string>();
  const { query } = mount(() => useQuery('shaky', load));
  await settle();
  made[0]!.answer('good');
  await settle();
  void query.refresh();
  await settle();
  made[1]!.fail(new Error('the disk is full'));
  await settle();
  expect([query.data.value, query.error.value?.message]).toEqual(['good', 'the disk is full']);
  void query.refresh();
  await settle();
  expect(query.error.value?.message).toBe('the disk is full');
  made[2]!.answer('better');
  await settle();
  expect([query.data.value, query.error.value]).toEqual(['better', null]);
});

it('is not tried again by itself where it failed, and keeps the error of the first try while it is', async () => {
  const { made, load } = calls<string>();
  const { query } = mount(() => useQuery('down', load));
  await settle();
  made[0]!.fail(new Error('no such run'));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(made).toHaveLength(1);
  void query.refresh();
  await settle();
  expect(query.error.value?.message).toBe('no such run');
});

it('asks again at its interval while the connection is open, and at once when it is back', async () => {
  const load = vi.fn(async () => 'answer');
  mount(() => useQuery('ticking', load, { intervalMs: 2000 }));
  await vi.advanceTimersByTimeAsync(4100);
  expect(load).toHaveBeenCalledTimes(3);
  connection.value = 'lost';
  await vi.advanceTimersByTimeAsync(20_000);
  expect(load).toHaveBeenCalledTimes(3);
  connection.value = 'open';
  await settle();
  expect(load).toHaveBeenCalledTimes(4);
});

it('takes the call in flight back when the last component that asked is left', async () => {
  const { made, load } = calls<string>();
  const first = mount(() => useQuery('left', load));
  const second = mount(() => useQuery('left', load));
  await settle();
  first.leave();
  expect(made[0]!.signal.aborted).toBe(false);
  second.leave();
  await settle();
  expect(made[0]!.signal.aborted).toBe(true);
});

it('asks again for a view that opens again', async () => {
  const load = vi.fn(async () => 'answer');
  const { leave } = mount(() => useQuery('again', load));
  await settle();
  leave();
  await settle();
  const { query } = mount(() => useQuery('again', load));
  expect(query.data.value).toBeUndefined();
  await settle();
  expect(load).toHaveBeenCalledTimes(2);
});
