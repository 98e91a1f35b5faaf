// Which lines of a virtual table are drawn whole. A step of the wheel brings a few, a jump brings a screen of them: those come a few in each
// frame, as a bar each until then, so that no frame takes longer than anyone would notice.
import { onScopeDispose, shallowRef, watch } from 'vue';

/** Of a dozen cells each. A frame draws twice as many: once when the lines change, once before it is painted. */
const ROWS_AT_A_TIME = 4;

/** `keys` are those of the lines in the document, from top to bottom. */
export function useGradualRows(keys: () => readonly string[]): (key: string) => boolean {
  const whole = shallowRef<ReadonlySet<string>>(new Set());
  let frame: number | null = null;

  function drawNext(): void {
    frame = null;
    const now = keys();
    const waiting = now.filter((key) => !whole.value.has(key));
    if (waiting.length === 0 && now.length === whole.value.size) return;
    const next = new Set(waiting.slice(0, ROWS_AT_A_TIME));
    for (const key of now) if (whole.value.has(key)) next.add(key);
    whole.value = next;
    if (waiting.length > ROWS_AT_A_TIME) frame = requestAnimationFrame(drawNext);
  }

  watch(keys, () => frame === null && drawNext(), { immediate: true, flush: 'pre' });
  onScopeDispose(() => frame !== null && cancelAnimationFrame(frame));
  return (key) => whole.value.has(key);
}
