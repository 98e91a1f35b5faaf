import { useIntervalFn } from '@vueuse/core';
import { shallowReadonly, shallowRef, type ShallowRef } from 'vue';

/** The wall clock, epoch ms, as of the last interval (real ms): for what says when something ends. */
export function useClock(intervalMs = 10_000): Readonly<ShallowRef<number>> {
  const nowMs = shallowRef(Date.now());
  useIntervalFn(() => (nowMs.value = Date.now()), intervalMs);
  return shallowReadonly(nowMs);
}
