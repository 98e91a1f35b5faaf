import type { StoredModel } from '../adapters/storage/model-repository.js';
import type { NodeConnector } from '../domain/nodes/access/node-connector.js';
import type { ClockKeeperOptions } from '../domain/nodes/clocks/clock-keeper.js';
import type { ImportTargets } from '../domain/archives/import-archive.js';
import type { WeightsSource } from '../domain/models/weights-source.js';
import type { WheelsServiceOptions } from '../domain/nodes/wheels/wheels-service.js';
import type { RunServiceOptions } from '../domain/runs/run-service.js';
import type { ProgramPaths } from '../foundation/program-paths.js';

/** What tests put in place of the program's surroundings: files of the user, clocks of the machine, what is not to be waited for. */
export interface CoreOverrides {
  /** Takes no lock: opens a folder that another program still has, as one that was killed leaves it. */
  isWithoutLock?: boolean;
  /** Hears of every event that continues record. */
  onEvent?: (event: { kind: string; message: string }) => void;
  /** Keeps notifications though nothing starts by itself. */
  isNoticing?: boolean;
  /** The program's own files, as built for tests. */
  paths?: Partial<ProgramPaths>;
  /** Instead of the user's and the machine's. */
  knownHostsPaths?: readonly string[];
  /** Instead of `~/.ssh/config`. */
  sshConfigPath?: string;
  /** Instead of the socket that the environment names. */
  agentSocketPath?: () => string | null;
  /** Instead of asking runs, provisionings and calibrations. */
  describeUse?: (testbedId: string) => string | null;
  /** Sees every connector that is made, and may put another in its place. */
  wrapConnector?: (connector: NodeConnector) => NodeConnector;
  sudoPassword?: () => string | null;
  unitTemplatesDir?: string;
  /** Models that provisioning finds, instead of those on record. */
  models?: ReadonlyMap<string, StoredModel>;
  /** Instead of OpenSSH's `ssh` on PATH; null for none. */
  openSshPath?: string | null;
  /** Bytes that a push leaves free on a node's disk. */
  pushReserveBytes?: number;
  /** How often kept clocks are looked at, and how long they are left alone before a run. */
  clocks?: Pick<ClockKeeperOptions, 'intervalMs' | 'holdMs'>;
  /** Instead of the page where the weights are published. */
  weights?: Partial<WeightsSource>;
  /** Instead of the shipped table, and of the index that pip's settings name. */
  wheels?: Partial<Pick<WheelsServiceOptions, 'readTable' | 'userIndex'>>;
  archives?: Pick<ImportTargets, 'onStep'>;
  /** The clock on the wall, by which planned starts are due. */
  wallMs?: () => number;
  runs?: Partial<Pick<RunServiceOptions, 'images' | 'refreshFacts' | 'machineSpeed' | 'leaseTimeoutMs'>>;
}
