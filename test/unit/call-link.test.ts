// The client's half of the call protocol against a connection that the test holds in its hands.
import { createTRPCUntypedClient } from '@trpc/client';
import type { AnyTRPCRouter } from '@trpc/server';
import { beforeEach, describe, expect, it } from 'vitest';
import { CONNECTION_LOST, createCallLink } from '../../src/shared/api/call-link.js';
import type { CallLink } from '../../src/shared/api/call-link.js';
import type { ClientConnection, ClientMessage, CoreMessage } from '../../src/shared/api/call-protocol.js';

interface HeldConnection extends ClientConnection {
  sent: ClientMessage[];
  answer(message: CoreMessage): void;
  cut(): void;
  isEnded: boolean;
}

function holdConnection(): HeldConnection {
  let receive: (message: CoreMessage) => void = () => undefined;
  let ended = (): void => undefined;
  const held: HeldConnection = {
    sent: [],
    isEnded: false,
    post: (message) => void held.sent.push(message),
    onMessage: (listener) => (receive = listener),
    onEnd: (listener) => (ended = listener),
    end: () => (held.isEnded = true),
    answer: (message) => receive(message),
    cut: () => ended(),
  };
  return held;
}

const NOT_HEARD = { onData: () => undefined };

let link: CallLink<AnyTRPCRouter>;
let client: ReturnType<typeof createTRPCUntypedClient>;
let first: HeldConnection;

beforeEach(() => {
  link = createCallLink();
  client = createTRPCUntypedClient({ links: [link.link] });
  first = holdConnection();
});

describe('without a connection', () => {
  it('calls wait and are sent when one comes, in their order', async () => {
    const [one, two] = [client.query('a'), client.mutation('b', 2)];
    link.connect(first);
    expect(first.sent).toEqual([
      { kind: 'call', id: 1, type: 'query', path: 'a', input: undefined },
      { kind: 'call', id: 2, type: 'mutation', path: 'b', input: 2 },
    ]);
    first.answer({ kind: 'data', id: 2, data: 'second' });
    first.answer({ kind: 'data', id: 1, data: 'first' });
    expect(await Promise.all([one, two])).toEqual(['first', 'second']);
  });

  it('calls fail when none will come', async () => {
    const call = client.query('a');
    link.giveUp();
    await expect(call).rejects.toMatchObject({ cause: { name: CONNECTION_LOST } });
  });
});

describe('a connection that ends', () => {
  it('fails the calls on their way: no one knows what became of them', async () => {
    link.connect(first);
    const call = client.mutation('a');
    first.cut();
    await expect(call).rejects.toMatchObject({ cause: { name: CONNECTION_LOST } });
  });

  it('leaves a call that was made afterwards waiting for the next one', async () => {
    link.connect(first);
    first.cut();
    const call = client.query('a');
    const second = holdConnection();
    link.connect(second);
    second.answer({ kind: 'data', id: 1, data: 7 });
    expect(await call).toBe(7);
  });

  it('lets a subscription start again on the next one', () => {
    link.connect(first);
    const values: unknown[] = [];
    client.subscription('s', undefined, { onData: (value: unknown) => values.push(value) });
    first.answer({ kind: 'started', id: 1 });
    first.answer({ kind: 'data', id: 1, data: 'before' });
    first.cut();
    const second = holdConnection();
    link.connect(second);
    expect(second.sent).toEqual([{ kind: 'call', id: 1, type: 'subscription', path: 's', input: undefined }]);
    second.answer({ kind: 'data', id: 1, data: 'after' });
    expect(values).toEqual(['before', 'after']);
  });

  it('is not heard any more when another one took its place', async () => {
    link.connect(first);
    const second = holdConnection();
    link.connect(second);
    expect(first.isEnded).toBe(true);
    const call = client.query('a');
    first.answer({ kind: 'data', id: 1, data: 'old' });
    second.answer({ kind: 'data', id: 1, data: 'new' });
    expect(await call).toBe('new');
  });
});

describe('a subscription', () => {
  it('asks for the next value when it has taken one, and for no more once it has ended', () => {
    link.connect(first);
    client.subscription('s', undefined, NOT_HEARD);
    first.answer({ kind: 'started', id: 1 });
    expect(first.sent).toHaveLength(1);
    first.answer({ kind: 'data', id: 1, data: 1 });
    expect(first.sent.at(-1)).toEqual({ kind: 'next', id: 1 });
    first.answer({ kind: 'ended', id: 1 });
    expect(first.sent).toHaveLength(2);
  });

  it('is stopped at the core when no one wants it', () => {
    link.connect(first);
    client.subscription('s', undefined, NOT_HEARD).unsubscribe();
    expect(first.sent.at(-1)).toEqual({ kind: 'stop', id: 1 });
  });

  it('that was never sent is forgotten without a word', () => {
    client.subscription('s', undefined, NOT_HEARD).unsubscribe();
    link.connect(first);
    expect(first.sent).toEqual([]);
  });
});
