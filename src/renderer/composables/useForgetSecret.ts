// Has a secret forgotten, with a way back for as long as the core still has it. The window never does.
import type { AppErrorShape } from '../../shared/errors.js';
import type { SecretRef } from '../../shared/credentials.js';
import type { Ref } from 'vue';
import { useApi } from './useApi.js';
import { useMutation } from './useMutation.js';
import { useToasts } from './useToasts.js';
import { useUndo } from './useUndo.js';

export interface ForgetSecret {
  /** `subject` is what the message names: `Password of node ES 1`. */
  run: (of: SecretRef, subject: string) => Promise<void>;
  isRunning: Ref<boolean>;
  error: Ref<AppErrorShape | null>;
  reset: () => void;
}

/** `changed` is called after it, and after it was undone. */
export function useForgetSecret(changed: () => void): ForgetSecret {
  const api = useApi();
  const toasts = useToasts();
  const undo = useUndo();
  const forget = useMutation((of: SecretRef) => api.credentials.forget.mutate({ of }), { onSuccess: changed });

  return {
    ...forget,
    run: (of, subject) =>
      undo.during(async () => {
        const answer = await forget.run(of);
        if (!answer) return;
        const message = `${subject} forgotten.`;
        if (!answer.isRestorable) toasts.announce(message);
        else
          undo.offer(message, async () => {
            await api.credentials.restore.mutate({ of });
            changed();
          });
      }),
  };
}
