// The core's door for terminals and for the desktop's assets: who is let in, and what goes through.
import { readdirSync, statSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createRemoteApi } from '../../../src/main/shells/cli/remote-api.js';
import { askAsset } from '../../../src/main/transport/link/ask-asset.js';
import { connectToCore } from '../../../src/main/transport/link/connect-to-core.js';
import { openCoreSocket } from '../../../src/main/transport/server/core-socket.js';
import type { CoreSocket } from '../../../src/main/transport/server/core-socket.js';
import type { ClientConnection } from '../../../src/shared/api/call-protocol.js';
import { AppError } from '../../../src/shared/errors.js';
import { STAND_IN_INFO, standInFor, standInServices } from '../../support/stand-in-services.js';
import type { StandInServices } from '../../support/stand-in-services.js';

let services: StandInServices;
let socket: CoreSocket;
let problems: string[];
let connections: ClientConnection[];

beforeEach(async () => {
  services = standInServices();
  problems = [];
  connections = [];
  socket = await openCoreSocket({ services, onProblem: (message) => problems.push(message) });
});

afterEach(() => {
  for (const connection of connections) connection.end();
  socket.close();
});

async function connect(): Promise<ClientConnection> {
  const connection = await connectToCore(socket.endpoint);
  connections.push(connection);
  return connection;
}

function statusOf(headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest({ socketPath: socket.endpoint.socketPath, path: '/images/x', headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.once('error', reject).end();
  });
}

describe.skipIf(process.platform === 'win32')('the socket', () => {
  it('lies in a folder that only this user can enter, and goes with it', () => {
    const folder = dirname(socket.endpoint.socketPath);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder)).toEqual(['core.sock']);
    socket.close();
    expect(() => statSync(folder)).toThrow();
  });
});

describe('anyone who has no token', () => {
  it.each([[{}], [{ authorization: 'Bearer wrong' }], [{ authorization: 'Bearer ' }]])('gets no asset with %j', async (headers) => {
    expect(await statusOf(headers)).toBe(401);
  });

  it('gets no calls', async () => {
    await expect(connectToCore({ ...socket.endpoint, token: 'wrong' })).rejects.toThrow('401');
  });

  it('finds calls at one path only', async () => {
    const client = new WebSocket(`ws+unix:${socket.endpoint.socketPath}:/elsewhere`, {
      headers: { authorization: `Bearer ${socket.endpoint.token}` },
    });
    const answered = await new Promise<string>((resolve) => client.once('error', (error) => resolve(error.message)));
    expect(answered).toContain('404');
  });
});

describe('calls of a terminal', () => {
  it('have the form that calls of the same process have', async () => {
    const { api } = createRemoteApi(await connect());
    expect(await api.app.info()).toEqual(STAND_IN_INFO);
    expect(await api.testbeds.create({ name: 'Lab' })).toMatchObject({ name: 'Lab' });
  });

  it('throw the program’s own errors', async () => {
    const { api } = createRemoteApi(await connect());
    const thrown = await api.testbeds.get({ id: 'x' }).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(AppError);
    expect(thrown).toMatchObject({ code: 'not-found', message: 'No testbed x', hint: 'Look at the list.' });
  });

  it('stream until their signal aborts', async () => {
    const { until } = createRemoteApi(await connect());
    const abort = new AbortController();
    const values: unknown[] = [];
    for await (const value of await until(abort.signal).testbeds.watch({ id: 'x' })) {
      values.push(value);
      abort.abort();
    }
    expect(values).toEqual([[]]);
    await services.whenWatches(0);
  });

  it('end in words when the window goes', async () => {
    const { api } = createRemoteApi(await connect());
    const watch = (async () => {
      for await (const value of await api.testbeds.watch({ id: 'x' })) expect(value).toEqual([]);
    })();
    await services.whenWatches(1);
    socket.close();
    await expect(watch).rejects.toMatchObject({ code: 'io', message: expect.stringContaining('connection') as string });
    await services.whenWatches(0);
  });

  it('that are none are refused and told of', async () => {
    const connection = await connect();
    connection.post({ kind: 'eval', id: 1 } as never);
    const { api } = createRemoteApi(connection);
    expect(await api.app.info()).toEqual(STAND_IN_INFO);
    expect(problems).toHaveLength(1);
  });
});

describe('a slow client', () => {
  it('is one value behind, whatever the source makes meanwhile', async () => {
    let made = 0;
    services.testbeds.watch = async function* (_id, signal) {
      while (!signal.aborted) yield [{ made: ++made }] as never;
      await Promise.resolve();
    };
    const connection = await connect();
    const first = Promise.withResolvers<null>();
    connection.onMessage((message) => {
      if (message.kind === 'data' && message.id === 1) first.resolve(null);
    });
    connection.post({ kind: 'call', id: 1, type: 'subscription', path: 'testbeds.watch', input: { id: 'x' } });
    await first.promise;
    // Another call there and back: time enough for a source that does not wait to run ahead.
    const answered = Promise.withResolvers<null>();
    connection.onMessage((message) => {
      if (message.id === 2) answered.resolve(null);
    });
    connection.post({ kind: 'call', id: 2, type: 'query', path: 'app.info' });
    await answered.promise;
    expect(made).toBe(1);
  });
});

describe('assets', () => {
  it('are streamed both ways', async () => {
    const bytes = new Uint8Array(300_000).map((_, index) => index % 251);
    let received = 0;
    services.uploads = standInFor('uploads', {
      receive: async (body) => {
        for await (const chunk of body) received += chunk.byteLength;
        return { uploadId: 'u1' };
      },
    });
    const request = new Request('dedgeai://app/uploads', {
      method: 'POST',
      body: bytes,
      headers: { 'x-file-name': 'captions.txt' },
    });
    const answer = await askAsset(socket.endpoint, request);
    expect(await answer.json()).toEqual({ uploadId: 'u1' });
    expect(received).toBe(bytes.byteLength);
  });

  it('bring their error in the one shape', async () => {
    const answer = await askAsset(socket.endpoint, new Request(`dedgeai://app/images/${'a'.repeat(64)}`));
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'not-found' });
  });

  it('fail when no one answers', async () => {
    socket.close();
    await expect(askAsset(socket.endpoint, new Request('dedgeai://app/images/x'))).rejects.toThrow();
  });
});
