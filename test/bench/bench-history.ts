// `npm run bench:history`: what a lab waits for after 1,000 runs of 1,000 tasks and 50,000 images. Rows are written by hand, since running them
// would take a year; image files are left out, since no question asked here reads one. Measures and prints, asserts nothing.
import { createCore } from '../../src/main/composition/core.js';
import { createApiCaller } from '../../src/main/api/router.js';
import { openDatabase } from '../../src/main/adapters/storage/open-database.js';
import { captionOf } from './captions.js';
import { makeHistory } from './history.js';
import { measure } from './measure.js';

/** Other sizes can be named on the command line: `npm run bench:history -- 100 200 500`. */
const [RUNS = 1000, TASKS_PER_RUN = 1000, IMAGES = 50_000] = process.argv.slice(2).map(Number);
/** Every task gets a caption of eleven words of a vocabulary, so that words differ in how often they occur, as in Flickr8k. */
function vary(dataDir: string): void {
  const database = openDatabase({ dataDir, nowMs: Date.now() });
  database.transaction(() => {
    const schedulers = ['round-robin', 'random', 'local-only', 'shortest-expected-completion'];
    const runs = database.prepare<object, { id: string }>('SELECT id FROM runs ORDER BY created_at_ms').all({});
    const change = database.prepare<{ id: string; name: string; scheduler: string; at: number; simulated: number }>(
      `UPDATE runs SET name = @name, spec_json = json_set(spec_json, '$.scheduler', @scheduler), created_at_ms = @at, is_simulated = @simulated WHERE id = @id`,
    );
    runs.forEach(({ id }, index) => {
      const scheduler = schedulers[index % schedulers.length] ?? 'random';
      change.run({
        id,
        name: `${scheduler} ${index % 10} night ${index}`,
        scheduler,
        at: Date.now() - index * 600_000,
        simulated: index % 3 === 0 ? 1 : 0,
      });
    });
    const tag = database.prepare<{ id: string; tag: string }>("INSERT INTO history_tags (kind, id, tag) VALUES ('run', @id, @tag)");
    runs.forEach(({ id }, index) => {
      if (index % 7 === 0) tag.run({ id, tag: 'orin' });
    });
    database
      .prepare<{ images: number }>(
        `INSERT INTO images (sha256, size_bytes, width_px, height_px, media_type, is_simulated, created_at_ms)
         SELECT printf('%064x', rowid), 1800000, 1024, 1024, 'image/png', 0, rowid FROM tasks WHERE rowid <= @images`,
      )
      .run({ images: IMAGES });
    database
      .prepare<{ images: number }>(
        `INSERT INTO task_images (task_id, run_id, sha256, created_at_ms)
         SELECT id, run_id, printf('%064x', rowid), rowid FROM tasks WHERE rowid <= @images`,
      )
      .run({ images: IMAGES });
  });
  database.close();
}

async function main(): Promise<void> {
  process.stdout.write(`Making ${RUNS} runs of ${TASKS_PER_RUN} tasks and ${IMAGES} images (rows; no image files)...\n`);
  const startedMs = performance.now();
  const { dataDir, remove } = makeHistory({ runCount: RUNS, tasksPerRun: TASKS_PER_RUN, prompt: captionOf });
  try {
    vary(dataDir);
    process.stdout.write(`Made in ${((performance.now() - startedMs) / 1000).toFixed(0)} s.\n`);
    const core = await createCore({ dataDir, shell: 'web', access: 'exclusive', activity: 'none' });
    try {
      const api = createApiCaller({ services: core.services });
      const runIds = (await api.history.list({ query: 'kind:run', limit: 20 })).items.map(({ id }) => id);
      const list = (query: string, change: object = {}) => api.history.list({ query, ...change });
      await measure('first page', () => list(''));
      await measure('page 8 by efficiency', () => list('', { sort: 'efficiency', offset: 700 }));
      await measure('word in many prompts (dog)', () => list('dog'));
      await measure('start of a word (s)', () => list('s'));
      await measure('word in few prompts (zeppelin7)', () => list('zeppelin7'));
      await measure('phrase ("dog park")', () => list('"dog park"'));
      await measure('two words and not (dog frisbee -rain)', () => list('dog frisbee -rain'));
      await measure('keys (scheduler:random n:>=100 tag:orin)', () => list('scheduler:random n:>=100 tag:orin'));
      await measure('node: (node:node-3)', () => list('node:node-3'));
      await measure('no match (dog scheduler:random tag:none)', () => list('dog scheduler:random tag:none'));
      await measure('completion (scheduler:)', () => api.history.complete({ query: 'scheduler:', cursor: 10 }));
      await measure('Table V of 20 runs', () => api.comparison.compare({ runIds, includeInvalid: true }));
      await measure('figures of all tasks of 20 runs', () =>
        Promise.all(runIds.map((id) => Promise.all([api.runs.get({ id }), api.runs.nodeDelays({ id })]))),
      );
      await measure('list of all runs', () => api.runs.list());
      await measure('first page of the gallery', () => api.gallery.page({}));
    } finally {
      await core.close();
    }
  } finally {
    remove();
  }
}

await main();
