// What a client of the core and the core say to each other: the tRPC calls of one window or terminal, as JSON-safe messages over one
// connection. The browser's window uses tRPC's own WebSocket protocol instead.
import { z } from 'zod';

/** A call; the wish to hear no more of one; or that the value of a subscription was taken and the next may come. Ids are the client's and grow. */
export const clientMessageSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('call'),
    id: z.number().int().nonnegative(),
    type: z.enum(['query', 'mutation', 'subscription']),
    /** Dotted name of the procedure, as in `runs.watch`. */
    path: z.string().min(1).max(200),
    /** Absent where a procedure takes none. */
    input: z.unknown().optional(),
  }),
  z.object({ kind: z.literal('stop'), id: z.number().int().nonnegative() }),
  z.object({ kind: z.literal('next'), id: z.number().int().nonnegative() }),
]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;
export type CallMessage = Extract<ClientMessage, { kind: 'call' }>;

/**
 * The answer to a query or mutation is one `data`; a subscription gets `started`, any number of `data`, each after the client's `next` for
 * the one before, then `ended` or `error`.
 */
export type CoreMessage =
  | { kind: 'started'; id: number }
  | { kind: 'data'; id: number; data: unknown }
  | { kind: 'ended'; id: number }
  /** `error` is tRPC's error shape, with the program's own in `data.appError`. */
  | { kind: 'error'; id: number; error: object };

/** One end of a connection that carries whole messages in order: a message port, or a WebSocket on the core's socket. */
export interface Connection<Out, In> {
  /** Does nothing once the connection has ended. */
  post(message: Out): void;
  onMessage(listener: (message: In) => void): void;
  /** Called once, no matter who ended it. */
  onEnd(listener: () => void): void;
  /** Idempotent. */
  end(): void;
}

export type ClientConnection = Connection<ClientMessage, CoreMessage>;
/** The core's end: what comes in is unknown until parsed. */
export type CoreConnection = Connection<CoreMessage, unknown>;
