// What the core and its push process say to each other. One process pushes one model, to nodes that come as they come.
import type { AppErrorShape } from '../../../../shared/errors.js';
import type { Model } from '../../../../shared/model.js';
import type { PushOutcome, PushProgress, PushVerification } from '../../../../shared/model-push.js';
import type { ClientIdentity } from '../../../adapters/agents/agent-client.js';
import type { ResolvedSshRoute } from '../../../adapters/ssh/ssh-route.js';

export type PushedModel = Pick<Model, 'sha256' | 'layout' | 'path' | 'files'>;

/** A node to push to. Holds secrets: it goes by message, never by command line or environment. */
export interface PushTarget {
  nodeId: string;
  nodeName: string;
  route: ResolvedSshRoute;
  /** Its agent, if it has one that may hand blocks on. */
  agent: { host: string; port: number; identity: ClientIdentity } | null;
  verification: PushVerification;
}

export type PushRequest =
  /** Once, first. */
  | { kind: 'start'; work: PushWork }
  | { kind: 'add'; target: PushTarget }
  | { kind: 'cancel'; nodeId: string }
  /** After the last node: hands on what peers still need, closes everything and ends. */
  | { kind: 'end' };

export type PushReply =
  | { kind: 'progress'; nodeId: string; progress: PushProgress }
  | { kind: 'pushed'; nodeId: string; outcome: PushOutcome }
  | { kind: 'failed'; nodeId: string; error: AppErrorShape };

/** What holds for every node of a push. */
export interface PushWork {
  model: PushedModel;
  /** Stay free on every node's disk. */
  reserveBytes: number;
  /** Path of OpenSSH's `ssh`; null where there is none, or it is not to be used. */
  openSshPath: string | null;
}

export interface PushWorkerOptions {
  work: PushWork;
  /** Called when no node is left; the process then ends and takes no more. */
  onIdle: () => void;
}

/** A push process: one model to the nodes that it is told of. */
export interface PushWorker {
  readonly pid: number | undefined;
  readonly ended: Promise<void>;
  /**
   * Throws what the push throws, or `resolving`; `cancelled` when the signal aborts, `io` when the process dies. The process comes up while
   * the way to the node is still being resolved.
   */
  push(
    node: { id: string; name: string },
    resolving: Promise<PushTarget>,
    options: { signal: AbortSignal; onProgress(progress: PushProgress): void },
  ): Promise<PushOutcome>;
  /** Ends it at once. */
  kill(): void;
}

export type StartPushWorker = (options: PushWorkerOptions) => PushWorker;
