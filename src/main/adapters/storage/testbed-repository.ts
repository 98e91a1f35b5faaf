// Testbeds, their nodes, and the last facts read from each. One in the bin is not there for anyone but the bin, nor are its nodes: nothing
// connects to them, runs there or is due there.
import type { Testbed, TestbedNode } from '../../../shared/testbed.js';
import { notInBin } from './bin.js';
import { column, Columns, instant, type RawRow, type Row } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { insertSql, upsertSql } from './insert-sql.js';
import { FACTS_COLUMNS, NODE, NODE_SETTINGS, toFacts, toFactsRow } from './node-rows.js';

/** What of a node may change after it was made. */
export type NodePatch = Partial<Omit<TestbedNode, 'id' | 'testbedId' | 'ordinal' | 'kind' | 'createdAtMs'>>;

/** A testbed to insert; its nodes, if any, go in with it in one transaction. */
export type NewTestbed = Omit<Testbed, 'nodes'> & { nodes?: readonly TestbedNode[] };

const TESTBED = new Columns<Omit<Testbed, 'nodes'>>({
  id: column('id'),
  name: column('name'),
  kind: column('kind'),
  timeScale: column('time_scale'),
  createdAtMs: instant('created_at_ms'),
});

export class TestbedRepository {
  private readonly insertTestbedRow: Statement<Row, never>;
  private readonly insertNodeRow: Statement<Row, never>;
  private readonly updateNodeRow: Statement<Row, never>;
  private readonly upsertFacts: Statement<Row, never>;
  private readonly deleteFacts: Statement<{ id: string }, never>;
  private readonly selectTestbeds: RawStatement<object, RawRow>;
  private readonly selectTestbed: RawStatement<{ id: string }, RawRow>;
  private readonly selectAnyTestbed: RawStatement<{ id: string }, RawRow>;
  private readonly selectNodesInBin: RawStatement<object, RawRow>;
  private readonly selectNodes: RawStatement<{ testbedId: string }, RawRow>;
  private readonly selectNode: RawStatement<{ id: string }, RawRow>;
  private readonly selectFacts: RawStatement<{ id: string }, RawRow>;
  private readonly renameTestbedRow: Statement<{ id: string; name: string }, never>;
  private readonly deleteTestbedRow: Statement<{ id: string }, never>;
  private readonly deleteNodeRow: Statement<{ id: string }, never>;

  constructor(private readonly database: Database) {
    this.insertTestbedRow = database.prepare(insertSql('testbeds', TESTBED.names));
    this.insertNodeRow = database.prepare(insertSql('nodes', NODE.names));
    const changes = NODE_SETTINGS.names.map((name) => `${name} = @${name}`).join(', ');
    this.updateNodeRow = database.prepare(`UPDATE nodes SET ${changes} WHERE id = @id`);
    this.upsertFacts = database.prepare(upsertSql('node_facts', ['node_id'], FACTS_COLUMNS));
    this.deleteFacts = database.prepare('DELETE FROM node_facts WHERE node_id = @id');
    const [isOut, isNodeOut] = [notInBin("'testbed'", 'id'), notInBin("'testbed'", 'testbed_id')];
    this.selectTestbeds = database.prepareRaw(`SELECT ${TESTBED.list()} FROM testbeds WHERE ${isOut} ORDER BY created_at_ms, id`);
    this.selectTestbed = database.prepareRaw(`SELECT ${TESTBED.list()} FROM testbeds WHERE id = @id AND ${isOut}`);
    this.selectAnyTestbed = database.prepareRaw(`SELECT ${TESTBED.list()} FROM testbeds WHERE id = @id`);
    this.selectNodesInBin = database.prepareRaw(`SELECT ${NODE.list()} FROM nodes WHERE NOT (${isNodeOut}) ORDER BY testbed_id, ordinal`);
    this.selectNodes = database.prepareRaw(`SELECT ${NODE.list()} FROM nodes WHERE testbed_id = @testbedId ORDER BY ordinal`);
    this.selectNode = database.prepareRaw(`SELECT ${NODE.list()} FROM nodes WHERE id = @id AND ${isNodeOut}`);
    this.selectFacts = database.prepareRaw(`SELECT ${FACTS_COLUMNS.join(', ')} FROM node_facts WHERE node_id = @id`);
    this.renameTestbedRow = database.prepare('UPDATE testbeds SET name = @name WHERE id = @id');
    this.deleteTestbedRow = database.prepare('DELETE FROM testbeds WHERE id = @id');
    this.deleteNodeRow = database.prepare('DELETE FROM nodes WHERE id = @id');
  }

  insertTestbed(testbed: NewTestbed): void {
    this.database.transaction(() => {
      this.insertTestbedRow.run(TESTBED.toRow(testbed));
      for (const node of testbed.nodes ?? []) this.insertNode(node);
    });
  }

  renameTestbed(id: string, name: string): void {
    this.renameTestbedRow.run({ id, name });
  }

  insertNode(node: TestbedNode): void {
    this.database.transaction(() => {
      this.insertNodeRow.run(NODE.toRow(node));
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
      this.updateNodeRow.run(NODE.toRow(changed));
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

  /** In the bin or not. */
  findTestbed(id: string): Testbed | null {
    const row = this.selectAnyTestbed.get({ id });
    return row ? this.toTestbed(row) : null;
  }

  /** The nodes of all testbeds in the bin. */
  listNodesInBin(): TestbedNode[] {
    return this.selectNodesInBin.all({}).map((row) => this.withFacts(row));
  }

  getNode(id: string): TestbedNode | null {
    const row = this.selectNode.get({ id });
    return row ? this.withFacts(row) : null;
  }

  /** Its nodes, their facts and its provisioning history go with it; runs stay. False when there is none of that id. */
  deleteTestbed(id: string): boolean {
    return this.deleteTestbedRow.run({ id }) > 0;
  }

  deleteNode(id: string): boolean {
    return this.deleteNodeRow.run({ id }) > 0;
  }

  private withFacts(row: RawRow): TestbedNode {
    const node = NODE.read(row);
    const facts = this.selectFacts.get({ id: node.id });
    return { ...node, facts: facts ? toFacts(facts) : null };
  }

  private toTestbed(row: RawRow): Testbed {
    const testbed = TESTBED.read(row);
    const nodes = this.selectNodes.all({ testbedId: testbed.id }).map((node) => this.withFacts(node));
    return { ...testbed, nodes };
  }
}
