// Says no to a request before its body is read, in the words of the protocol that it is made in: gRPC, Connect, or plain HTTP.
import { constants } from 'node:http2';

import { Code } from '@connectrpc/connect';

import type { NodeRequest, NodeResponse } from './node-http.js';

/** The reason is a sentence without capital and full stop, as those of the services are. */
export function refuseRequest(request: NodeRequest, response: NodeResponse, reason: string): void {
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('application/grpc')) {
    response.statusCode = 200;
    response.setHeader('content-type', type);
    response.setHeader('grpc-status', Code.ResourceExhausted);
    response.setHeader('grpc-message', encodeURIComponent(reason));
  } else {
    response.statusCode = 429;
    response.setHeader('content-type', 'application/json');
  }
  if (!('stream' in response)) response.setHeader('connection', 'close');
  if (!type.startsWith('application/grpc')) response.write(JSON.stringify({ code: 'resource_exhausted', message: reason }));
  response.end();
  // What is still to come of the request is not waited for.
  if ('stream' in request) request.stream.once('finish', () => request.stream.close(constants.NGHTTP2_NO_ERROR));
}
