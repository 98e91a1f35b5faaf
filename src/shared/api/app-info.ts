// What the program says about itself and the machine it runs on.

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
}

export interface ProgramEvent {
  id: number;
  atMs: number;
  kind: string;
  /** Id of the testbed, node, run or dataset it is about. */
  subjectId: string | null;
  message: string;
}
