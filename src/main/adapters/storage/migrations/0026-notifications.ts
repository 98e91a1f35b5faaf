// What is kept for someone who did not look, and since when: what ended before that is not news.
import type { Migration } from '../migration.js';

export const notificationsMigration: Migration = {
  version: 26,
  name: 'notifications',
  sql: `CREATE TABLE notifications (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL CHECK (key <> ''),
  kind TEXT NOT NULL CHECK (kind <> ''),
  subject_kind TEXT NOT NULL,
  subject_id TEXT,
  subject_name TEXT NOT NULL,
  title TEXT NOT NULL CHECK (title <> ''),
  detail TEXT NOT NULL,
  worked_ms INTEGER CHECK (worked_ms >= 0),
  at_ms INTEGER NOT NULL,
  read_at_ms INTEGER,
  over_at_ms INTEGER
) STRICT;

CREATE INDEX notifications_by_key ON notifications (key);
CREATE INDEX notifications_unread ON notifications (id) WHERE read_at_ms IS NULL;

CREATE TABLE notification_watch (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  since_ms INTEGER NOT NULL
) STRICT;
`,
};
