import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { callerOfRequest } from './caller.js';
import type { NodeRequest, NodeResponse } from './node-http.js';
import type { BlockExchange } from '../blocks/block-exchange.js';

const BLOCK_PATH = /^\/blocks\/([0-9a-f]{64})\/(\d{1,7})$/;
/** Blocks sent at once; more are asked to come again. */
const MAX_AT_ONCE = 8;

/**
 * Makes the answer to GET /blocks/{sha256 of the file}/{index} for the control center and the nodes of the testbed. Only whole verified
 * blocks are sent, no path comes from the request. Resolves with false for any other path.
 */
export function createBlockRoute(blocks: BlockExchange): (request: NodeRequest, response: NodeResponse) => Promise<boolean> {
  let sending = 0;
  return async (request, response) => {
    const match = BLOCK_PATH.exec(request.url ?? '');
    if (!match?.[1] || !match[2] || request.method !== 'GET') return false;
    if (!callerOfRequest(request)) return refuse(response, 403, 'forbidden');
    const index = Number(match[2]);
    const file = await blocks.find(match[1], index);
    if (!file) return refuse(response, 404, 'not held here');
    if (sending >= MAX_AT_ONCE) return refuse(response, 503, 'too many blocks at once');
    sending++;
    try {
      response.setHeader('content-type', 'application/octet-stream');
      response.setHeader('content-length', file.lengthOf(index));
      await pipeline(file.read(index), response as Writable);
    } finally {
      sending--;
    }
    return true;
  };
}

function refuse(response: NodeResponse, status: number, text: string): true {
  response.statusCode = status;
  response.setHeader('content-type', 'text/plain');
  response.write(text);
  response.end();
  return true;
}
