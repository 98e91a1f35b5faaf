// What the program says about itself and the machine it runs on.
import type { LogTail } from '../log-line.js';

export interface AppInfo {
  version: string;
  shell: 'electron' | 'web' | 'cli';
  dataDir: string;
  platform: string;
  nodeVersion: string;
  /** Line for a node's authorized_keys that lets the program in with its own key. */
  sshPublicKeyLine: string;
}

export interface DoctorCheck {
  name: string;
  state: 'works' | 'limited' | 'missing';
  /** What was found. */
  detail: string;
  /** What to do when it does not work; null when nothing is needed. */
  hint: string | null;
}

export interface DoctorReport {
  checks: DoctorCheck[];
  log: LogTail;
}

export interface ProgramEvent {
  id: number;
  atMs: number;
  kind: string;
  /** Id of the testbed, node, run or dataset it is about. */
  subjectId: string | null;
  message: string;
}

export interface LogQuery {
  /** The last so many lines. */
  lines: number;
  /** Only lines that name this run; null for all. */
  runId: string | null;
}
