// All faults, those that take longest first: they are injected side by side.
import type { Fault } from './fault.js';
import { crashFaults } from './faults/crashes.js';
import { damageFaults } from './faults/damage.js';
import { hostileFaults } from './faults/hostile-node.js';
import { mixedFaults } from './faults/mixture.js';
import { networkFaults } from './faults/networks.js';
import { nodeFaults } from './faults/nodes.js';
import { programFaults } from './faults/programs.js';
import { storageFaults } from './faults/storage.js';

export const allFaults: readonly Fault[] = [
  ...mixedFaults,
  ...crashFaults,
  ...nodeFaults,
  ...networkFaults,
  ...storageFaults,
  ...damageFaults,
  ...programFaults,
  ...hostileFaults,
];
