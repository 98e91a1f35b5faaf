import { onScopeDispose, shallowRef, type Ref } from 'vue';

/** The wall clock in epoch ms, advancing while the component lives; for elapsed times and ages. */
export function useNow(intervalMs = 1000): Ref<number> {
  const now = shallowRef(Date.now());
  const timer = setInterval(() => (now.value = Date.now()), intervalMs);
  onScopeDispose(() => clearInterval(timer));
  return now;
}
