// Testbeds, their nodes, and the last facts read from each.
import type { Testbed, TestbedNode } from '../../../shared/testbed.js';
import type { Database, Statement } from './database.js';
import { insertSql, upsertSql } from './insert-sql.js';
import { type FactsRow, type NodeRow, toFactsRow, toNode, toNodeRow } from './node-rows.js';
import { wholeMs } from './whole-ms.js';

/** What of a node may change after it was made. */
export type NodePatch = Partial<Omit<TestbedNode, 'id' | 'testbedId' | 'ordinal' | 'kind' | 'createdAtMs'>>;

/** A testbed to insert; its nodes, if any, go in with it in one transaction. */
export type NewTestbed = Omit<Testbed, 'nodes'> & { nodes?: readonly TestbedNode[] };

interface TestbedRow {
  id: string;
  name: string;
  kind: Testbed['kind'];
  time_scale: number;
  created_at_ms: number;
}

const CHANGEABLE_NODE_COLUMNS = [
  'name',
  'host',
  'port',
  'user',
  'auth',
  'key_file',
  'ssh_route_json',
  'agent_port',
  'speed_factor',
  'link_mbps',
  'jitter_fraction',
  'fixed_sec',
  'sec_per_step',
  'provision_state',
  'agent_version',
  'calibration_json',
  'worker_json',
] as const;

const FACT_COLUMNS = [
  'hostname',
  'operating_system',
  'kernel',
  'architecture',
  'device_model',
  'l4t_version',
  'cpu_count',
  'memory_total_bytes',
  'memory_available_bytes',
  'disk_free_bytes',
  'node_version',
  'device_json',
  'read_at_ms',
] as const;

export class TestbedRepository {
  private readonly insertTestbedRow: Statement<TestbedRow, never>;
  private readonly insertNodeRow: Statement<NodeRow, never>;
  private readonly updateNodeRow: Statement<NodeRow, never>;
  private readonly upsertFacts: Statement<FactsRow, never>;
  private readonly deleteFacts: Statement<{ id: string }, never>;
  private readonly selectTestbeds: Statement<object, TestbedRow>;
  private readonly selectTestbed: Statement<{ id: string }, TestbedRow>;
  private readonly selectNodes: Statement<{ testbedId: string }, NodeRow>;
  private readonly selectNode: Statement<{ id: string }, NodeRow>;
  private readonly selectFacts: Statement<{ id: string }, FactsRow>;
  private readonly deleteTestbedRow: Statement<{ id: string }, never>;
  private readonly deleteNodeRow: Statement<{ id: string }, never>;

  constructor(private readonly database: Database) {
    this.insertTestbedRow = database.prepare(insertSql('testbeds', ['id', 'name', 'kind', 'time_scale', 'created_at_ms']));
    this.insertNodeRow = database.prepare(
      insertSql('nodes', ['id', 'testbed_id', 'ordinal', 'kind', 'created_at_ms', ...CHANGEABLE_NODE_COLUMNS]),
    );
    const changes = CHANGEABLE_NODE_COLUMNS.map((column) => `${column} = @${column}`).join(', ');
    this.updateNodeRow = database.prepare(`UPDATE nodes SET ${changes} WHERE id = @id`);
    this.upsertFacts = database.prepare(upsertSql('node_facts', ['node_id'], FACT_COLUMNS));
    this.deleteFacts = database.prepare('DELETE FROM node_facts WHERE node_id = @id');
    this.selectTestbeds = database.prepare('SELECT * FROM testbeds ORDER BY created_at_ms, id');
    this.selectTestbed = database.prepare('SELECT * FROM testbeds WHERE id = @id');
    this.selectNodes = database.prepare('SELECT * FROM nodes WHERE testbed_id = @testbedId ORDER BY ordinal');
    this.selectNode = database.prepare('SELECT * FROM nodes WHERE id = @id');
    this.selectFacts = database.prepare('SELECT * FROM node_facts WHERE node_id = @id');
    this.deleteTestbedRow = database.prepare('DELETE FROM testbeds WHERE id = @id');
    this.deleteNodeRow = database.prepare('DELETE FROM nodes WHERE id = @id');
  }

  insertTestbed(testbed: NewTestbed): void {
    this.database.transaction(() => {
      const { id, name, kind, timeScale, createdAtMs } = testbed;
      this.insertTestbedRow.run({ id, name, kind, time_scale: timeScale, created_at_ms: wholeMs(createdAtMs) });
      for (const node of testbed.nodes ?? []) this.insertNode(node);
    });
  }

  insertNode(node: TestbedNode): void {
    this.database.transaction(() => {
      this.insertNodeRow.run(toNodeRow(node));
      if (node.facts) this.upsertFacts.run(toFactsRow(node.id, node.facts));
    });
  }

  /** All of `work`, or nothing of it. */
  inOneTransaction<T>(work: () => T): T {
    return this.database.transaction(work);
  }

  /** Returns the node as it is now; null when there is none of that id. */
  updateNode(id: string, patch: NodePatch): TestbedNode | null {
    return this.database.transaction(() => {
      const node = this.getNode(id);
      if (!node) return null;
      const changed = { ...node, ...patch };
      this.updateNodeRow.run(toNodeRow(changed));
      if (changed.facts) this.upsertFacts.run(toFactsRow(id, changed.facts));
      else this.deleteFacts.run({ id });
      return changed;
    });
  }

  /** Oldest first, each with its nodes in ordinal order. */
  listTestbeds(): Testbed[] {
    return this.selectTestbeds.all({}).map((row) => this.toTestbed(row));
  }

  getTestbed(id: string): Testbed | null {
    const row = this.selectTestbed.get({ id });
    return row ? this.toTestbed(row) : null;
  }

  getNode(id: string): TestbedNode | null {
    const row = this.selectNode.get({ id });
    return row ? toNode(row, this.selectFacts.get({ id })) : null;
  }

  /** Its nodes, their facts and its provisioning history go with it; runs stay. False when there is none of that id. */
  deleteTestbed(id: string): boolean {
    return this.deleteTestbedRow.run({ id }) > 0;
  }

  deleteNode(id: string): boolean {
    return this.deleteNodeRow.run({ id }) > 0;
  }

  private toTestbed(row: TestbedRow): Testbed {
    const nodes = this.selectNodes.all({ testbedId: row.id }).map((node) => toNode(node, this.selectFacts.get({ id: node.id })));
    return { id: row.id, name: row.name, kind: row.kind, timeScale: row.time_scale, createdAtMs: row.created_at_ms, nodes };
  }
}
