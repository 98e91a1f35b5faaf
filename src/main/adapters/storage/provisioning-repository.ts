// The history of provisioning: nodes, steps and their output, written as they happen. The lives of the runs are with the jobs.
import { z } from 'zod';
import { type AppErrorCode, type AppErrorShape, ERROR_CODES } from '../../../shared/errors.js';
import type { HostKeyQuestion, NodeProvision, ProvisioningRun, ProvisionLine, ProvisionStep } from '../../../shared/provisioning.js';
import { PROVISION_STEPS } from '../../../shared/provisioning.js';
import { column, Columns, instant, json, nullableJson, optional, type RawRow, type Row } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { upsertSql } from './insert-sql.js';

/** A provisioning's own part of the record, under the id of its job. */
export type StoredProvisioning = Pick<ProvisioningRun, 'id' | 'testbedId' | 'kind' | 'nodes'>;

const hostKeyQuestionSchema: z.ZodType<HostKeyQuestion> = z.object({
  nodeId: z.string(),
  host: z.string(),
  port: z.number(),
  keyType: z.string(),
  fingerprint: z.string(),
  recordedFingerprint: z.string().nullable(),
  recordedIn: z.string().nullable(),
});
/** Until schema 6 the step that keeps the agent running was called by its first half. */
const stepNameSchema = z.preprocess((name) => (name === 'start' ? 'service' : name), z.enum(PROVISION_STEPS));

/** Lines were texts alone in earlier versions. */
const lineSchema: z.ZodType<ProvisionLine> = z.preprocess(
  (line) => (typeof line === 'string' ? { atMs: null, step: null, text: line } : line),
  z.object({ atMs: z.number().nullable(), step: z.enum(PROVISION_STEPS).nullable(), text: z.string() }),
);

const INTERRUPTED = {
  code: 'internal',
  message: 'The program ended before this step had',
  hint: 'Provision the node again: steps that are done already stay as they are.',
} as const;

function toErrorCode(text: string): AppErrorCode {
  return text in ERROR_CODES ? (text as AppErrorCode) : 'internal';
}

const RUN = new Columns<Omit<StoredProvisioning, 'nodes'>>({ id: column('id'), testbedId: column('testbed_id'), kind: column('kind') });

const NODE_ID = new Columns<{ nodeId: string }>({ nodeId: column('node_id') });
const NODE_KEY = new Columns<{ runId: string }>({ runId: column('provisioning_run_id') }).and(NODE_ID);
const ORDINAL = new Columns<{ ordinal: number }>({ ordinal: column('ordinal') });

const NODE = new Columns<Omit<NodeProvision, 'nodeId' | 'steps'>>({
  nodeName: column('node_name'),
  state: column('state'),
  hostKeyQuestion: nullableJson('host_key_question_json', hostKeyQuestionSchema),
  output: json('output_json', z.array(lineSchema)),
});
const NODE_OF_RUN = NODE_ID.and(NODE);

const ERROR = new Columns<Omit<AppErrorShape, 'fields'>>({
  code: column('error_code'),
  message: column('error_message'),
  hint: column('error_hint'),
});

const STEP = new Columns<Omit<ProvisionStep, 'progress'>>({
  name: column('name'),
  state: column('state'),
  detail: column('detail'),
  startedAtMs: instant<number | null>('started_at_ms'),
  finishedAtMs: instant<number | null>('finished_at_ms'),
  error: optional(ERROR, ['error_code', 'error_message']),
});

function toStep(row: RawRow): ProvisionStep {
  const { name, error, ...step } = STEP.read(row);
  return { ...step, name: stepNameSchema.parse(name), error: error && { ...error, code: toErrorCode(error.code) } };
}

export class ProvisioningRepository {
  private readonly upsertRun: Statement<Row, never>;
  private readonly upsertNode: Statement<Row, never>;
  private readonly upsertStep: Statement<Row, never>;
  private readonly deleteStepsFrom: Statement<{ runId: string; nodeId: string; ordinal: number }, never>;
  private readonly selectRun: RawStatement<{ id: string }, RawRow>;
  private readonly selectUnfinished: RawStatement<object, RawRow>;
  private readonly selectNodes: RawStatement<{ runId: string }, RawRow>;
  private readonly selectLastOfNode: Statement<{ nodeId: string }, { runId: string }>;
  private readonly selectNodeOrdinal: Statement<{ runId: string; nodeId: string }, { ordinal: number }>;
  private readonly selectSteps: RawStatement<{ runId: string; nodeId: string }, RawRow>;

  constructor(private readonly database: Database) {
    this.upsertRun = database.prepare(upsertSql('provisioning_runs', ['id'], RUN.names.slice(1)));
    this.upsertNode = database.prepare(upsertSql('provisioning_nodes', NODE_KEY.names, [...ORDINAL.names, ...NODE.names]));
    this.upsertStep = database.prepare(upsertSql('provisioning_steps', [...NODE_KEY.names, ...ORDINAL.names], STEP.names));
    this.deleteStepsFrom = database.prepare(
      'DELETE FROM provisioning_steps WHERE provisioning_run_id = @runId AND node_id = @nodeId AND ordinal >= @ordinal',
    );
    this.selectRun = database.prepareRaw(`SELECT ${RUN.list()} FROM provisioning_runs WHERE id = @id`);
    this.selectUnfinished = database.prepareRaw(
      `SELECT ${RUN.list()} FROM provisioning_runs
       WHERE id IN (SELECT provisioning_run_id FROM provisioning_nodes WHERE state IN ('queued', 'running'))`,
    );
    this.selectNodes = database.prepareRaw(
      `SELECT ${NODE_OF_RUN.list()} FROM provisioning_nodes WHERE provisioning_run_id = @runId ORDER BY ordinal`,
    );
    // A run keeps the number of its row when it changes, and a newer one has a higher number.
    this.selectLastOfNode = database.prepare(
      `SELECT id AS runId FROM provisioning_runs
       JOIN provisioning_nodes ON provisioning_run_id = id AND node_id = @nodeId
       ORDER BY provisioning_runs.rowid DESC LIMIT 1`,
    );
    this.selectNodeOrdinal = database.prepare(
      `SELECT COALESCE(
         (SELECT ordinal FROM provisioning_nodes WHERE provisioning_run_id = @runId AND node_id = @nodeId),
         (SELECT COUNT(*) FROM provisioning_nodes WHERE provisioning_run_id = @runId)
       ) AS ordinal`,
    );
    this.selectSteps = database.prepareRaw(
      `SELECT ${STEP.list()} FROM provisioning_steps WHERE provisioning_run_id = @runId AND node_id = @nodeId ORDER BY ordinal`,
    );
  }

  /** Writes the whole run, new or known. */
  save(run: StoredProvisioning): void {
    this.database.transaction(() => {
      this.upsertRun.run(RUN.toRow(run));
      for (const node of run.nodes) this.saveNode(run.id, node);
    });
  }

  /** Writes one node of a known run with its steps and output: what to call at every change of a step. */
  saveNode(runId: string, node: NodeProvision): void {
    this.database.transaction(() => {
      const ordinal = this.selectNodeOrdinal.get({ runId, nodeId: node.nodeId })?.ordinal ?? 0;
      this.upsertNode.run({ ...NODE_KEY.toRow({ runId, nodeId: node.nodeId }), ...ORDINAL.toRow({ ordinal }), ...NODE.toRow(node) });
      this.deleteStepsFrom.run({ runId, nodeId: node.nodeId, ordinal: node.steps.length });
      node.steps.forEach((step, index) => this.saveStep(runId, node.nodeId, index, step));
    });
  }

  get(id: string): StoredProvisioning | null {
    const row = this.selectRun.get({ id });
    return row ? this.toRun(row) : null;
  }

  /** The newest provisioning or removal that the node was part of; null where there is none. */
  lastOfNode(nodeId: string): (NodeProvision & Pick<ProvisioningRun, 'kind'>) | null {
    const id = this.selectLastOfNode.get({ nodeId })?.runId;
    const run = id === undefined ? null : this.get(id);
    const node = run?.nodes.find((each) => each.nodeId === nodeId);
    return run && node ? { ...node, kind: run.kind } : null;
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
    this.upsertStep.run({ ...NODE_KEY.toRow({ runId, nodeId }), ...ORDINAL.toRow({ ordinal }), ...STEP.toRow(step) });
  }

  private toRun(row: RawRow): StoredProvisioning {
    const run = RUN.read(row);
    const nodes = this.selectNodes.all({ runId: run.id }).map((node): NodeProvision => {
      const provision = NODE_OF_RUN.read(node);
      return { ...provision, steps: this.selectSteps.all({ runId: run.id, nodeId: provision.nodeId }).map(toStep) };
    });
    return { ...run, nodes };
  }
}
