// What a virtual testbed will consist of; pure, nothing is started here.
import type { CreateVirtualTestbedInput } from '../../../../shared/api/inputs.js';
import type { Testbed, TestbedNode } from '../../../../shared/testbed.js';
import { VIRTUAL_NODE_HOST, VIRTUAL_NODE_USER } from './virtual-node-messages.js';

/** Ports are 0 until the nodes have booted. Speed factors repeat when fewer than nodes. */
export function planVirtualTestbed(input: CreateVirtualTestbedInput, newId: (prefix: string) => string, nowMs: number): Testbed {
  const testbedId = newId('testbed');
  const nodes = Array.from({ length: input.nodeCount }, (_, ordinal): TestbedNode => ({
    id: newId('node'),
    testbedId,
    ordinal,
    name: `node-${ordinal + 1}`,
    kind: 'virtual',
    host: VIRTUAL_NODE_HOST,
    port: 0,
    user: VIRTUAL_NODE_USER,
    auth: 'program-key',
    keyFile: null,
    sshRoute: null,
    agentPort: null,
    virtual: {
      speedFactor: input.speedFactors[ordinal % input.speedFactors.length] ?? 1,
      linkMbps: input.linkMbps,
      jitterFraction: input.jitterFraction,
      timeModel: input.timeModel,
    },
    provisionState: 'new',
    agentVersion: null,
    calibration: null,
    worker: null,
    facts: null,
    createdAtMs: nowMs,
  }));
  return { id: testbedId, name: input.name, kind: 'virtual', timeScale: input.timeScale, createdAtMs: nowMs, nodes };
}
