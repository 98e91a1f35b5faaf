import { describe, expect, it } from 'vitest';
import { useConfirmation } from '../../../src/renderer/composables/useConfirmation.js';

describe('useConfirmation', () => {
  it('asks about one thing, does it when that is confirmed, and closes', async () => {
    const removed: string[] = [];
    const done: string[] = [];
    const remove = useConfirmation(
      (id: string) => {
        removed.push(id);
        return Promise.resolve(`${id} is gone`);
      },
      { onSuccess: (output, id) => done.push(`${id}: ${output}`) },
    );
    expect(remove.dialog.value).toMatchObject({ open: false, isBusy: false, error: null });
    remove.ask('run-1');
    expect(remove.dialog.value.open).toBe(true);
    expect(removed).toEqual([]);
    remove.dialog.value.onConfirm();
    expect(remove.dialog.value.isBusy).toBe(true);
    await expect.poll(() => remove.dialog.value.open).toBe(false);
    expect([removed, done]).toEqual([['run-1'], ['run-1: run-1 is gone']]);
  });

  it('stays open with the error, and forgets it when it is asked about something else', async () => {
    const remove = useConfirmation(() => Promise.reject(new Error('in use')));
    remove.ask('run-1');
    remove.dialog.value.onConfirm();
    await expect.poll(() => remove.dialog.value.error).not.toBeNull();
    expect(remove.subject.value).toBe('run-1');
    remove.dialog.value['onUpdate:open'](false);
    remove.ask('run-2');
    expect(remove.dialog.value).toMatchObject({ open: true, error: null });
  });

  it('does nothing when the dialog is closed without confirming', () => {
    const remove = useConfirmation((id: string) => Promise.reject(new Error(`${id} was removed`)));
    remove.ask('run-1');
    remove.dialog.value['onUpdate:open'](false);
    remove.dialog.value.onConfirm();
    expect(remove.dialog.value).toMatchObject({ open: false, isBusy: false, error: null });
  });
});
