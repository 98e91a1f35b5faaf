// What the window may ask the core to change, and why some of it is sent by no form.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const RENDERER_DIR = join(import.meta.dirname, '../../src/renderer');

/** Mutations that no form of test/desktop/forms.test.ts sends, each with its reason. A new one that is missed fails the test. */
export const NOT_SENT: Record<string, string> = {
  'hostKeys.answer': 'needs a node that answers over SSH with an unknown key (real-node.test.ts)',
  'notifications.markRead': 'no form: a click on a notification (activity.test.ts)',
  'notifications.markAllRead': 'no form: a button beside the list of notifications (activity.test.ts)',
  'clocks.look': 'no form: a button with the id of a testbed (clocks-and-peers.test.ts)',
  'models.fetch': 'needs a token and a server with weights (fetch-models.test.ts)',
  'wheels.fetch': 'needs a package index (fetch-models.test.ts)',
  'models.refine': 'needs a model with T5-XXL (models.test.ts)',
  'models.verify': 'needs a recognized model (models.test.ts)',
  'credentials.authorizeNode': 'needs a node that takes a password over SSH',
  'modelMemory.compare': 'needs two pushed models and a GPU',
  'modelPushes.start': 'needs a recognized model (models.test.ts)',
  'provisioning.retryFailed': 'no form: a button with the id of a run',
  'data.repairPictures': 'needs a lost input picture (data-cli.test.ts)',
  'onTheJob.set': 'no form: a switch with the id of a testbed',
  'onTheJob.learn': 'needs runs to learn from',
  'jobs.cancel': 'no form: a button with the id of a job (jobs.test.ts)',
  'calibrations.start': 'needs a node with a real worker',
  'credentials.restore': 'no form: the undo of a secret that was forgotten (fetch-models.test.ts)',
  'credentials.forget': 'no form: a button with a name',
  'facts.read': 'no form: a button with the id of a node',
  'testbeds.setNodeUse': 'no form: a button with the id of a node (node-use.test.ts)',
  'testbeds.reconnect': 'no form: a button with the id of a node (node-use.test.ts)',
  'testbeds.rename': 'a dialog of its own (node-use.test.ts)',
  'runs.move': 'no form: a button with the id of a waiting run (activity.test.ts)',
  'series.move': 'no form: a button with the id of a waiting series (activity.test.ts)',
  'runs.reschedule': 'needs a run that waits for a time (planned-starts.test.ts)',
  'series.reschedule': 'needs a series that waits for a time (planned-starts.test.ts)',
  'runs.cancelTask': 'no form: a button with the id of a task',
  'testbeds.addNodeByAlias': 'needs a host in ~/.ssh/config (ssh-config.test.ts)',
  'trainings.cancel': 'no form: a button with the id of a training',
  'archives.import': 'needs an archive of another machine (archives.test.ts)',
  'archives.export': 'needs a run that has ended (archives.test.ts)',
  'gallery.measure': 'no form: what is selected in the gallery (gallery.test.ts)',
  'gallery.export': 'what is selected in the gallery (gallery.test.ts)',
  'records.reproduce': 'no form: a button with the id of a record (archives.test.ts)',
  'data.backUp': 'no form: a button without an input',
  'data.check': 'no form: a button without an input',
  'data.remakeImages': 'needs lost images (data.test.ts)',
  'data.restoreAtNextStart': 'needs a backup (data.test.ts)',
  'data.withdrawRestore': 'needs a restore that was asked for (data.test.ts)',
  'platforms.set': 'figures of Table V (table-v.test.ts)',
  'platforms.add': 'a row of Table V (table-v.test.ts)',
  'platforms.reset': 'no form: a button with the id of a platform',
  'platforms.remove': 'no form: a button with the id of a platform',
  'platforms.restore': 'no form: a button with the id of a platform',
  'costs.save': 'settings of the cost (table-v.test.ts)',
  'provisioning.remove': 'needs real nodes that were provisioned',
};

/** `api.runs.start.mutate(` in the window's sources, as `runs.start`. */
export function mutationsOfTheWindow(): string[] {
  const files = readdirSync(RENDERER_DIR, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(vue|ts)$/.test(name));
  const paths = files.flatMap((name) =>
    [...readFileSync(join(RENDERER_DIR, name), 'utf8').matchAll(/\bapi\.(\w+\.\w+)\.mutate\(/g)].map((match) => match[1]!),
  );
  return [...new Set(paths)].sort();
}
