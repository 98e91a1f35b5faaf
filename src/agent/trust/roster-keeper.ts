// Keeps the roster in memory and on disk, so that a node which was removed stays refused after a restart.
import { readFile } from 'node:fs/promises';

import { type AgentLog, describeThrown } from '../log.js';
import { writeDurably } from '../../durable-file/write-durably.js';
import { verifyRoster, NO_ROSTER, parseRoster, type Roster, type RosterProposal } from './roster.js';

export class RosterKeeper {
  readonly #path: string;
  readonly #log: AgentLog;
  readonly #listeners = new Set<() => void>();
  #roster: Roster;
  #nodeIds: ReadonlySet<string>;
  /** Of the roster on disk. */
  #storedVersion: number;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, log: AgentLog, roster: Roster) {
    this.#path = path;
    this.#log = log;
    this.#roster = roster;
    this.#nodeIds = new Set(roster.nodeIds);
    this.#storedVersion = roster.version;
  }

  /** Reads the file. Where there is none, or a damaged one, no node is let in until the control center has said the roster again. */
  static async open(path: string, log: AgentLog): Promise<RosterKeeper> {
    const roster = await readFile(path, 'utf8')
      .then(parseRoster)
      .catch((thrown: unknown) => {
        if (!isMissing(thrown)) log.warn('roster unreadable', { path, reason: describeThrown(thrown) });
        return NO_ROSTER;
      });
    return new RosterKeeper(path, log, roster);
  }

  get version(): number {
    return this.#roster.version;
  }

  includes(nodeId: string): boolean {
    return this.#nodeIds.has(nodeId);
  }

  /** Calls the listener after each change. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** False for a proposal that came late. A new roster counts at once; resolves when it is on disk and throws when it can't be put there. */
  async replace(proposal: RosterProposal): Promise<boolean> {
    const { kind, roster } = verifyRoster(this.#roster, proposal);
    if (kind === 'late') return false;
    if (kind === 'new') {
      this.#roster = roster;
      this.#nodeIds = new Set(roster.nodeIds);
      this.#log.info('roster changed', { version: roster.version, nodes: roster.nodeIds.length });
      for (const listener of this.#listeners) listener();
    }
    await (this.#writing = this.#writing.catch(() => undefined).then(() => this.#store()));
    return true;
  }

  async #store(): Promise<void> {
    const roster = this.#roster;
    if (this.#storedVersion === roster.version) return;
    await writeDurably(this.#path, `${JSON.stringify(roster)}\n`);
    this.#storedVersion = roster.version;
  }
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
}
