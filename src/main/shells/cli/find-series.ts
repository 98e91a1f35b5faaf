import { findByName } from './find-by-name.js';
import type { Session } from './session.js';

/** By id or name. Throws `not-found`, or `conflict` where a name fits several. */
export async function findSeriesId({ series }: Session['api'], nameOrId: string): Promise<string> {
  const known = (await series.list()).map(({ id, spec }) => ({ id, name: spec.name }));
  return findByName(known, nameOrId, 'series').id;
}
