// One HTTP request of the web shell: check, authenticate, then assets and the files of the window.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { handleAsset } from '../assets/handle-asset.js';
import type { AssetServices } from '../assets/handle-asset.js';
import { securityHeaders } from '../window-files/security-headers.js';
import { windowFile } from '../window-files/window-file.js';
import { findForeignOrigin } from './check-origin.js';
import type { Sessions } from './sessions.js';
import { sendWebResponse, toUrl, toWebRequest } from '../core-server/web-messages.js';

export interface AnswerContext {
  port: number;
  sessions: Sessions;
  services: AssetServices;
  rendererDir: string;
  /** A token was used up; the next one is ready. */
  onSessionOpened(): void;
}

/** Never rejects: whatever goes wrong becomes an answer. */
export async function answerRequest(request: IncomingMessage, response: ServerResponse, context: AnswerContext): Promise<void> {
  const headers = securityHeaders([`ws://127.0.0.1:${context.port}`, `ws://localhost:${context.port}`]);
  let answer: Response;
  try {
    answer = await answerTo(request, context);
  } catch (error) {
    answer = plainPage(error instanceof TypeError ? 400 : 500, 'The request could not be answered.');
  }
  await sendWebResponse(answer, response, headers);
}

async function answerTo(request: IncomingMessage, context: AnswerContext): Promise<Response> {
  const foreign = findForeignOrigin(request, context.port);
  if (foreign) return plainPage(403, foreign);

  const origin = `http://${request.headers.host}`;
  const url = toUrl(request, origin);
  if (url.pathname === '/' && url.searchParams.has('token') && request.method === 'GET') {
    const cookie = context.sessions.redeem(url.searchParams.get('token') ?? '');
    if (cookie) {
      context.onSessionOpened();
      return new Response(null, { status: 303, headers: { location: '/', 'set-cookie': cookie, 'cache-control': 'no-store' } });
    }
    // A link that was used before is fine in the browser that used it.
    if (context.sessions.isOpen(request.headers.cookie)) return new Response(null, { status: 303, headers: { location: '/' } });
  }
  if (!context.sessions.isOpen(request.headers.cookie)) return plainPage(401, HOW_TO_GET_IN);

  const asset = await handleAsset(toWebRequest(request, origin), context.services);
  if (asset) return asset;
  if (request.method !== 'GET' && request.method !== 'HEAD') return plainPage(405, `${request.method} is not answered here.`);
  return (await windowFile(url.pathname, context.rendererDir)) ?? plainPage(404, 'There is no such page.');
}

const HOW_TO_GET_IN =
  'This is DEdgeAI Control Center, and this browser is not signed in.\n\n' +
  'Open the address with ?token=... that the program printed last in its terminal. Each such address works once; ' +
  'the program prints a new one after it was used.';

function plainPage(status: number, text: string): Response {
  return new Response(`${text}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' } });
}
