// The configuration of a node's agent, from what the testbed says about the node.
import type { AgentConfig } from '../../shared/agent-config.js';
import { ORIN_TIME_MODEL, type Testbed, type TestbedNode } from '../../shared/testbed.js';

/** Everything of a node's agent lies here, relative to the home folder. */
export const INSTALL_DIR = '.dedgeai';

export interface AgentConfigOptions {
  testbed: Pick<Testbed, 'id' | 'timeScale'>;
  node: TestbedNode;
  port: number;
  /** Process with which the agent is to end; null on real nodes. */
  exitWithPid: number | null;
}

/** Virtual nodes listen on loopback alone; real ones on every address, where mutual TLS keeps strangers out. */
export function agentConfigFor({ testbed, node, port, exitWithPid }: AgentConfigOptions): AgentConfig {
  const { virtual } = node;
  return {
    nodeId: node.id,
    nodeName: node.name,
    testbedId: testbed.id,
    listen: { host: virtual ? node.host : node.host.includes(':') ? '::' : '0.0.0.0', port },
    tls: { caFile: 'tls/ca.pem', certificateFile: 'tls/node.pem', privateKeyFile: 'tls/node.key' },
    resultsDir: 'results',
    timeScale: testbed.timeScale,
    worker: {
      kind: 'simulated',
      timeModel: virtual?.timeModel ?? ORIN_TIME_MODEL,
      speedFactor: virtual?.speedFactor ?? 1,
      jitterFraction: virtual?.jitterFraction ?? 0,
    },
    simulatedLink: virtual ? { rateMbps: virtual.linkMbps, jitterFraction: virtual.jitterFraction } : null,
    exitWithPid,
  };
}

/** The bytes of config.json. A virtual node writes them in the same form when it boots. */
export function encodeAgentConfig(config: AgentConfig): string {
  return `${JSON.stringify(config, null, 2)}\n`;
}
