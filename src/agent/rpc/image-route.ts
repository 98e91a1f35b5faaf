import type { ResultStore } from '../results/result-store.js';
import { callerOfRequest } from './caller.js';
import type { NodeRequest, NodeResponse } from './node-http.js';

const IMAGE_PATH = /^\/images\/([0-9a-f]{64})$/;

/**
 * Answers GET /images/{sha256} for the control center and the nodes of the testbed; 404 for everything else. Only bytes kept here under that
 * hash are ever sent: no path comes from the request.
 */
export async function serveImage(results: ResultStore, request: NodeRequest, response: NodeResponse): Promise<void> {
  if (!callerOfRequest(request)) {
    endWith(response, 403, 'forbidden');
    return;
  }
  const sha256 = IMAGE_PATH.exec(request.url ?? '')?.[1];
  const bytes = sha256 && request.method === 'GET' ? await results.readImage(sha256) : null;
  if (!bytes) {
    endWith(response, 404, 'not found');
    return;
  }
  response.setHeader('content-type', 'image/png');
  response.setHeader('content-length', bytes.length);
  response.write(bytes);
  response.end();
}

function endWith(response: NodeResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('content-type', 'text/plain');
  response.write(text);
  response.end();
}
