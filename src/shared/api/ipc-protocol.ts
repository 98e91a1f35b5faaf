// What crosses between the window and the core in the desktop shell: the tRPC calls of one window, as JSON-safe messages over one channel
// in each direction. The web shell uses tRPC's own WebSocket protocol instead.
import { z } from 'zod';

/** A call, or the wish to hear no more of one. Ids are the window's and grow. */
export const windowMessageSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('call'),
    id: z.number().int().nonnegative(),
    type: z.enum(['query', 'mutation', 'subscription']),
    /** Dotted name of the procedure, as in `runs.watch`. */
    path: z.string().min(1).max(200),
    input: z.unknown(),
  }),
  z.object({ kind: z.literal('stop'), id: z.number().int().nonnegative() }),
]);
export type WindowMessage = z.infer<typeof windowMessageSchema>;
export type CallMessage = Extract<WindowMessage, { kind: 'call' }>;

/** The answer to a query or mutation is one `data`; a subscription gets `started`, any number of `data`, then `ended` or `error`. */
export type CoreMessage =
  | { kind: 'started'; id: number }
  | { kind: 'data'; id: number; data: unknown }
  | { kind: 'ended'; id: number }
  /** `error` is tRPC's error shape, with the program's own in `data.appError`. */
  | { kind: 'error'; id: number; error: object };

/** The one object that the preload puts into the window, as `window.dedgeai`. */
export interface DesktopBridge {
  send(message: WindowMessage): void;
  /** Returns the function that ends the listening. */
  onMessage(listener: (message: CoreMessage) => void): () => void;
}
