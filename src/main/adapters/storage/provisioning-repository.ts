// The history of provisioning: nodes, steps and their output, written as they happen. The lives of the runs are with the jobs.
import { z } from 'zod';
import { type AppErrorCode, ERROR_CODES } from '../../../shared/errors.js';
import type { HostKeyQuestion, NodeProvision, ProvisioningRun, ProvisionStep } from '../../../shared/provisioning.js';
import { PROVISION_STEPS } from '../../../shared/provisioning.js';
import type { Database, Statement } from './database.js';
import { upsertSql } from './insert-sql.js';
import { wholeMs } from './whole-ms.js';

/** A provisioning's own part of the record, under the id of its job. */
export type StoredProvisioning = Pick<ProvisioningRun, 'id' | 'testbedId' | 'kind' | 'nodes'>;

interface RunRow {
  id: string;
  testbed_id: string;
  kind: ProvisioningRun['kind'];
}

interface NodeRow {
  provisioning_run_id: string;
  node_id: string;
  ordinal: number;
  node_name: string;
  state: NodeProvision['state'];
  host_key_question_json: string | null;
  output_json: string;
}

interface StepRow {
  provisioning_run_id: string;
  node_id: string;
  ordinal: number;
  name: string;
  state: ProvisionStep['state'];
  detail: string | null;
  started_at_ms: number | null;
  finished_at_ms: number | null;
  error_code: string | null;
  error_message: string | null;
  error_hint: string | null;
}

const hostKeyQuestionSchema: z.ZodType<HostKeyQuestion> = z.object({
  nodeId: z.string(),
  host: z.string(),
  port: z.number(),
  keyType: z.string(),
  fingerprint: z.string(),
  recordedFingerprint: z.string().nullable(),
  recordedIn: z.string().nullable(),
});
const outputSchema = z.array(z.string());
/** Until schema 6 the step that keeps the agent running was called by its first half. */
const stepNameSchema = z.preprocess((name) => (name === 'start' ? 'service' : name), z.enum(PROVISION_STEPS));

const INTERRUPTED = {
  code: 'internal',
  message: 'The program ended before this step had',
  hint: 'Provision the node again: steps that are done already stay as they are.',
} as const;

function toErrorCode(text: string): AppErrorCode {
  return text in ERROR_CODES ? (text as AppErrorCode) : 'internal';
}

function toStep(row: StepRow): ProvisionStep {
  return {
    name: stepNameSchema.parse(row.name),
    state: row.state,
    detail: row.detail,
    startedAtMs: row.started_at_ms,
    finishedAtMs: row.finished_at_ms,
    error:
      row.error_code === null || row.error_message === null
        ? null
        : { code: toErrorCode(row.error_code), message: row.error_message, hint: row.error_hint },
  };
}

export class ProvisioningRepository {
  private readonly upsertRun: Statement<RunRow, never>;
  private readonly upsertNode: Statement<NodeRow, never>;
  private readonly upsertStep: Statement<StepRow, never>;
  private readonly deleteStepsFrom: Statement<{ runId: string; nodeId: string; ordinal: number }, never>;
  private readonly selectRun: Statement<{ id: string }, RunRow>;
  private readonly selectUnfinished: Statement<object, RunRow>;
  private readonly selectNodes: Statement<{ runId: string }, NodeRow>;
  private readonly selectNodeOrdinal: Statement<{ runId: string; nodeId: string }, { ordinal: number }>;
  private readonly selectSteps: Statement<{ runId: string; nodeId: string }, StepRow>;

  constructor(private readonly database: Database) {
    this.upsertRun = database.prepare(upsertSql('provisioning_runs', ['id'], ['testbed_id', 'kind']));
    this.upsertNode = database.prepare(
      upsertSql(
        'provisioning_nodes',
        ['provisioning_run_id', 'node_id'],
        ['ordinal', 'node_name', 'state', 'host_key_question_json', 'output_json'],
      ),
    );
    this.upsertStep = database.prepare(
      upsertSql(
        'provisioning_steps',
        ['provisioning_run_id', 'node_id', 'ordinal'],
        ['name', 'state', 'detail', 'started_at_ms', 'finished_at_ms', 'error_code', 'error_message', 'error_hint'],
      ),
    );
    this.deleteStepsFrom = database.prepare(
      'DELETE FROM provisioning_steps WHERE provisioning_run_id = @runId AND node_id = @nodeId AND ordinal >= @ordinal',
    );
    this.selectRun = database.prepare('SELECT * FROM provisioning_runs WHERE id = @id');
    this.selectUnfinished = database.prepare(
      `SELECT * FROM provisioning_runs
       WHERE id IN (SELECT provisioning_run_id FROM provisioning_nodes WHERE state IN ('queued', 'running'))`,
    );
    this.selectNodes = database.prepare('SELECT * FROM provisioning_nodes WHERE provisioning_run_id = @runId ORDER BY ordinal');
    this.selectNodeOrdinal = database.prepare(
      `SELECT COALESCE(
         (SELECT ordinal FROM provisioning_nodes WHERE provisioning_run_id = @runId AND node_id = @nodeId),
         (SELECT COUNT(*) FROM provisioning_nodes WHERE provisioning_run_id = @runId)
       ) AS ordinal`,
    );
    this.selectSteps = database.prepare(
      'SELECT * FROM provisioning_steps WHERE provisioning_run_id = @runId AND node_id = @nodeId ORDER BY ordinal',
    );
  }

  /** Writes the whole run, new or known. */
  save(run: StoredProvisioning): void {
    this.database.transaction(() => {
      this.upsertRun.run({ id: run.id, testbed_id: run.testbedId, kind: run.kind });
      for (const node of run.nodes) this.saveNode(run.id, node);
    });
  }

  /** Writes one node of a known run with its steps and output: what to call at every change of a step. */
  saveNode(runId: string, node: NodeProvision): void {
    this.database.transaction(() => {
      const ordinal = this.selectNodeOrdinal.get({ runId, nodeId: node.nodeId })?.ordinal ?? 0;
      this.upsertNode.run({
        provisioning_run_id: runId,
        node_id: node.nodeId,
        ordinal,
        node_name: node.nodeName,
        state: node.state,
        host_key_question_json: node.hostKeyQuestion ? JSON.stringify(node.hostKeyQuestion) : null,
        output_json: JSON.stringify(node.output),
      });
      this.deleteStepsFrom.run({ runId, nodeId: node.nodeId, ordinal: node.steps.length });
      node.steps.forEach((step, index) => this.saveStep(runId, node.nodeId, index, step));
    });
  }

  get(id: string): StoredProvisioning | null {
    const row = this.selectRun.get({ id });
    return row ? this.toRun(row) : null;
  }

  /** To be called once at the start: whatever a former program left running is failed, with the reason. Returns the ids of the runs. */
  failInterrupted(nowMs: number): string[] {
    return this.database.transaction(() => {
      const interrupted = this.selectUnfinished.all({}).map((row) => this.toRun(row));
      for (const run of interrupted) {
        for (const node of run.nodes) {
          if (node.state !== 'queued' && node.state !== 'running') continue;
          node.state = 'failed';
          for (const step of node.steps) {
            if (step.state === 'running') Object.assign(step, { state: 'failed', finishedAtMs: nowMs, error: INTERRUPTED });
            else if (step.state === 'queued') step.state = 'skipped';
          }
        }
        this.save(run);
      }
      return interrupted.map(({ id }) => id);
    });
  }

  private saveStep(runId: string, nodeId: string, ordinal: number, step: ProvisionStep): void {
    this.upsertStep.run({
      provisioning_run_id: runId,
      node_id: nodeId,
      ordinal,
      name: step.name,
      state: step.state,
      detail: step.detail,
      started_at_ms: wholeMs(step.startedAtMs),
      finished_at_ms: wholeMs(step.finishedAtMs),
      error_code: step.error?.code ?? null,
      error_message: step.error?.message ?? null,
      error_hint: step.error?.hint ?? null,
    });
  }

  private toRun(row: RunRow): StoredProvisioning {
    const nodes = this.selectNodes.all({ runId: row.id }).map((node): NodeProvision => ({
      nodeId: node.node_id,
      nodeName: node.node_name,
      state: node.state,
      steps: this.selectSteps.all({ runId: row.id, nodeId: node.node_id }).map(toStep),
      hostKeyQuestion: node.host_key_question_json === null ? null : hostKeyQuestionSchema.parse(JSON.parse(node.host_key_question_json)),
      output: outputSchema.parse(JSON.parse(node.output_json)),
    }));
    return { id: row.id, testbedId: row.testbed_id, kind: row.kind, nodes };
  }
}
