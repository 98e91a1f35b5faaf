// Testbeds and their nodes, as the window, the terminal and the core speak of them.
import type { NodeAuth } from './credentials.js';
import type { NodeCalibration } from './calibration.js';
import type { NodeWorker } from './node-worker-schema.js';
import type { DeviceFacts } from './device-facts.js';

export type NodeKind = 'virtual' | 'ssh';

/**
 * How long one 512x512 image takes on a device of speed 1: `fixedSec + qualitySteps * secPerStep`, divided by the node's speed factor.
 */
export interface TimeModel {
  /** Text encoding, model moves and VAE decoding, in seconds. */
  fixedSec: number;
  /** One denoising step, in seconds. */
  secPerStep: number;
}

/**
 * The paper's Jetson AGX Orin: 18.3 s for one image (Table V, |N| = 1). The paper does not split this figure; the split is OUR
 * ASSUMPTION: 1.0 s a denoising step and 3.8 s for everything else, so that the mean over the reference's 10-19 steps (14.5) is 18.3 s.
 */
export const ORIN_TIME_MODEL: TimeModel = { fixedSec: 3.8, secPerStep: 1.0 };

/** Seconds that `qualitySteps` denoising steps take under a time model on a node of the given speed factor. */
export function computeSec(model: TimeModel, qualitySteps: number, speedFactor = 1): number {
  return (model.fixedSec + qualitySteps * model.secPerStep) / speedFactor;
}

/** What makes one virtual node differ from another. */
export interface VirtualNodeSettings {
  /** Relative speed; 1 is the time model as it stands, 0.5 takes twice as long. */
  speedFactor: number;
  /** Rate of the simulated link to every other node, Mbit/s. */
  linkMbps: number;
  /** Relative spread of compute and transfer times, 0 to 0.5; 0 is exact. Drawn from the task's seed, so repeatable. */
  jitterFraction: number;
  timeModel: TimeModel;
}

/** What provisioning has achieved on a node. */
export type ProvisionState = 'new' | 'provisioning' | 'ready' | 'failed';

/** Facts read over SSH without root. Every value is null where the node does not report. */
export interface NodeFacts extends DeviceFacts {
  hostname: string | null;
  operatingSystem: string | null;
  kernel: string | null;
  architecture: string | null;
  deviceModel: string | null;
  l4tVersion: string | null;
  cpuCount: number | null;
  memoryTotalBytes: number | null;
  memoryAvailableBytes: number | null;
  diskFreeBytes: number | null;
  nodeVersion: string | null;
  readAtMs: number;
}

/** How ~/.ssh/config says that the key of a host is verified. */
export interface HostKeyRules {
  /** UserKnownHostsFile and GlobalKnownHostsFile, absolute, in the order they are asked; null: OpenSSH's usual files. */
  knownHostsFiles: string[] | null;
  /** RevokedHostKeys, absolute. One that can't be read refuses every key, as in OpenSSH. */
  revokedKeysFiles: string[];
  /**
   * StrictHostKeyChecking: what becomes of a key that is on no record. `refuse` (`yes`): only what the files hold is trusted, whatever this
   * program has on record; `accept` (`accept-new`, `no`). A key that contradicts the record is never accepted.
   */
  unknownKey: 'ask' | 'accept' | 'refuse';
}

/** What ~/.ssh/config says of reaching a host, besides its address. */
export interface SshHostSettings {
  /** Private key files to try, absolute; those that are not there are passed over. */
  identityFiles: string[];
  /** IdentitiesOnly: no other key is tried, neither of an agent nor the program's own. */
  identitiesOnly: boolean;
  /** IdentityAgent: path of a socket, `none`, or `$NAME` of the environment variable that has the path; null: SSH_AUTH_SOCK. */
  identityAgent: string | null;
  /** Name its host key is recorded under instead of its address; null where there is none. */
  hostKeyAlias: string | null;
  hostKeyRules: HostKeyRules;
  /** What the configuration says and this program does otherwise, a sentence each. */
  remarks: string[];
}

/** A host that SSH logs in to, as ~/.ssh/config describes it. */
export interface SshHost extends SshHostSettings {
  /** As the user or the file names it. */
  alias: string;
  host: string;
  port: number;
  user: string;
}

/** How ~/.ssh/config says that a node is reached, as it stood when the node was added. Its address and user stand in the node itself. */
export interface SshRoute extends SshHostSettings, Pick<SshHost, 'alias'> {
  /** Hosts on the way, the nearest first (ProxyJump); at most two. */
  hops: SshHost[];
  /** Whether OpenSSH was asked for the rules of host keys; it was not for nodes of earlier versions. */
  areRulesRead: boolean;
}

/** What holds where ~/.ssh/config says nothing. */
export const DEFAULT_HOST_KEY_RULES: HostKeyRules = { knownHostsFiles: null, revokedKeysFiles: [], unknownKey: 'ask' };

/** As `DEFAULT_HOST_KEY_RULES`, for all that can be said of a host. */
export const DEFAULT_SSH_SETTINGS: SshHostSettings = {
  identityFiles: [],
  identitiesOnly: false,
  identityAgent: null,
  hostKeyAlias: null,
  hostKeyRules: DEFAULT_HOST_KEY_RULES,
  remarks: [],
};

/** What ~/.ssh/config says of the way and this program does otherwise, a sentence each; for a host on the way with its name. */
export function listRouteRemarks(route: SshRoute | null): string[] {
  if (!route) return [];
  return [...route.remarks, ...route.hops.flatMap(({ alias, remarks }) => remarks.map((remark) => `${alias}: ${remark}`))];
}

export interface TestbedNode {
  id: string;
  testbedId: string;
  /** Position in the testbed, from 0: the paper's b - 1. */
  ordinal: number;
  name: string;
  kind: NodeKind;
  host: string;
  port: number;
  user: string;
  /** How the control center proves who it is. */
  auth: NodeAuth;
  /** Path of the private key file where `auth` is `key-file`; else null. */
  keyFile: string | null;
  /** Null for a node that was added by its address. */
  sshRoute: SshRoute | null;
  /** TCP port of the agent's RPC on `host`: named when a real node is added, chosen when a virtual one is provisioned (null until then). */
  agentPort: number | null;
  virtual: VirtualNodeSettings | null;
  provisionState: ProvisionState;
  /** Version of the agent bundle that proved healthy last. */
  agentVersion: string | null;
  facts: NodeFacts | null;
  /** How long images take there, as it was measured; null where it was not. */
  calibration: NodeCalibration | null;
  /** Its image worker at the last health check; null for a simulated one, and before it was provisioned. */
  worker: NodeWorker | null;
  /** Whether new runs leave it out; it stays provisioned and watched. Absent: it is used. */
  isExcluded?: boolean | undefined;
  /** Most tasks that wait and compute there at a time in new runs, at least 1; null or absent: as many as come. */
  heldLimit?: number | null | undefined;
  createdAtMs: number;
}

export interface Testbed {
  id: string;
  name: string;
  kind: 'virtual' | 'real';
  /** Model seconds per real second; 1 on real testbeds. */
  timeScale: number;
  createdAtMs: number;
  nodes: TestbedNode[];
}

/** How long images take on a node, as far as is known: a virtual node's own setting, else what was measured, else the paper's device. */
export function timingOf({ virtual, calibration }: Pick<TestbedNode, 'virtual' | 'calibration'>): {
  timeModel: TimeModel;
  speedFactor: number;
} {
  if (virtual) return { timeModel: virtual.timeModel, speedFactor: virtual.speedFactor };
  const { fixedSec, secPerStep } = calibration ?? ORIN_TIME_MODEL;
  return { timeModel: { fixedSec, secPerStep }, speedFactor: 1 };
}

/** The problem of a node that has not had the time to answer yet. */
export const CONNECTING = 'Connecting.';

/** A learned policy as a node has it. */
export interface NodePolicy {
  runId: string;
  method: string;
  /** The first digits of its hash; empty where a heuristic took over. */
  version: string;
  /** REAL ms a decision when it was tried there. */
  decisionMs: number;
  /** Why another decides in its place; null where it decides itself. */
  problem: string | null;
}

/** Live state of a node, from its agent. All durations are model time. */
export interface NodeLive {
  nodeId: string;
  /** A health-check image came back in the last provisioning AND the agent's stream is open now. */
  isConnected: boolean;
  /** Real seconds since the agent's last message; null when it never spoke in this session. */
  lastCheckInAgeSec: number | null;
  /** Tasks accepted for execution here and not yet started. */
  queueLength: number;
  /** Expected seconds of work accepted here, the running task's rest included. */
  backlogSec: number;
  runningTaskId: string | null;
  /** Denoising steps done of the running task, and how many it has. */
  runningStep: number | null;
  runningSteps: number | null;
  executedCount: number;
  /** The learned policy that it has; null before the first one, and where its agent does not say. */
  policy?: NodePolicy | null;
  /** Why the node is not connected, or what is not as it should be although it is; null when all is well. */
  problem: string | null;
}

/** How many of the nodes of all testbeds answer, of those that are provisioned: others can't yet. */
export interface AnsweringNodes {
  answering: number;
  provisioned: number;
  /** Those that are not provisioned, and can't answer yet. */
  others: number;
  /** The testbed to look at: the first with a node that does not answer, else the first with provisioned nodes; null where none has. */
  testbedId: string | null;
}

/** What came of taking a node out of its testbed. */
export interface NodeRemoval {
  /** Nodes whose agents still let it in, since they could not be reached; they hear of it when they connect the next time. */
  unawareNames: string[];
}

/** For people: who does not know yet that a node was removed. Not empty. */
export function describeUnaware(removedName: string, unawareNames: readonly string[]): string {
  const nodes = unawareNames.map((name) => `"${name}"`).join(', ');
  return `Node "${removedName}" can still reach ${nodes} with its certificate: what runs there could not be notified. It is notified when it next connects to this program.`;
}
