// The configuration of a node's agent, from what the testbed says about the node.
import { type AgentConfig, REFERENCE_GENERATION } from '../../../../shared/agent-config.js';
import type { Model } from '../../../../shared/model.js';
import { hasT5 } from '../../../../shared/model-variant.js';
import { type Testbed, type TestbedNode, timingOf } from '../../../../shared/testbed.js';
import { pushedModelPath } from '../../models/push/pushed-model-path.js';

/** Everything of a node's agent lies here, relative to the home folder. */
export const INSTALL_DIR = '.dedgeai';

/** Where agents of real nodes listen unless a node has another port. */
export const DEFAULT_AGENT_PORT = 7411;

export interface AgentConfigOptions {
  testbed: Pick<Testbed, 'id' | 'timeScale'>;
  node: TestbedNode;
  /** What the worker generates with; null for the simulated worker. */
  model?: Pick<Model, 'sha256' | 'layout' | 'files' | 'parts'> | null;
  port: number;
  /** Process with which the agent is to end; null on real nodes. */
  exitWithPid: number | null;
}

/** Virtual nodes listen on loopback alone; real ones on every address, where mutual TLS keeps strangers out. */
export function agentConfigFor({ testbed, node, model = null, port, exitWithPid }: AgentConfigOptions): AgentConfig {
  const { virtual } = node;
  return {
    nodeId: node.id,
    nodeName: node.name,
    testbedId: testbed.id,
    listen: { host: virtual ? node.host : node.host.includes(':') ? '::' : '0.0.0.0', port },
    tls: { caFile: 'tls/ca.pem', certificateFile: 'tls/node.pem', privateKeyFile: 'tls/node.key' },
    resultsDir: 'results',
    timeScale: testbed.timeScale,
    worker: model
      ? diffusersWorker(node, pushedModelPath(model), hasT5(model))
      : { kind: 'simulated', ...timingOf(node), jitterFraction: virtual?.jitterFraction ?? 0 },
    simulatedLink: virtual ? { rateMbps: virtual.linkMbps, jitterFraction: virtual.jitterFraction } : null,
    exitWithPid,
  };
}

/** Paths are relative to the folder of the agent, where the python step and the model step put things. */
function diffusersWorker(node: TestbedNode, modelPath: string, withT5: boolean): AgentConfig['worker'] {
  const { timeModel, speedFactor } = timingOf(node);
  return {
    kind: 'diffusers',
    python: 'worker/python',
    scriptDir: 'worker',
    modelPath: modelPath.slice(INSTALL_DIR.length + 1),
    configDir: null,
    device: 'auto',
    dtype: 'auto',
    ...REFERENCE_GENERATION,
    withT5,
    fixedSec: timeModel.fixedSec / speedFactor,
    secPerStep: timeModel.secPerStep / speedFactor,
  };
}

/** The bytes of config.json. A virtual node writes them in the same form when it boots. */
export function encodeAgentConfig(config: AgentConfig): string {
  return `${JSON.stringify(config, null, 2)}\n`;
}
