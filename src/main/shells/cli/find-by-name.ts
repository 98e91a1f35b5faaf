// People say names, programs say ids: both find the thing. Who names none gets the obvious one.
import { AppError } from '../../../shared/errors.js';

/** The item with this id or name. Throws `not-found` listing what there is, or `conflict` when a name fits several. */
export function findByName<T extends { id: string; name: string }>(items: readonly T[], nameOrId: string, what: string): T {
  const byId = items.find((item) => item.id === nameOrId);
  if (byId) return byId;
  const byName = items.filter((item) => item.name === nameOrId);
  if (byName.length > 1) {
    throw new AppError(
      'conflict',
      `${byName.length} ${what}s are named “${nameOrId}”`,
      `Use an id: ${byName.map((item) => item.id).join(', ')}.`,
    );
  }
  if (byName[0]) return byName[0];
  const known = items.map((item) => `${item.id} (${item.name})`).join(', ');
  throw new AppError('not-found', `There is no ${what} “${nameOrId}”`, known ? `Known: ${known}.` : `There is no ${what} yet.`);
}

export interface DefaultChoice {
  what: string;
  /** How one is named in the command: `--testbed`. */
  naming: string;
  /** Ids of those that were used, the last one first. */
  usedIds?: readonly string[];
  /** Hears which one was taken without being named. */
  note: (text: string) => void;
}

/** As `findByName`; where none is named the only one there is, else the one used last. Throws `not-found` or, where several come into question, `invalid-input`. */
export function findOrDefault<T extends { id: string; name: string }>(
  items: readonly T[],
  nameOrId: string | undefined,
  { what, naming, usedIds = [], note }: DefaultChoice,
): T {
  if (nameOrId !== undefined) return findByName(items, nameOrId, what);
  const [only, ...others] = items;
  if (!only) throw new AppError('not-found', `There is no ${what} yet.`, `Make one, then name it with ${naming}, or leave ${naming} out.`);
  const lastUsed = usedIds.map((id) => items.find((item) => item.id === id)).find((item) => item !== undefined);
  const found = others.length === 0 ? only : lastUsed;
  if (!found) {
    const known = items.map(({ id, name }) => `${name} (${id})`).join(', ');
    throw new AppError('invalid-input', `There are ${items.length} ${what}s, and none was used yet.`, `Name one with ${naming}: ${known}.`);
  }
  note(`The ${what} is “${found.name}”: ${others.length === 0 ? 'there is no other' : 'it was used last'}.`);
  return found;
}
