// Asks about one thing before something is done to it: the state behind a ConfirmDialog.
import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import type { AppErrorShape } from '../../shared/errors.js';
import { useMutation } from './useMutation.js';

/** For `v-bind` of a ConfirmDialog; the words are the view's. */
interface DialogState {
  open: boolean;
  isBusy: boolean;
  error: AppErrorShape | null;
  'onUpdate:open': (isOpen: boolean) => void;
  onConfirm: () => void;
}

interface Confirmation<Subject> {
  /** What the dialog is about; null while it is closed. */
  subject: ShallowRef<Subject | null>;
  /** Opens the dialog, without the error of the subject before. */
  ask: (subject: Subject) => void;
  dialog: ComputedRef<DialogState>;
}

/** The dialog closes when the command has succeeded; a failure is shown in it, and can be tried again. */
export function useConfirmation<Subject, Output>(
  command: (subject: Subject) => Promise<Output>,
  options: { onSuccess?: (output: Output, subject: Subject) => void } = {},
): Confirmation<Subject> {
  const subject: ShallowRef<Subject | null> = shallowRef(null);
  const act = useMutation(command, {
    onSuccess: (output, done) => {
      subject.value = null;
      options.onSuccess?.(output, done);
    },
  });
  return {
    subject,
    ask(next) {
      act.reset();
      subject.value = next;
    },
    dialog: computed(() => ({
      open: subject.value !== null,
      isBusy: act.isRunning.value,
      error: act.error.value,
      'onUpdate:open': (isOpen) => {
        if (!isOpen) subject.value = null;
      },
      onConfirm: () => {
        if (subject.value !== null) void act.run(subject.value);
      },
    })),
  };
}
