// The system's key store, which only the main process reaches: every request goes there and waits for its answer.
import { z } from 'zod';
import type { FromCoreMessage, SystemProtection, ToCoreMessage } from '../../../shared/core-process-messages.js';

type ProtectionAnswer = Extract<ToCoreMessage, { kind: 'protection-answer' }>;
type ProtectionRequest = Extract<FromCoreMessage, { id: number }>;
type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never;

const description = z.object({ isUsable: z.boolean(), description: z.string() });
const base64 = z.base64();

export interface ParentProtection extends SystemProtection {
  /** An answer came. */
  receive(answer: ProtectionAnswer): void;
}

export function protectionByParent(post: (message: FromCoreMessage) => void): ParentProtection {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let lastId = 0;
  const ask = (request: Unnumbered<ProtectionRequest>): Promise<unknown> => {
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      post({ ...request, id });
    });
  };
  return {
    receive({ id, error, value }) {
      const asked = waiting.get(id);
      waiting.delete(id);
      if (error === null) asked?.resolve(value);
      else asked?.reject(new Error(error));
    },
    describe: async () => description.parse(await ask({ kind: 'describe-protection' })),
    encrypt: async (text) => Buffer.from(base64.parse(await ask({ kind: 'protect', text })), 'base64'),
    decrypt: async (sealed) => z.string().parse(await ask({ kind: 'unprotect', sealedBase64: Buffer.from(sealed).toString('base64') })),
  };
}
