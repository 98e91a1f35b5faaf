// What the path is told from: records as they are now, with the moments at which nodes were looked at. Nothing here looks at a node.
import type { Dataset } from '../../../shared/dataset.js';
import type { Job } from '../../../shared/job.js';
import type { PathStep, PathTarget } from '../../../shared/lab-path.js';
import type { ModelPush } from '../../../shared/model-push.js';
import type { Model } from '../../../shared/model.js';
import type { NodeCheck } from '../../../shared/node-check.js';
import type { DesiredState, HostKeyQuestion, NodeProvision, ProvisioningKind } from '../../../shared/provisioning.js';
import type { RunSummary } from '../../../shared/run.js';
import type { Testbed, TestbedNode } from '../../../shared/testbed.js';
import type { WheelList } from '../../../shared/wheels.js';

/** The last provisioning or removal that a node was part of. */
export type LastProvision = Pick<NodeProvision, 'state' | 'steps'> & { kind: ProvisioningKind };

export interface NodeSituation {
  node: TestbedNode;
  desired: DesiredState;
  /** When its host key was put on record, epoch ms; null where none is. */
  hostKeyAtMs: number | null;
  /** A key that it showed and that waits for the user's word. */
  question: HostKeyQuestion | null;
  check: NodeCheck | null;
  provision: LastProvision | null;
}

/** A row of Table V that was measured on the testbed. */
export interface MeasuredRow {
  /** |N| of its columns that have a figure. */
  counts: readonly number[];
  isSimulated: boolean;
}

export interface Situation {
  nowMs: number;
  /** All of them: names that several have are not used in commands. */
  testbeds: readonly Testbed[];
  /** The one that is asked about; null while there is none. */
  testbed: Testbed | null;
  nodes: readonly NodeSituation[];
  models: readonly Model[];
  wheels: readonly WheelList[];
  datasets: readonly Dataset[];
  /** On the testbed, newest first. */
  runs: readonly RunSummary[];
  pushes: readonly ModelPush[];
  /** Those that run or wait. */
  openJobs: readonly Job[];
  measuredRows: readonly MeasuredRow[];
  /** The paper's total generation delay by |N|, seconds. */
  paperSec: ReadonlyMap<number, number>;
}

/** What a step comes to; where it is on the path, and whether it is next, is said elsewhere. */
export interface StepFinding extends Pick<PathStep, 'state' | 'detail'> {
  remedy?: string | null;
  asOfMs?: number | null;
  action: { label: string; target: PathTarget };
  /** Words of the command after `npm run cli --`, or a line for a shell as it is. */
  command: readonly string[] | string;
}
