// Node's HTTP messages to web-standard ones and back, so that both shells share what answers them.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { AppError } from '../../../shared/errors.js';

/** `origin` as in `http://127.0.0.1:8765`. Throws `invalid-input` for what web requests do not have. */
export function toWebRequest(request: IncomingMessage, origin: string): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const method = request.method ?? 'GET';
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const url = toUrl(request, origin);
  try {
    return new Request(url, {
      method,
      headers,
      // The type of a request's body is the platform's own; Node's stream is one of them.
      ...(hasBody && { body: Readable.toWeb(request) as RequestInit['body'], duplex: 'half' as const }),
    });
  } catch (thrown) {
    throw new AppError('invalid-input', `${method} is not answered here`, null, { cause: thrown });
  }
}

export function toUrl(request: IncomingMessage, origin: string): URL {
  const target = request.url ?? '/';
  // `//host/path` would name another host.
  if (!target.startsWith('/') || target.startsWith('//')) throw new AppError('invalid-input', 'What is asked for is not a path');
  return new URL(target, origin);
}

/** Sends a web response with `extraHeaders` added; settles when it is out or the client has gone. */
export async function sendWebResponse(response: Response, to: ServerResponse, extraHeaders: Record<string, string>): Promise<void> {
  to.writeHead(response.status, { ...Object.fromEntries(response.headers), ...extraHeaders });
  if (!response.body) {
    to.end();
    return;
  }
  try {
    await pipeline(Readable.fromWeb(response.body as ReadableStream<Uint8Array>), to);
  } catch (error) {
    // The browser went away in the middle; any other failure can only cut the connection, since the headers are out.
    to.destroy(error instanceof Error ? error : undefined);
  }
}
