// The nodes of a testbed as the Overview draws them: chips while they fit, counts by state and the problems by name when they do not. Pure.
import { formatCount } from '../../../shared/format.js';
import type { NodeHardware } from '../../../shared/telemetry.js';
import type { NodeLive, Testbed, TestbedNode } from '../../../shared/testbed.js';
import type { StatusTone } from '../../components/status.js';
import { describeHealth, healthOf, HEALTH_ORDER, needsPerson, type NodeHealth } from '../testbeds/node-health.js';

export interface NodeChip {
  nodeId: string;
  name: string;
  health: NodeHealth;
  tone: StatusTone;
  /** What the state is called. */
  word: string;
  /** `node-1: Ready, queue 0`: the whole of it, with the words that the chip has no room for. */
  title: string;
  /** `q 3`, `38 W`, `61 °C`: what is known of them. */
  readings: string[];
}

/** More nodes than this are counted, and only those that need a person are named. */
export const MAX_CHIPS = 24;

export function listChips(testbed: Testbed, live: readonly NodeLive[], hardware: readonly NodeHardware[]): NodeChip[] {
  const liveById = new Map(live.map((state) => [state.nodeId, state]));
  const hardwareById = new Map(hardware.map((each) => [each.nodeId, each]));
  return [...testbed.nodes]
    .sort((left, right) => left.ordinal - right.ordinal)
    .map((node) => toChip(node, liveById.get(node.id) ?? null, hardwareById.get(node.id) ?? null));
}

function toChip(node: TestbedNode, live: NodeLive | null, hardware: NodeHardware | null): NodeChip {
  const { tone, label } = describeHealth(node, live);
  const readings = [
    ...(live?.isConnected ? [`q ${formatCount(live.queueLength)}`] : []),
    // The host's figures say nothing of a node that has no hardware of its own.
    ...(hardware && !hardware.isOfHost && hardware.watts !== null ? [`${hardware.watts.toFixed(0)} W`] : []),
    ...(hardware && !hardware.isOfHost && hardware.celsius !== null ? [`${hardware.celsius.toFixed(0)} °C`] : []),
  ];
  const queue = live?.isConnected ? `, queue ${formatCount(live.queueLength)}` : '';
  const title = `${node.name}: ${label}${queue}`;
  return { nodeId: node.id, name: node.name, health: healthOf(node, live), tone, word: label, title, readings };
}

export interface LabRow {
  chips: NodeChip[];
  /** Of all nodes, where not all of them are chips. */
  counts: { health: NodeHealth; count: number }[];
}

/** Problems first where not all fit. */
export function layOutNodes(chips: readonly NodeChip[]): LabRow {
  if (chips.length <= MAX_CHIPS) return { chips: [...chips], counts: [] };
  const counts = HEALTH_ORDER.flatMap((health) => {
    const count = chips.filter((chip) => chip.health === health).length;
    return count === 0 ? [] : [{ health, count }];
  });
  return { chips: chips.filter(({ health }) => needsPerson(health)).slice(0, MAX_CHIPS), counts };
}
