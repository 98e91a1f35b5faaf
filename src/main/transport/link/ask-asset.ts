// Asks the core for an asset over its socket, for the scheme of the desktop's window; bodies are streamed both ways.
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { CoreEndpoint } from '../../../shared/core-process-messages.js';
import { authorizationOf } from './core-token.js';

/** What of a window's request and of the core's answer continues. */
const REQUEST_HEADERS = ['content-type', 'x-file-name', 'range'];
const ANSWER_HEADERS = ['content-type', 'content-length', 'content-disposition', 'cache-control', 'content-range', 'accept-ranges'];

/** Rejects when the core does not answer. The window going away ends the request at the core too. */
export async function askAsset({ socketPath, token }: CoreEndpoint, request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const headers: Record<string, string> = { authorization: authorizationOf(token) };
  for (const name of REQUEST_HEADERS) {
    const value = request.headers.get(name);
    if (value !== null) headers[name] = value;
  }
  const asked = httpRequest({ socketPath, path: pathname + search, method: request.method, headers });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    asked.once('response', resolve);
    asked.once('error', reject);
  });
  if (request.body) await Promise.race([pipeline(Readable.from(request.body), asked), answered]);
  else asked.end();
  return toWebResponse(await answered);
}

function toWebResponse(answer: IncomingMessage): Response {
  const headers = new Headers();
  for (const name of ANSWER_HEADERS) {
    const value = answer.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  // The type of an answer's body is the platform's own; Node's stream is one of them.
  return new Response(Readable.toWeb(answer) as ConstructorParameters<typeof Response>[0], { status: answer.statusCode ?? 502, headers });
}
