// Guards every request: those of connections above a caller's share and those above its number of requests are refused in words, and
// one that does not arrive whole within its time is ended.
import { constants } from 'node:http2';

import { type Caller, callerOfRequest } from './caller.js';
import { REQUEST_TIMEOUT_MS } from './limits.js';
import type { NodeHandler, NodeRequest, NodeResponse } from './node-http.js';
import { nameOfCaller } from './peer-identity.js';
import { refuseRequest } from './refuse-request.js';
import type { SparingLog } from './sparing-log.js';

/** `handle` with the guard before it. */
export function guardRequests(handle: NodeHandler, log: SparingLog, requestTimeoutMs = REQUEST_TIMEOUT_MS): NodeHandler {
  return (request: NodeRequest, response: NodeResponse) => {
    const note = callerOfRequest(request);
    if (!note) {
      response.destroy();
      return;
    }
    const { caller } = note;
    const reason = whyTooMuch(caller, note.isSurplus);
    if (reason !== null) {
      log.info('request refused', nameOfCaller(caller.identity), { reason });
      refuseRequest(request, response, reason);
      if (note.isSurplus) endAfterwards(request);
      return;
    }
    caller.requestCount++;
    response.once('close', () => caller.requestCount--);
    endWhenSlow(request, requestTimeoutMs);
    handle(request, response);
  };
}

function whyTooMuch({ identity, limits, connections, requestCount }: Caller, isSurplus: boolean): string | null {
  const who = nameOfCaller(identity);
  if (isSurplus) return `${who} has too many connections to this agent: ${connections.size}, of ${limits.connections} that it may have`;
  return requestCount < limits.requests ? null : `${who} has too many requests at this agent: ${limits.requests} are being worked on`;
}

/** A connection above the share has no more to hear than this answer. */
function endAfterwards(request: NodeRequest): void {
  if ('stream' in request) request.stream.session?.close();
}

function endWhenSlow(request: NodeRequest, timeoutMs: number): void {
  if (request.method === 'GET') return;
  const timer = setTimeout(() => {
    if ('stream' in request) request.stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    else request.destroy();
  }, timeoutMs);
  request.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
}
