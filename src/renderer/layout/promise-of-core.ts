// What can be promised of the data of a core that has ended. Pure.
import type { CoreFailure } from '../api/client.js';

/** As the database says it of a file that is damaged or can't be read. */
const DATABASE_TROUBLE = /database|sqlite|malformed|disk/i;

/** Empty where nothing can: where there is a hint, which says what to do first, or where the data themselves may be damaged. */
export function promiseOfCore({ reason, hint }: Pick<CoreFailure, 'reason' | 'hint'>): string {
  if (hint !== null || DATABASE_TROUBLE.test(reason)) return '';
  return 'Nothing that was saved is lost; runs that were in progress continue when it starts.';
}
