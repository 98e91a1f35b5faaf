import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '../../../shared/errors.js';

const LOOPBACK = '127.0.0.1';
const USUAL_PORT = 8765;

/**
 * Listens on the loopback interface and returns the port. Null takes the usual port, or a free one when that is taken, 0 a free one; any
 * other port is taken or refused with an AppError.
 */
export async function listenOnLoopback(server: Server, port: number | null): Promise<number> {
  if (port !== null) return listen(server, port);
  try {
    return await listen(server, USUAL_PORT);
  } catch {
    return listen(server, 0);
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => reject(describe(error, port));
    server.once('error', onError);
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => {
      server.off('error', onError);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function describe(error: NodeJS.ErrnoException, port: number): AppError {
  const hint = 'Choose another one with --port, or leave --port out to get a free one.';
  if (error.code === 'EADDRINUSE') return new AppError('conflict', `Port ${port} is in use by another program`, hint, { cause: error });
  if (error.code === 'EACCES') return new AppError('io', `Port ${port} may not be used by this user`, hint, { cause: error });
  return new AppError('io', `Port ${port} cannot be listened on: ${error.message}`, hint, { cause: error });
}
