import { describe, expect, it } from 'vitest';
import { createToasts } from '../../../src/renderer/composables/useToasts.js';
import { createUndo } from '../../../src/renderer/composables/useUndo.js';

describe('undo', () => {
  it('takes back the last thing first, each once, and its toast with it', async () => {
    const toasts = createToasts();
    const undo = createUndo(toasts);
    const done: string[] = [];
    undo.offer('First.', () => Promise.resolve(void done.push('first')));
    undo.offer('Second.', () => Promise.resolve(void done.push('second')));
    await undo.last();
    expect(toasts.items.value.map(({ message }) => message)).toEqual(['First.']);
    await undo.last();
    await undo.last();
    expect(done).toEqual(['second', 'first']);
    expect(toasts.items.value).toEqual([]);
  });

  it('is the button of its toast, after which the key finds nothing', async () => {
    const toasts = createToasts();
    const undo = createUndo(toasts);
    let times = 0;
    undo.offer('Moved.', () => Promise.resolve(void (times += 1)));
    const [toast] = toasts.items.value;
    expect(toast?.action?.label).toBe('Undo');
    toast?.action?.run();
    await undo.last();
    expect(times).toBe(1);
  });

  it('reports what could not be taken back', async () => {
    const toasts = createToasts();
    const undo = createUndo(toasts);
    undo.offer('Moved.', () => Promise.reject(new Error('Gone')));
    await undo.last();
    expect(toasts.items.value.map(({ tone }) => tone)).toEqual(['danger']);
  });
});
