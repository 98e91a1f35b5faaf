import type { JobEngine } from '../domain/jobs/job-engine.js';
import type { ChangeTopic } from '../foundation/live/change-topic.js';
import type { Log } from '../adapters/log/log.js';
import type { ProgramPaths } from '../foundation/program-paths.js';
import type { SecretFiles } from '../adapters/secrets/secret-files.js';
import type { Storage } from '../adapters/storage/open-storage.js';
import type { CoreOverrides } from './overrides.js';

/** What every part of the program is built on; made once, by core.ts, which also closes the storage. */
export interface CompositionContext {
  dataDir: string;
  /** Whether this program has the data folder to itself. */
  isOwner: boolean;
  paths: ProgramPaths;
  storage: Storage;
  log: Log;
  /** Every kind of long work is plugged in here. */
  jobs: JobEngine;
  secretFiles: SecretFiles;
  /** Hears of every secret that goes through the program, so that none is logged. */
  seenSecret(secret: string): void;
  /** Announced after each change of a testbed or node. */
  changes: ChangeTopic;
  recordEvent(event: { kind: string; subjectId: string | null; message: string }): void;
  /** Wall clock that never runs backwards, whole epoch ms, as the database keeps them. */
  nowMs(): number;
  /** Empty but in tests. */
  overrides: CoreOverrides;
}

/** What is using a testbed now, in words that follow "while"; null when nothing does. */
export type DescribeUse = (testbedId: string) => string | null;
