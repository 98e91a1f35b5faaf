import type { connectNodeAdapter } from '@connectrpc/connect-node';

/** Request and response of either HTTP version, as the RPC library sees them. */
export type NodeHandler = ReturnType<typeof connectNodeAdapter>;
export type NodeRequest = Parameters<NodeHandler>[0];
export type NodeResponse = Parameters<NodeHandler>[1];
