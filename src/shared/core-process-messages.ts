// What the desktop's main process and the core's process say to each other, besides the calls of windows: life, the ports of windows, and
// the system's key store, which only main reaches.
import { z } from 'zod';

/** Where a core is reached on this machine: its socket (a named pipe on Windows) and the token that every request must show. */
export const coreEndpointSchema = z.object({ socketPath: z.string().min(1), token: z.string().min(1) });
export type CoreEndpoint = z.infer<typeof coreEndpointSchema>;

const requestId = z.number().int();

/** From main. A port's messages travel inside these only where the channel can't carry ports (a forked Node.js). */
export const toCoreSchema = z.discriminatedUnion('kind', [
  /** A window connects; the port itself comes with this message, or its messages as `port-message`. */
  z.object({ kind: z.literal('port-opened'), port: z.number().int() }),
  z.object({ kind: z.literal('port-message'), port: z.number().int(), data: z.unknown().optional() }),
  z.object({ kind: z.literal('port-closed'), port: z.number().int() }),
  /** The answer to a request about the key store: `error` in words, or the value. */
  z.object({ kind: z.literal('protection-answer'), id: requestId, error: z.string().nullable(), value: z.unknown().optional() }),
  z.object({ kind: z.literal('close') }),
]);
export type ToCoreMessage = z.infer<typeof toCoreSchema>;

export const fromCoreSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), endpoint: coreEndpointSchema }),
  /** The core could not be opened, for a reason that the program foresees or not. */
  z.object({ kind: z.literal('failed'), code: z.string(), message: z.string(), hint: z.string().nullable() }),
  z.object({ kind: z.literal('port-message'), port: z.number().int(), data: z.unknown().optional() }),
  z.object({ kind: z.literal('describe-protection'), id: requestId }),
  /** `text` is a secret: main seals it and answers with base64. */
  z.object({ kind: z.literal('protect'), id: requestId, text: z.string() }),
  z.object({ kind: z.literal('unprotect'), id: requestId, sealedBase64: z.string() }),
  z.object({ kind: z.literal('closed') }),
]);
export type FromCoreMessage = z.infer<typeof fromCoreSchema>;

/** What a shell can offer for secrets: encryption under a key that the system keeps for this user. */
export interface SystemProtection {
  /** Asked for again each time: a key store may be unlocked later. `isUsable` only where the key is truly kept by the system. */
  describe(): Promise<{ isUsable: boolean; description: string }>;
  encrypt(text: string): Promise<Uint8Array>;
  decrypt(sealed: Uint8Array): Promise<string>;
}
