// People say names, programs say ids: both find the thing.
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
