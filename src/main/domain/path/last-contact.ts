// What is known of reaching a node, from everything that has tried it: the newest attempt counts.
import type { NodeSituation } from './situation.js';

export interface Contact {
  /** `in`: logged in. `host-key`: not, for want of a trusted host key. `refused`: not, for any other reason. */
  outcome: 'in' | 'host-key' | 'refused';
  /** Why not, in sentences; null where it was logged in to. */
  message: string | null;
  remedy: string | null;
  /** Epoch ms. */
  atMs: number;
}

/** Null where no one has tried. */
export function lastContact({ node, check, provision }: NodeSituation): Contact | null {
  const contacts: Contact[] = [];
  const loggedIn = (atMs: number): Contact => ({ outcome: 'in', message: null, remedy: null, atMs });
  if (node.facts) contacts.push(loggedIn(node.facts.readAtMs));
  if (check) {
    const outcome = check.outcome === 'host-key' ? 'host-key' : check.outcome === 'unreached' ? 'refused' : 'in';
    contacts.push(outcome === 'in' ? loggedIn(check.atMs) : { outcome, message: check.message, remedy: null, atMs: check.atMs });
  }
  const connect = provision?.steps.find(({ name }) => name === 'connect');
  if (connect?.finishedAtMs != null) {
    const { error, state, finishedAtMs: atMs } = connect;
    if (state === 'changed' || state === 'unchanged') contacts.push(loggedIn(atMs));
    else if (error && error.code !== 'cancelled') {
      const outcome = error.code.startsWith('host-key') ? 'host-key' : 'refused';
      contacts.push({ outcome, message: error.message, remedy: error.hint, atMs });
    }
  }
  return contacts.toSorted((a, b) => b.atMs - a.atMs)[0] ?? null;
}
