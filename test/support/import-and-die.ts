// A program that imports an archive and is killed on the way, as `kill -9` does it: in a process of its own, so that nothing of it gets to
// clean up. Arguments: data folder, archive, step.
import { importFrom, openFolder } from './archive-folders.js';

const [dataDir = '', path = '', step = ''] = process.argv.slice(2);
const parts = await openFolder(dataDir, {
  archives: {
    onStep: (reached) => {
      if (reached === step) process.kill(process.pid, 'SIGKILL');
    },
  },
});
await importFrom(parts, path);
