// The control center's line to one agent: RPC over HTTP/2 and images over HTTPS, both on mutual TLS 1.3.
import { Agent } from 'node:https';

import type { MessageInitShape } from '@bufbuild/protobuf';
import { type Client, createClient } from '@connectrpc/connect';
import { createConnectTransport, Http2SessionManager } from '@connectrpc/connect-node';

import { nodeServerName } from '../../../shared/agent-config.js';
import { agentUrl, CALLER_SETTINGS } from '../../../shared/rpc/connection-settings.js';
import {
  AgentService,
  type CancelTasksRequestSchema,
  type ConfigureRequestSchema,
  type ConfigureResponse,
  type DescribeResponse,
  type Experience,
  type ProbeRequestSchema,
  type ProbeResponse,
  type ShareBlocksRequestSchema,
  type ShareBlocksResponse,
  type TaskSchema,
  type WatchResponse,
} from '../../../shared/rpc/gen/agent_pb.js';
import type { AppError } from '../../../shared/errors.js';
import { PROTOCOL_VERSION } from '../../../shared/rpc/protocol-version.js';
import type { Lease } from '../../../shared/task-life/lease.js';
import { type AgentEndpoint, toAgentError } from './agent-errors.js';
import { explainCertificate } from './explain-certificate.js';
import { explainRefusal } from './explain-refusal.js';
import { fetchImage, type FetchImageOptions } from './fetch-image.js';
import { type PictureToPut, putPicture } from './put-picture.js';

/** Real milliseconds for a call that only touches memory on the agent. */
const CALL_TIMEOUT_MS = 10_000;
/** A probe waits its turn behind a running image; a slow board takes a minute for one. */
const PROBE_TIMEOUT_MS = 300_000;

export interface ClientIdentity {
  caPem: string;
  certificatePem: string;
  privateKeyPem: string;
}

export interface ConnectAgentOptions extends AgentEndpoint {
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
  acknowledge(leases: readonly Lease[], signal?: AbortSignal): Promise<void>;
  /** Returns the leases of this base station that were canceled by this call. */
  cancelTasks(request: MessageInitShape<typeof CancelTasksRequestSchema>, signal?: AbortSignal): Promise<Lease[]>;
  /** The leases of a run that the agent has as base station. */
  listLeases(runId: string, signal?: AbortSignal): Promise<Lease[]>;
  setHold(runId: string, isHeld: boolean, signal?: AbortSignal): Promise<void>;
  /** Decisions of a run as its base station saw them, as the agent says; from an index on, empty at their end. */
  listExperience(runId: string, from: number, signal?: AbortSignal): Promise<Experience[]>;
  probe(request: MessageInitShape<typeof ProbeRequestSchema>, signal?: AbortSignal): Promise<ProbeResponse>;
  /** Tells where the blocks of a model's file are; returns which of them are verified on the node. */
  shareBlocks(request: MessageInitShape<typeof ShareBlocksRequestSchema>, signal?: AbortSignal): Promise<ShareBlocksResponse>;
  /** One image by content hash, verified. */
  fetchImage(sha256: string, options: FetchImageOptions): Promise<Buffer>;
  /** Sees to it that the agent has an input picture, which comes before its task. */
  putPicture(picture: PictureToPut, signal?: AbortSignal): Promise<void>;
  /** Whom the agent lets in; false where it has another version by now than the one that is to be replaced. */
  setRoster(roster: { replacesVersion: number; nodeIds: string[] }, signal?: AbortSignal): Promise<{ version: number; isTaken: boolean }>;
  /** Has the agent take up a certificate (DER) for its own key. */
  renewCertificate(certificate: Uint8Array, signal?: AbortSignal): Promise<void>;
  /** Connections from now on are made with this identity; calls under way end on those that they started on. */
  useIdentity(identity: ClientIdentity): void;
  /** Ends the connections, and makes new ones at the next call: the old may be dead without anyone saying so. */
  reset(): void;
  /** Ends the connections; open calls fail. */
  close(): void;
}

/** Makes a client; it connects at the first call and again after a break. The caller closes it. */
export function connectAgent(options: ConnectAgentOptions): AgentClient {
  const { nodeId, host, port } = options;
  const endpoint: AgentEndpoint = { nodeId, host, port };
  let tls = tlsFor(options.identity, nodeId);
  const baseUrl = agentUrl(endpoint);
  const open = (): { sessions: Http2SessionManager; client: Client<typeof AgentService>; httpsAgent: Agent } => {
    // Without pings of its own: the manager leaves connections behind whose ping may end the process. Anyone who watches resets dead ones.
    const sessions = new Http2SessionManager(baseUrl, {}, tls);
    const transport = createConnectTransport({ ...CALLER_SETTINGS, baseUrl, sessionManager: sessions });
    return { sessions, client: createClient(AgentService, transport), httpsAgent: new Agent({ ...tls, keepAlive: true, maxSockets: 8 }) };
  };
  let current = open();
  const end = (): void => {
    current.sessions.abort();
    current.httpsAgent.destroy();
  };

  const explain = async (thrown: unknown, signal?: AbortSignal): Promise<AppError> => {
    const error = await explainRefusal(toAgentError(thrown, endpoint, signal), endpoint, tls);
    return explainCertificate(error, endpoint, tls);
  };

  const call = async <T>(
    run: (limits: { timeoutMs: number; signal?: AbortSignal }) => Promise<T>,
    signal?: AbortSignal,
    timeoutMs = CALL_TIMEOUT_MS,
  ): Promise<T> => {
    try {
      return await run(signal ? { timeoutMs, signal } : { timeoutMs });
    } catch (thrown) {
      throw await explain(thrown, signal);
    }
  };

  async function* watch(runId: string, signal: AbortSignal): AsyncGenerator<WatchResponse> {
    try {
      yield* current.client.watch({ runId }, { signal });
    } catch (thrown) {
      throw await explain(thrown, signal);
    }
  }

  return {
    describe: (signal) => call((limits) => current.client.describe({}, limits), signal),
    configure: (request, signal) =>
      call((limits) => current.client.configure({ ...request, protocolVersion: PROTOCOL_VERSION }, limits), signal),
    submitTasks: (tasks, signal) => call(async (limits) => (await current.client.submitTasks({ tasks }, limits)).acceptedCount, signal),
    watch,
    acknowledge: (leases, signal) =>
      call(async (limits) => void (await current.client.acknowledgeOutcomes({ leases: [...leases] }, limits)), signal),
    cancelTasks: (request, signal) => call(async (limits) => (await current.client.cancelTasks(request, limits)).cancelled, signal),
    listLeases: (runId, signal) => call(async (limits) => (await current.client.listLeases({ runId }, limits)).leases, signal),
    setHold: (runId, isHeld, signal) => call(async (limits) => void (await current.client.setHold({ runId, isHeld }, limits)), signal),
    listExperience: (runId, from, signal) =>
      call(async (limits) => (await current.client.listExperience({ runId, from }, limits)).experiences, signal),
    probe: (request, signal) => call((limits) => current.client.probe(request, limits), signal, PROBE_TIMEOUT_MS),
    shareBlocks: (request, signal) => call((limits) => current.client.shareBlocks(request, limits), signal),
    fetchImage: (sha256, fetchOptions) => fetchImage(endpoint, current.httpsAgent, sha256, fetchOptions),
    putPicture: (picture, signal) => putPicture(endpoint, current.httpsAgent, picture, signal),
    setRoster: (roster, signal) =>
      call(async (limits) => {
        const { version, isTaken } = await current.client.setRoster(roster, limits);
        return { version, isTaken };
      }, signal),
    renewCertificate: (certificate, signal) =>
      call(async (limits) => void (await current.client.renewCertificate({ certificate }, limits)), signal),
    useIdentity: (identity) => {
      tls = tlsFor(identity, nodeId);
      // The old connections are left to what is under way on them; unused, they end after a while.
      current = open();
    },
    reset: () => {
      end();
      current = open();
    },
    close: end,
  };
}

function tlsFor({ caPem, certificatePem, privateKeyPem }: ClientIdentity, nodeId: string) {
  return { ca: caPem, cert: certificatePem, key: privateKeyPem, servername: nodeServerName(nodeId), minVersion: 'TLSv1.3' as const };
}
