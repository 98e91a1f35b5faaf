import { MAX_PICTURE_BYTES } from '../../shared/service.js';
import type { PictureStore } from '../pictures/picture-store.js';
import { callerOfRequest } from './caller.js';
import type { NodeRequest, NodeResponse } from './node-http.js';

const PICTURE_PATH = /^\/pictures\/([0-9a-f]{64})$/;
/** Pictures received at once, each in memory until its hash is known; more are told to come again. */
const MAX_AT_ONCE = 8;

/**
 * Makes the answer to HEAD and PUT /pictures/{sha256} for the control center and the nodes of the testbed: whether a picture is here, and
 * taking it in. No path comes from the request, and nothing is kept that is not what the hash says. Resolves with false for any other path.
 */
export function createPictureRoute(pictures: PictureStore): (request: NodeRequest, response: NodeResponse) => Promise<boolean> {
  let receiving = 0;
  return async (request, response) => {
    const sha256 = PICTURE_PATH.exec(request.url ?? '')?.[1];
    if (!sha256 || (request.method !== 'HEAD' && request.method !== 'PUT')) return false;
    if (!callerOfRequest(request)) return answer(response, 403, 'forbidden');
    if (request.method === 'HEAD') return answer(response, pictures.has(sha256) ? 200 : 404);
    const sizeBytes = Number(request.headers['content-length']);
    // What is refused unread leaves its bytes on the connection, which ends with it.
    if (!Number.isInteger(sizeBytes) || sizeBytes < 1) return refuseUnread(response, 411, 'the size of the picture is not said');
    if (sizeBytes > MAX_PICTURE_BYTES) return refuseUnread(response, 413, `a picture has ${MAX_PICTURE_BYTES} bytes at the most`);
    if (receiving >= MAX_AT_ONCE) return refuseUnread(response, 503, 'too many pictures at once');
    receiving++;
    try {
      // Node's HTTP ends a request with more bytes than it said it has.
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const refusal = await pictures.put(sha256, Buffer.concat(chunks));
      return refusal ? answer(response, refusal.status, refusal.reason) : answer(response, 204);
    } finally {
      receiving--;
    }
  };
}

function refuseUnread(response: NodeResponse, status: number, reason: string): true {
  if (!('stream' in response)) response.setHeader('connection', 'close');
  return answer(response, status, reason);
}

function answer(response: NodeResponse, status: number, text?: string): true {
  response.statusCode = status;
  if (text !== undefined) {
    response.setHeader('content-type', 'text/plain');
    response.write(text);
  }
  response.end();
  return true;
}
