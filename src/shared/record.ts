// What is kept of a run, series, training or study besides its figures: the environment that it was made in, and where its record came from.
import { z } from 'zod';

export const RECORD_KINDS = ['run', 'series', 'training', 'study'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

export const RECORD_KIND_TITLES: Record<RecordKind, string> = { run: 'Run', series: 'Series', training: 'Training', study: 'Study run' };

/** Which record. */
export interface RecordRef {
  kind: RecordKind;
  id: string;
}

const MAX_TEXT = 400;
const MAX_NODES = 1000;
const text = z.string().max(MAX_TEXT);
const known = text.nullable();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'A SHA-256 has 64 hexadecimal digits');

const nodeEnvironmentSchema = z.object({
  id: text,
  name: text,
  deviceModel: known,
  jetpack: known,
  powerMode: known,
  agentVersion: known,
  /** `simulated`, or the device that its worker makes images on. */
  worker: known,
  torchVersion: known,
  modelSha256: sha256.nullable(),
  /** How long an image takes there, model seconds, and where that is known from: a setting, a calibration or the paper's device. */
  timing: z.object({ source: text, fixedSec: z.number(), secPerStep: z.number(), speedFactor: z.number() }),
  linkMbps: z.number().nullable(),
  /** Most tasks that it was to hold at a time; absent: as many as come. */
  heldLimit: z.number().nullable().optional(),
});
export type NodeEnvironment = z.infer<typeof nodeEnvironmentSchema>;

/** Null is not known: what an earlier version did not record, or what does not exist there. */
export const environmentSchema = z.object({
  program: z.object({
    version: text,
    /** As it stood when the program was built; null outside of a git repository. */
    commit: known,
    /** Whether files differed from the commit then. */
    isModified: z.boolean().nullable(),
    lockfileSha256: sha256.nullable(),
  }),
  controlCenter: z.object({ nodeVersion: text, electronVersion: known, platform: text }).nullable(),
  specSha256: sha256,
  seeds: z.array(z.number()).max(10_000),
  /** Null where no testbed takes part. */
  testbed: z
    .object({
      id: text,
      name: text,
      timeScale: z.number(),
      /** Names; absent: none was. */ excludedNodes: z.array(text).max(MAX_NODES).optional(),
    })
    .nullable(),
  /** Those that are used, in ordinal order; empty where none takes part. */
  nodes: z.array(nodeEnvironmentSchema).max(MAX_NODES),
  dataset: z.object({ id: text, name: text, sha256: sha256.nullable(), promptCount: z.number().nullable() }).nullable(),
  /** Learned policies, by the training that they are of. `sha256`: of what the agents were given; null where that was not known at the start. */
  policies: z.array(z.object({ trainingId: text, episodes: z.number().nullable(), sha256: sha256.nullable() })).max(1000),
});
export type Environment = z.infer<typeof environmentSchema>;

/** Of a record that was not made here. */
export interface ImportedFrom {
  /** As the exporting person named it; null where they did not. */
  fromMachine: string | null;
  exportedAtMs: number;
  /** Of the program that wrote the archive. */
  programVersion: string;
}

/** `exported 2026-11-29 from lab-a by version 0.1.0` */
export function describeImported({ fromMachine, exportedAtMs, programVersion }: ImportedFrom): string {
  const from = fromMachine === null ? '' : ` from ${fromMachine}`;
  return `exported ${new Date(exportedAtMs).toISOString().slice(0, 10)}${from} by version ${programVersion}`;
}

/** One thing that is not now what it was. */
export interface EnvironmentDifference {
  /** What it is about: `Program`, `Node orin-1`. */
  subject: string;
  /** `version`, `power mode`. */
  field: string;
  /** As shown; null is not known, or not there. */
  then: string | null;
  now: string | null;
  /** What it does to the figures, in one sentence. */
  meaning: string;
}

/** What keeps it from being done again, and the remedy. */
export interface ReproduceBlocker {
  message: string;
  hint: string;
}

export interface EnvironmentComparison {
  differences: EnvironmentDifference[];
  /** What was not recorded then, so that no one can say whether it differs. */
  unknown: string[];
  /** Nothing differs and everything was recorded. */
  isSameEnvironment: boolean;
}

/** What doing it again would be, told before it starts. */
export interface ReproducePlan extends RecordRef, EnvironmentComparison {
  name: string;
  specSha256: string;
  /** Whether what would start has the same hash. */
  isSameSpecification: boolean;
  /** What of the specification can't be the same, a sentence each; empty where it is. */
  specificationNotes: string[];
  /** `kept`: recorded at its start; `partial`: by an earlier version, put together from its rows. */
  record: 'kept' | 'partial';
  blockers: ReproduceBlocker[];
  /** What this machine can't keep; it is refused unless the overload is allowed. */
  overload: string | null;
  warnings: string[];
  /** Whether the seed determines every figure but the time it takes. */
  isDeterministic: boolean;
  /** The command that does it. */
  command: string;
}

export interface LinkedRecord extends RecordRef {
  /** Null where it was removed. */
  name: string | null;
  hasEnded: boolean;
}

/** How one that was done again compares to the first. */
export interface Reproduction extends EnvironmentComparison {
  original: LinkedRecord;
  again: LinkedRecord;
  isSameSpecification: boolean;
  /** Of what the seed determines: whether all of it is equal to the last bit; null where it has not ended, or nothing is determined. */
  isBitEqual: boolean | null;
  /** What came of both, in one sentence; null before both have ended. */
  outcome: string | null;
}

/** What is on record about one of them. */
export interface RecordDetail extends RecordRef {
  name: string;
  /** Null of one that was started by an earlier version: it is not known. */
  environment: Environment | null;
  imported: ImportedFrom | null;
  /** That it is one of another; null where it is not. */
  againOf: Reproduction | null;
  /** That others are of it, oldest first. */
  reproductions: Reproduction[];
}

/** `again: run-2, same specification, same environment` */
export function describeReproduction({ isSameSpecification, isSameEnvironment, differences, unknown }: Reproduction): string {
  const specification = isSameSpecification ? 'same specification' : 'another specification';
  if (isSameEnvironment) return `${specification}, same environment`;
  if (differences.length === 0) return `${specification}, no known difference of environment (${unknown.length} not recorded)`;
  return `${specification}, ${differences.length} ${differences.length === 1 ? 'difference' : 'differences'} of environment`;
}
