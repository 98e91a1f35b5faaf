import { listBackups } from './backup-files.js';

/** What to do about a database that can't be used; names a backup only where there is one. */
export function adviseRestore(dataDir: string): string {
  const [newest] = listBackups(dataDir);
  if (newest === undefined) {
    return `There is no backup in ${dataDir}/backups. Put back a copy of your own with \`npm run cli -- data restore FILE --data ${dataDir}\`, or choose an empty folder with --data.`;
  }
  const when = new Date(newest.madeAtMs).toLocaleString();
  return `Put back the backup of ${when} with \`npm run cli -- data restore latest --data ${dataDir}\`; what is there now is kept aside. \`data backups\` lists all.`;
}
