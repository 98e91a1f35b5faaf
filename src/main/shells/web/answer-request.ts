// One HTTP request of the web shell: check, authenticate, then assets and the files of the window.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { findErrorShape } from '../../api/trpc.js';
import { handleAsset } from '../../api/handle-asset.js';
import type { AssetServices } from '../../api/handle-asset.js';
import { reportInternalError } from '../../adapters/log/report-internal-error.js';
import { securityHeaders } from '../window-files/security-headers.js';
import { windowFile } from '../window-files/window-file.js';
import { parseSignInAddress } from '../../../shared/sign-in-address.js';
import { findForeignOrigin } from './check-origin.js';
import type { Sessions } from './sessions.js';
import { signInPage } from './sign-in-page.js';
import type { WrongTokens } from './wrong-tokens.js';
import { sendWebResponse, toUrl, toWebRequest } from '../../transport/server/web-messages.js';

export interface AnswerContext {
  port: number;
  sessions: Sessions;
  wrongTokens: WrongTokens;
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
    const { code, message, hint } = findErrorShape(
      reportInternalError(context.services.log, error, { doing: `answering ${request.method ?? ''}` }),
    );
    answer = plainPage(code === 'internal' ? 500 : 400, `The request could not be answered: ${message}\n\n${hint ?? ''}`);
  }
  // A page with a policy of its own keeps it.
  const policy = answer.headers.get('content-security-policy');
  await sendWebResponse(answer, response, { ...headers, ...(policy !== null && { 'content-security-policy': policy }) });
}

async function answerTo(request: IncomingMessage, context: AnswerContext): Promise<Response> {
  const foreign = findForeignOrigin(request, context.port);
  if (foreign) return plainPage(403, foreign);

  const origin = `http://${request.headers.host}`;
  const url = toUrl(request, origin);
  if (url.pathname === '/' && url.searchParams.has('token') && request.method === 'GET') {
    // A link that was used before is fine in the browser that used it.
    if (context.sessions.isOpen(request.headers.cookie)) return enter(request);
    const { waitSec } = context.wrongTokens;
    if (waitSec > 0) return plainPage(429, tooManyWrong(waitSec), { 'retry-after': String(waitSec) });
    const cookie = context.sessions.redeem(url.searchParams.get('token') ?? '');
    if (cookie) {
      context.wrongTokens.clear();
      context.onSessionOpened();
      return enter(request, { 'set-cookie': cookie });
    }
    context.wrongTokens.add();
  }
  if (!context.sessions.isOpen(request.headers.cookie)) return askToSignIn(url);

  const asset = await handleAsset(toWebRequest(request, origin), context.services);
  if (asset) return asset;
  if (request.method !== 'GET' && request.method !== 'HEAD') return plainPage(405, `${request.method} is not answered here.`);
  return (await windowFile(url.pathname, context.rendererDir)) ?? plainPage(404, 'There is no such page.');
}

/**
 * Leads to the window. A browser that came from elsewhere (the page in a file that it was given to open) would leave the cookie out of a
 * redirect, since it is for requests of our own pages only: it gets a page of ours that continues.
 */
function enter(request: IncomingMessage, headers: Record<string, string> = {}): Response {
  const common = { ...headers, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };
  if (request.headers['sec-fetch-site'] !== 'cross-site') return new Response(null, { status: 303, headers: { ...common, location: '/' } });
  const page = '<!doctype html><meta http-equiv="refresh" content="0; url=/"><title>DEdgeAI Control Center</title>';
  return new Response(page, { headers: { ...common, 'content-type': 'text/html; charset=utf-8' } });
}

function tooManyWrong(waitSec: number): string {
  return `Too many tokens were wrong. The next one is looked at in ${waitSec} s; reload this page then.`;
}

/** The page of who is not signed in; where its form was sent with an address, on to that one. */
function askToSignIn(url: URL): Response {
  const pasted = url.pathname === '/' ? url.searchParams.get('address') : null;
  const address = pasted === null ? null : parseSignInAddress(pasted);
  if (address === null) return signInPage(pasted === null ? null : 'Paste the whole address: http://127.0.0.1:PORT/?token=…');
  return new Response(null, { status: 303, headers: { location: address, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' } });
}

function plainPage(status: number, text: string, headers: Record<string, string> = {}): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { ...headers, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  });
}
