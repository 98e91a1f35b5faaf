// The file an agent starts from; written by provisioning, read by the agent. Secrets stay in the files it names.
import { z } from 'zod';

const timeModel = z.object({ fixedSec: z.number().nonnegative(), secPerStep: z.number().nonnegative() });

export const agentConfigSchema = z.object({
  nodeId: z.string().min(1),
  nodeName: z.string(),
  testbedId: z.string().min(1),
  listen: z.object({ host: z.string(), port: z.number().int().min(0).max(65535) }),
  /** PEM files, relative to the config file's folder. */
  tls: z.object({ caFile: z.string(), certificateFile: z.string(), privateKeyFile: z.string() }),
  /** Folder for unacknowledged results, relative to the config file's folder. */
  resultsDir: z.string(),
  /** Model seconds per real second; 1 on real nodes. */
  timeScale: z.number().positive().max(10_000),
  worker: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('simulated'),
      timeModel,
      speedFactor: z.number().positive(),
      jitterFraction: z.number().min(0).max(0.5),
    }),
  ]),
  /** Present on virtual nodes only: transfers between nodes are slowed to this rate. */
  simulatedLink: z.object({ rateMbps: z.number().positive(), jitterFraction: z.number().min(0).max(0.5) }).nullable(),
  /** Virtual nodes: the agent ends when this process does. */
  exitWithPid: z.number().int().positive().nullable(),
});

export type AgentConfig = z.infer<typeof agentConfigSchema>;

/** The DNS name a node's certificate is issued for; used as the TLS server name, so that addresses may change. */
export function nodeServerName(nodeId: string): string {
  return `${nodeId}.node.dedgeai.internal`;
}

/** The DNS name of the control center's own client certificate. */
export const CONTROL_CENTER_NAME = 'control-center.dedgeai.internal';

/** First line an agent prints on standard output, as JSON, once it listens. */
export interface AgentReadyLine {
  ready: true;
  port: number;
  instanceId: string;
  agentVersion: string;
}
