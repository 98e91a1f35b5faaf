// How a node and its facts lie in their tables.
import { z } from 'zod';
import type { NodeCalibration } from '../../../shared/calibration.js';
import { nodeWorkerSchema } from '../../../shared/node-worker-schema.js';
import { deviceFactsSchema } from '../../../shared/device-facts.js';
import { DEFAULT_SSH_SETTINGS, type NodeFacts, type SshHost, type SshRoute, type TestbedNode } from '../../../shared/testbed.js';
import { column, Columns, instant, nullableJson, optional, rareColumn, rareFlag, type RawRow, type Row } from './columns.js';

/** Written by this program only. Routes of earlier versions say less: what is missing is OpenSSH's default. */
const sshRouteSchema = z.custom<Pick<SshRoute, 'alias' | 'hops'>>().transform((stored): SshRoute => {
  const hops = stored.hops.map((hop): SshHost => ({ ...DEFAULT_SSH_SETTINGS, ...hop }));
  return { ...DEFAULT_SSH_SETTINGS, areRulesRead: false, ...stored, hops };
});

type VirtualSettings = NonNullable<TestbedNode['virtual']>;

/** What of a node never changes after it was made. */
const NODE_IDENTITY = new Columns<Pick<TestbedNode, 'id' | 'testbedId' | 'ordinal' | 'kind' | 'createdAtMs'>>({
  id: column('id'),
  testbedId: column('testbed_id'),
  ordinal: column('ordinal'),
  kind: column('kind'),
  createdAtMs: instant('created_at_ms'),
});

/** The table's CHECK makes the five columns of it be there together or not at all. */
const VIRTUAL = new Columns<VirtualSettings>({
  speedFactor: column('speed_factor'),
  linkMbps: column('link_mbps'),
  jitterFraction: column('jitter_fraction'),
  timeModel: new Columns<VirtualSettings['timeModel']>({ fixedSec: column('fixed_sec'), secPerStep: column('sec_per_step') }),
});

/** The rest of it, without its facts, which have a table of their own. */
export const NODE_SETTINGS = new Columns<Omit<TestbedNode, 'id' | 'testbedId' | 'ordinal' | 'kind' | 'createdAtMs' | 'facts'>>({
  name: column('name'),
  host: column('host'),
  port: column('port'),
  user: column('user'),
  auth: column('auth'),
  keyFile: column('key_file'),
  sshRoute: nullableJson('ssh_route_json', sshRouteSchema),
  // Written by this program only.
  calibration: nullableJson('calibration_json', z.custom<NodeCalibration>()),
  worker: nullableJson('worker_json', nodeWorkerSchema),
  agentPort: column('agent_port'),
  virtual: optional(VIRTUAL),
  provisionState: column('provision_state'),
  agentVersion: column('agent_version'),
  isExcluded: rareFlag('is_excluded'),
  heldLimit: rareColumn<number>('held_limit'),
});

export const NODE = NODE_IDENTITY.and(NODE_SETTINGS);

type DeviceFacts = z.infer<typeof deviceFactsSchema>;

const BASIC_FACTS = new Columns<Omit<NodeFacts, keyof DeviceFacts>>({
  hostname: column('hostname'),
  operatingSystem: column('operating_system'),
  kernel: column('kernel'),
  architecture: column('architecture'),
  deviceModel: column('device_model'),
  l4tVersion: column('l4t_version'),
  cpuCount: column('cpu_count'),
  memoryTotalBytes: column('memory_total_bytes'),
  memoryAvailableBytes: column('memory_available_bytes'),
  diskFreeBytes: column('disk_free_bytes'),
  nodeVersion: column('node_version'),
  readAtMs: instant('read_at_ms'),
});
/** Null in rows of before there were any. */
const DEVICE_FACTS = nullableJson('device_json', deviceFactsSchema);

export const FACTS_COLUMNS: readonly string[] = [...BASIC_FACTS.names, ...DEVICE_FACTS.names];

export function toFactsRow(nodeId: string, facts: NodeFacts): Row {
  const row: Row = { node_id: nodeId, ...BASIC_FACTS.toRow(facts) };
  DEVICE_FACTS.write(deviceFactsSchema.parse(facts), row);
  return row;
}

export function toFacts(row: RawRow): NodeFacts {
  return { ...BASIC_FACTS.read(row), ...(DEVICE_FACTS.read(row, BASIC_FACTS.names.length) ?? deviceFactsSchema.parse({})) };
}
