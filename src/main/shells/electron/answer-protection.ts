import type { FromCoreMessage, SystemProtection, ToCoreMessage } from '../../../shared/core-process-messages.js';

/** The answer to a core's request about the system's key store; null for any other message. Never rejects. */
export async function answerProtection(message: FromCoreMessage, protection: SystemProtection): Promise<ToCoreMessage | null> {
  switch (message.kind) {
    case 'describe-protection':
      return answer(message.id, () => protection.describe());
    case 'protect':
      return answer(message.id, async () => Buffer.from(await protection.encrypt(message.text)).toString('base64'));
    case 'unprotect':
      return answer(message.id, () => protection.decrypt(Buffer.from(message.sealedBase64, 'base64')));
    default:
      return null;
  }
}

async function answer(id: number, ask: () => Promise<unknown>): Promise<ToCoreMessage> {
  try {
    return { kind: 'protection-answer', id, error: null, value: await ask() };
  } catch (thrown) {
    return { kind: 'protection-answer', id, error: thrown instanceof Error ? thrown.message : String(thrown), value: null };
  }
}
