// What a recomputation of a run from its rows found.

/** One contradiction: what it is about (`Task 17`, `ES 2`, `Run`), and what does not fit. */
export interface AuditFinding {
  subject: string;
  problem: string;
}

export interface RunAudit {
  runId: string;
  /** Comparisons that were made. */
  checkCount: number;
  /** Contradictions that were found; `findings` names the first of them. */
  findingCount: number;
  findings: AuditFinding[];
  /** What the rows of an older version, or of a run that is in progress, do not let one check. */
  notChecked: string[];
}
