// All faults, those that take longest first: they are injected side by side.
import type { Fault } from './fault.js';
import { crashFaults } from './faults/crashes.js';
import { networkFaults } from './faults/networks.js';
import { nodeFaults } from './faults/nodes.js';

export const allFaults: readonly Fault[] = [...crashFaults, ...networkFaults, ...nodeFaults];
