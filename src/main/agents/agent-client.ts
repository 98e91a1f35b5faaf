// The control center's line to one agent: RPC over HTTP/2 and images over HTTPS, both on mutual TLS 1.3.
import { Agent } from 'node:https';

import type { MessageInitShape } from '@bufbuild/protobuf';
import { createClient } from '@connectrpc/connect';
import { createConnectTransport, Http2SessionManager } from '@connectrpc/connect-node';

import { nodeServerName } from '../../shared/agent-config.js';
import {
  AgentService,
  type CancelTasksRequestSchema,
  type ConfigureRequestSchema,
  type ConfigureResponse,
  type DescribeResponse,
  type ProbeRequestSchema,
  type ProbeResponse,
  type ShareBlocksRequestSchema,
  type ShareBlocksResponse,
  type TaskSchema,
  type WatchResponse,
} from '../../shared/rpc/gen/agent_pb.js';
import { type AgentPlace, toAgentError } from './agent-errors.js';
import { fetchImage, type FetchImageOptions } from './fetch-image.js';

/** Real milliseconds for a call that only touches memory on the agent. */
const CALL_TIMEOUT_MS = 10_000;
/** A probe waits its turn behind a running image; a slow board takes a minute for one. */
const PROBE_TIMEOUT_MS = 300_000;
/** A silent connection is asked for a sign of life this often, and given up after the timeout. */
const PING_INTERVAL_MS = 5_000;
const PING_TIMEOUT_MS = 5_000;
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

export interface ClientIdentity {
  caPem: string;
  certificatePem: string;
  privateKeyPem: string;
}

export interface ConnectAgentOptions extends AgentPlace {
  identity: ClientIdentity;
}

/** Every method throws AppError: agent-unreachable (worth a retry), agent-failed, or cancelled. */
export interface AgentClient {
  describe(signal?: AbortSignal): Promise<DescribeResponse>;
  configure(request: MessageInitShape<typeof ConfigureRequestSchema>, signal?: AbortSignal): Promise<ConfigureResponse>;
  /** Returns how many tasks were new to the agent. */
  submitTasks(tasks: MessageInitShape<typeof TaskSchema>[], signal?: AbortSignal): Promise<number>;
  /** First everything not acknowledged, then news, until the signal; an empty run id watches all runs. Ends by throwing when the line breaks. */
  watch(runId: string, signal: AbortSignal): AsyncIterable<WatchResponse>;
  acknowledge(taskIds: string[], signal?: AbortSignal): Promise<void>;
  /** Returns the ids that were cancelled by this call. */
  cancelTasks(request: MessageInitShape<typeof CancelTasksRequestSchema>, signal?: AbortSignal): Promise<string[]>;
  setHold(runId: string, isHeld: boolean, signal?: AbortSignal): Promise<void>;
  probe(request: MessageInitShape<typeof ProbeRequestSchema>, signal?: AbortSignal): Promise<ProbeResponse>;
  /** Tells where the blocks of a model's file are; returns which of them are verified on the node. */
  shareBlocks(request: MessageInitShape<typeof ShareBlocksRequestSchema>, signal?: AbortSignal): Promise<ShareBlocksResponse>;
  /** One image by content hash, verified. */
  fetchImage(sha256: string, options: FetchImageOptions): Promise<Buffer>;
  /** Ends the connections; open calls fail. */
  close(): void;
}

/** Makes a client; it connects at the first call and again after a break. The caller closes it. */
export function connectAgent(options: ConnectAgentOptions): AgentClient {
  const { nodeId, host, port, identity } = options;
  const place: AgentPlace = { nodeId, host, port };
  const tls = {
    ca: identity.caPem,
    cert: identity.certificatePem,
    key: identity.privateKeyPem,
    servername: nodeServerName(nodeId),
    minVersion: 'TLSv1.3' as const,
  };
  const baseUrl = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const sessions = new Http2SessionManager(
    baseUrl,
    { pingIntervalMs: PING_INTERVAL_MS, pingTimeoutMs: PING_TIMEOUT_MS, pingIdleConnection: false },
    tls,
  );
  const transport = createConnectTransport({
    httpVersion: '2',
    baseUrl,
    sessionManager: sessions,
    acceptCompression: [],
    readMaxBytes: MAX_MESSAGE_BYTES,
    useBinaryFormat: true,
  });
  const client = createClient(AgentService, transport);
  const httpsAgent = new Agent({ ...tls, keepAlive: true, maxSockets: 8 });

  const call = async <T>(
    run: (limits: { timeoutMs: number; signal?: AbortSignal }) => Promise<T>,
    signal?: AbortSignal,
    timeoutMs = CALL_TIMEOUT_MS,
  ): Promise<T> => {
    try {
      return await run(signal ? { timeoutMs, signal } : { timeoutMs });
    } catch (thrown) {
      throw toAgentError(thrown, place, signal);
    }
  };

  async function* watch(runId: string, signal: AbortSignal): AsyncGenerator<WatchResponse> {
    try {
      yield* client.watch({ runId }, { signal });
    } catch (thrown) {
      throw toAgentError(thrown, place, signal);
    }
  }

  return {
    describe: (signal) => call((limits) => client.describe({}, limits), signal),
    configure: (request, signal) => call((limits) => client.configure(request, limits), signal),
    submitTasks: (tasks, signal) => call(async (limits) => (await client.submitTasks({ tasks }, limits)).acceptedCount, signal),
    watch,
    acknowledge: (taskIds, signal) => call(async (limits) => void (await client.acknowledgeOutcomes({ taskIds }, limits)), signal),
    cancelTasks: (request, signal) => call(async (limits) => (await client.cancelTasks(request, limits)).cancelledTaskIds, signal),
    setHold: (runId, isHeld, signal) => call(async (limits) => void (await client.setHold({ runId, isHeld }, limits)), signal),
    probe: (request, signal) => call((limits) => client.probe(request, limits), signal, PROBE_TIMEOUT_MS),
    shareBlocks: (request, signal) => call((limits) => client.shareBlocks(request, limits), signal),
    fetchImage: (sha256, fetchOptions) => fetchImage(place, httpsAgent, sha256, fetchOptions),
    close: () => {
      sessions.abort();
      httpsAgent.destroy();
    },
  };
}
