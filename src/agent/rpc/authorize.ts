// Each service has its callers: the control center commands, nodes of the testbed cooperate, and no one else says anything.
import { Code, ConnectError, createContextKey, type HandlerContext, type Interceptor } from '@connectrpc/connect';

import { AgentService, PeerService } from '../../shared/rpc/gen/agent_pb.js';
import type { CallerIdentity } from './peer-identity.js';

export const callerKey = createContextKey<CallerIdentity>({ kind: 'stranger' });

/** Refuses calls from the wrong kind of caller with PermissionDenied. */
export const authorize: Interceptor = (next) => (request) => {
  const caller = request.contextValues.get(callerKey);
  const isAllowed =
    (request.service.typeName === AgentService.typeName && caller.kind === 'control-center') ||
    (request.service.typeName === PeerService.typeName && caller.kind === 'node');
  if (!isAllowed) throw new ConnectError(`a ${caller.kind} may not call ${request.service.typeName}`, Code.PermissionDenied);
  return next(request);
};

/** The node that calls; throws PermissionDenied when it is none or claims to be another than `claimedNodeId`. */
export function requireNode(context: HandlerContext, claimedNodeId?: string): string {
  const caller = context.values.get(callerKey);
  if (caller.kind !== 'node') throw new ConnectError('only nodes of the testbed may call this', Code.PermissionDenied);
  if (claimedNodeId !== undefined && claimedNodeId !== caller.nodeId) {
    throw new ConnectError(`node ${caller.nodeId} may not speak for node ${claimedNodeId}`, Code.PermissionDenied);
  }
  return caller.nodeId;
}
