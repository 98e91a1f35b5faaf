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

  it('waits for what is under way, and takes back nothing older in its place', async () => {
    const undo = createUndo(createToasts());
    const done: string[] = [];
    undo.offer('Older.', () => Promise.resolve(void done.push('older')));
    const moved = Promise.withResolvers<boolean>();
    const moving = undo.during(async () => {
      if (await moved.promise) undo.offer('Moved.', () => Promise.resolve(void done.push('moved')));
    });
    const pressed = undo.last();
    expect(done).toEqual([]);
    moved.resolve(true);
    await Promise.all([moving, pressed]);
    expect(done).toEqual(['moved']);
  });

  it('leaves what is older where nothing came of what was under way', async () => {
    const undo = createUndo(createToasts());
    const done: string[] = [];
    undo.offer('Older.', () => Promise.resolve(void done.push('older')));
    const moving = undo.during(() => Promise.resolve(false));
    await Promise.all([moving, undo.last()]);
    expect(done).toEqual([]);
    await undo.last();
    expect(done).toEqual(['older']);
  });

  it('reports what could not be taken back', async () => {
    const toasts = createToasts();
    const undo = createUndo(toasts);
    undo.offer('Moved.', () => Promise.reject(new Error('Gone')));
    await undo.last();
    expect(toasts.items.value.map(({ tone }) => tone)).toEqual(['danger']);
  });
});
