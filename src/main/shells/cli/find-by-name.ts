// People say names, programs say ids: both find the thing.
import { AppError } from '../../../shared/errors.js';

/** The item with this id or name. Throws `not-found` listing what there is, or `conflict` when a name fits several. */
export function findByName<T extends { id: string; name: string }>(items: readonly T[], wanted: string, what: string): T {
  const byId = items.find((item) => item.id === wanted);
  if (byId) return byId;
  const byName = items.filter((item) => item.name === wanted);
  if (byName.length > 1) {
    throw new AppError(
      'conflict',
      `${byName.length} ${what}s are named “${wanted}”`,
      `Use an id: ${byName.map((item) => item.id).join(', ')}.`,
    );
  }
  if (byName[0]) return byName[0];
  const known = items.map((item) => `${item.id} (${item.name})`).join(', ');
  throw new AppError('not-found', `There is no ${what} “${wanted}”`, known ? `Known: ${known}.` : `There is no ${what} yet.`);
}
