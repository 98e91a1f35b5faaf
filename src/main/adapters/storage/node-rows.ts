// How a node and its facts lie in their tables.
import type { NodeAuth } from '../../../shared/credentials.js';
import type { NodeCalibration } from '../../../shared/calibration.js';
import { deviceFactsSchema } from '../../../shared/device-facts.js';
import { DEFAULT_SSH_SETTINGS, type NodeFacts, type SshHost, type SshRoute, type TestbedNode } from '../../../shared/testbed.js';
import { wholeMs } from './whole-ms.js';

export interface NodeRow {
  id: string;
  testbed_id: string;
  ordinal: number;
  name: string;
  kind: TestbedNode['kind'];
  host: string;
  port: number;
  user: string;
  auth: NodeAuth;
  key_file: string | null;
  /** An SshRoute, written by this program only. */
  ssh_route_json: string | null;
  agent_port: number | null;
  speed_factor: number | null;
  link_mbps: number | null;
  jitter_fraction: number | null;
  fixed_sec: number | null;
  sec_per_step: number | null;
  provision_state: TestbedNode['provisionState'];
  agent_version: string | null;
  /** A NodeCalibration, written by this program only. */
  calibration_json: string | null;
  created_at_ms: number;
}

export interface FactsRow {
  node_id: string;
  hostname: string | null;
  operating_system: string | null;
  kernel: string | null;
  architecture: string | null;
  device_model: string | null;
  l4t_version: string | null;
  cpu_count: number | null;
  memory_total_bytes: number | null;
  memory_available_bytes: number | null;
  disk_free_bytes: number | null;
  node_version: string | null;
  device_json: string | null;
  read_at_ms: number;
}

export function toNodeRow(node: TestbedNode): NodeRow {
  return {
    id: node.id,
    testbed_id: node.testbedId,
    ordinal: node.ordinal,
    name: node.name,
    kind: node.kind,
    host: node.host,
    port: node.port,
    user: node.user,
    auth: node.auth,
    key_file: node.keyFile,
    ssh_route_json: node.sshRoute ? JSON.stringify(node.sshRoute) : null,
    agent_port: node.agentPort,
    speed_factor: node.virtual?.speedFactor ?? null,
    link_mbps: node.virtual?.linkMbps ?? null,
    jitter_fraction: node.virtual?.jitterFraction ?? null,
    fixed_sec: node.virtual?.timeModel.fixedSec ?? null,
    sec_per_step: node.virtual?.timeModel.secPerStep ?? null,
    provision_state: node.provisionState,
    agent_version: node.agentVersion,
    calibration_json: node.calibration ? JSON.stringify(node.calibration) : null,
    created_at_ms: wholeMs(node.createdAtMs),
  };
}

/** The table's CHECK makes the five virtual columns be there together or not at all. */
function toVirtualSettings(row: NodeRow): TestbedNode['virtual'] {
  const { speed_factor, link_mbps, jitter_fraction, fixed_sec, sec_per_step } = row;
  if (speed_factor === null || link_mbps === null || jitter_fraction === null || fixed_sec === null || sec_per_step === null) return null;
  return {
    speedFactor: speed_factor,
    linkMbps: link_mbps,
    jitterFraction: jitter_fraction,
    timeModel: { fixedSec: fixed_sec, secPerStep: sec_per_step },
  };
}

export function toFactsRow(nodeId: string, facts: NodeFacts): FactsRow {
  return {
    node_id: nodeId,
    hostname: facts.hostname,
    operating_system: facts.operatingSystem,
    kernel: facts.kernel,
    architecture: facts.architecture,
    device_model: facts.deviceModel,
    l4t_version: facts.l4tVersion,
    cpu_count: facts.cpuCount,
    memory_total_bytes: facts.memoryTotalBytes,
    memory_available_bytes: facts.memoryAvailableBytes,
    disk_free_bytes: facts.diskFreeBytes,
    node_version: facts.nodeVersion,
    device_json: JSON.stringify(deviceFactsSchema.parse(facts)),
    read_at_ms: wholeMs(facts.readAtMs),
  };
}

function toFacts(row: FactsRow): NodeFacts {
  return {
    hostname: row.hostname,
    operatingSystem: row.operating_system,
    kernel: row.kernel,
    architecture: row.architecture,
    deviceModel: row.device_model,
    l4tVersion: row.l4t_version,
    cpuCount: row.cpu_count,
    memoryTotalBytes: row.memory_total_bytes,
    memoryAvailableBytes: row.memory_available_bytes,
    diskFreeBytes: row.disk_free_bytes,
    nodeVersion: row.node_version,
    ...deviceFactsSchema.parse(JSON.parse(row.device_json ?? '{}')),
    readAtMs: row.read_at_ms,
  };
}

/** Routes of earlier versions say less: what is missing is OpenSSH's default. */
function toSshRoute(json: string): SshRoute {
  const stored = JSON.parse(json) as Pick<SshRoute, 'alias' | 'hops'>;
  const hops = stored.hops.map((hop): SshHost => ({ ...DEFAULT_SSH_SETTINGS, ...hop }));
  return { ...DEFAULT_SSH_SETTINGS, ...stored, hops };
}

export function toNode(row: NodeRow, facts: FactsRow | undefined): TestbedNode {
  return {
    id: row.id,
    testbedId: row.testbed_id,
    ordinal: row.ordinal,
    name: row.name,
    kind: row.kind,
    host: row.host,
    port: row.port,
    user: row.user,
    auth: row.auth,
    keyFile: row.key_file,
    sshRoute: row.ssh_route_json === null ? null : toSshRoute(row.ssh_route_json),
    agentPort: row.agent_port,
    virtual: toVirtualSettings(row),
    provisionState: row.provision_state,
    agentVersion: row.agent_version,
    facts: facts ? toFacts(facts) : null,
    calibration: row.calibration_json === null ? null : (JSON.parse(row.calibration_json) as NodeCalibration),
    createdAtMs: row.created_at_ms,
  };
}
