// The file an agent starts from; written by provisioning, read by the agent. Secrets stay in the files it names.
import { z } from 'zod';

const timeModel = z.object({ fixedSec: z.number().nonnegative(), secPerStep: z.number().nonnegative() });

/** Stable Diffusion 3 medium, with T5 or without, in Python. Paths are relative to the config file's folder, or absolute. */
const diffusersWorkerSchema = z.object({
  kind: z.literal('diffusers'),
  /** A Python with torch and diffusers; a bare name is looked for on PATH. */
  python: z.string().min(1),
  /** The worker's own files (resources/worker). */
  scriptDir: z.string().min(1),
  /** A folder in the layout of diffusers, or an all-in-one safetensors file. */
  modelPath: z.string().min(1),
  /** For an all-in-one file: settings and tokenizers in the layout of diffusers. Null takes the shipped settings of SD3 medium. */
  configDir: z.string().min(1).nullable(),
  /** `auto` takes CUDA where it is there. */
  device: z.enum(['auto', 'cpu', 'cuda']),
  /** Number type of the weights; `auto`: float16 on CUDA, float32 on a processor. */
  dtype: z.enum(['auto', 'float16', 'bfloat16', 'float32']),
  /** Strength of classifier-free guidance; 5 in the reference. */
  guidanceScale: z.number().min(0).max(100),
  /** Shift of the noise schedule; 3 in the reference. */
  shift: z.number().positive().max(100),
  /** Rows of zeros that stand in for T5 where it is not loaded: 0 as in the reference, 77 as diffusers up to 0.35, 256 as diffusers from 0.36 on. */
  t5Tokens: z.number().int().min(0).max(512),
  /** Whether the model's T5 is loaded and reads the prompt; absent in files of earlier versions, which never did. */
  withT5: z.boolean().default(false),
  /** Expected seconds of one image: fixedSec + steps x secPerStep. */
  fixedSec: z.number().nonnegative(),
  secPerStep: z.number().nonnegative(),
});
export type DiffusersWorkerConfig = z.infer<typeof diffusersWorkerSchema>;

/** As the paper's public code generates: refine_sd3_infer.py. */
export const REFERENCE_GENERATION = { guidanceScale: 5, shift: 3, t5Tokens: 0, withT5: false } as const;

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
    diffusersWorkerSchema,
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
