// `npm run bench:gallery`: what a gallery of 50,000 images waits for beside 1,000,000 tasks. Rows are written by hand; image files are left out,
// since no question asked here reads one. Measures and prints, asserts nothing.
import { createApiCaller } from '../../src/main/api/router.js';
import { openDatabase } from '../../src/main/adapters/storage/open-database.js';
import { createCore } from '../../src/main/composition/core.js';
import { captionOf } from './captions.js';
import { makeHistory } from './history.js';
import { measure } from './measure.js';

/** Other sizes can be named on the command line: `npm run bench:gallery -- 100 200 500`. */
const [RUNS = 1000, TASKS_PER_RUN = 1000, IMAGES = 50_000] = process.argv.slice(2).map(Number);

/** Each tenth task of every run has an image until there are enough, so that words and runs are as mixed as in a lab. */
function addImages(dataDir: string): void {
  const database = openDatabase({ dataDir, nowMs: Date.now() });
  database.transaction(() => {
    const chosen = `(SELECT id, run_id, rowid AS number FROM tasks WHERE rowid % ${Math.max(1, Math.floor((RUNS * TASKS_PER_RUN) / IMAGES))} = 0 LIMIT ${IMAGES})`;
    database
      .prepare<object>(
        `INSERT INTO images (sha256, size_bytes, width_px, height_px, media_type, is_simulated, created_at_ms)
         SELECT printf('%064x', number), 1800000, 1024, 1024, 'image/png', 0, number FROM ${chosen}`,
      )
      .run({});
    database
      .prepare<object>(
        `INSERT INTO task_images (task_id, run_id, sha256, created_at_ms) SELECT id, run_id, printf('%064x', number), number FROM ${chosen}`,
      )
      .run({});
  });
  database.close();
}

async function main(): Promise<void> {
  process.stdout.write(`Making ${RUNS} runs of ${TASKS_PER_RUN} tasks and ${IMAGES} images (rows; no image files)...\n`);
  const { dataDir, remove } = makeHistory({ runCount: RUNS, tasksPerRun: TASKS_PER_RUN, prompt: captionOf });
  try {
    const startedMs = performance.now();
    addImages(dataDir);
    process.stdout.write(`The images' rows and words took ${((performance.now() - startedMs) / 1000).toFixed(1)} s.\n`);
    const core = await createCore({ dataDir, shell: 'web', access: 'exclusive', activity: 'none' });
    try {
      const api = createApiCaller({ services: core.services });
      const { asOf, total } = await api.gallery.page({});
      const last = (await api.gallery.page({ asOf, offset: total - 1 })).items[0]?.taskId ?? '';
      // A search is asked once: what is kept of it must not be measured.
      let round = 0;
      const search = (query: string, change: object = {}) =>
        api.gallery.page({ query: `${query}${' '.repeat(++round % 1000)}`, ...change });
      await measure('first page', () => search(''));
      await measure('jump to the middle', () => api.gallery.page({ asOf, offset: total >> 1 }));
      await measure('jump to the end', () => api.gallery.page({ asOf, offset: total - 120 }));
      await measure('place of an image', () => api.gallery.find({ asOf, taskId: last }));
      await measure('word in many prompts (dog)', () => search('dog'));
      await measure('two words (dog frisbee)', () => search('dog frisbee'));
      await measure('start of a word (s*)', () => search('s*'));
      await measure('word in few prompts (zeppelin7)', () => search('zeppelin7'));
      await measure('phrase ("dog park")', () => search('"dog park"'));
      await measure('keys (node:"ES 1" steps:>=10 delay:<20)', () => search('node:"ES 1" steps:>=10 delay:<20'));
      await measure('keys of runs (scheduler:random n:>=100)', () => search('scheduler:random n:>=100'));
      await measure('nothing (dog frisbee node:none)', () => search('dog frisbee node:none'));
      await measure('slowest first', () => search('', { sort: 'slowest' }));
      await measure('two parameters (prompt x node, dog)', () => api.gallery.table({ query: 'dog', rows: 'prompt', columns: 'node' }));
      await measure('two parameters (steps x node, all)', () => api.gallery.table({ rows: 'steps', columns: 'node' }));
    } finally {
      await core.close();
    }
  } finally {
    remove();
  }
}

await main();
