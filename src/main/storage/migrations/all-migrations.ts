import type { Migration } from '../migration.js';
import { initialMigration } from './0001-initial.js';

/** Every migration in its order. */
export const ALL_MIGRATIONS: readonly Migration[] = [initialMigration];
