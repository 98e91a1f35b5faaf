// How a node is reached that was added from ~/.ssh/config: alias, key files, hosts on the way.
import type { Migration } from '../migration.js';

export const nodeSshRoutesMigration: Migration = {
  version: 3,
  name: 'node-ssh-routes',
  sql: `
ALTER TABLE nodes ADD COLUMN ssh_route_json TEXT CHECK (ssh_route_json IS NULL OR json_valid(ssh_route_json));
`,
};
