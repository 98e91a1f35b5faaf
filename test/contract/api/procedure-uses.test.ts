// Whatever one shell can do all can: every procedure of the API is called by the window and by the terminal, or a reason stands here.
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appRouter } from '../../../src/main/api/router.js';
import { findPastApi, findUses } from '../../support/procedure-uses.js';

const main = resolve(import.meta.dirname, '../../../src/main');
const procedures = Object.keys(appRouter._def.procedures).sort();

/** Why the window (with the desktop's main process around it) does not call a procedure. */
const NOT_IN_WINDOW: Record<string, string> = {
  'calibrations.get': 'The window watches a calibration; a look at one that may have ended is for programs that call the API.',
  'data.status': 'The window watches the status.',
  'history.getNote': 'The window has the note with all else that people have put on a record.',
  'hostKeys.probe': 'The window learns of a key from the plan, which looks at every node.',
  'jobs.list': 'The window watches all jobs.',
  'jobs.watchOne': 'The window watches all jobs, and looks at the log of the one that is chosen.',
  'modelPushes.get': 'The window lists pushes again and again and shows the one that is meant.',
  'modelPushes.watch': 'The window lists pushes again and again: it shows all of them.',
  'models.job': 'The window lists the jobs of models and shows the one that is meant.',
  'models.watchJob': 'The window lists the jobs of models again and again: it shows all of them.',
  'notifications.list': 'The window watches the list.',
  'provisioning.get': 'The window watches a provisioning.',
  'provisioning.setDesired': 'The window sends the desired state with the start of a provisioning.',
  'runs.remove': 'The window moves runs to the bin, which removes them when it is emptied.',
  'series.remove': 'The window moves series to the bin, which removes them when it is emptied.',
  'studies.get': 'The window watches a run of a study.',
  'studies.importResults':
    'What came back from a cluster is a folder on the machine of the terminal: the window has no chooser for folders yet.',
  'studies.remove': 'The window moves study runs to the bin, which removes them when it is emptied.',
  'testbeds.remove': 'The window moves testbeds to the bin, which removes them when it is emptied.',
  'testbeds.untilConnected': 'The window shows which nodes are connected, and anyone who starts a run there sees them.',
  'trainings.remove': 'The window moves trainings to the bin, which removes them when it is emptied.',
  'wheels.get': 'The panel of jobs shows a fetch.',
};

/** Why the terminal does not. */
const NOT_IN_TERMINAL: Record<string, string> = {
  'app.activity': 'A program without a window has nothing to ask before it ends: what is in progress is what the command does.',
  'app.events': 'The log, which the terminal reads from its file, has every event.',
  'app.log': 'The terminal reads the log from its file, also where the program does not start.',
  'app.reportError': 'For the window’s own code; an error of a command is logged where it happens.',
  'app.watchActivity': '`jobs watch` follows every job; `run start` and `run resume` follow their run.',
  'app.settle': 'Ctrl-C settles what the command does.',
  'calibrations.get': '`calibrate` follows the calibration that it started.',
  'credentials.lockVault': 'A command unlocks the vault for itself and locks it by ending.',
  'data.backUp': '`data backup` works on the folder itself, also where the program does not start.',
  'data.examineImage': '`data check` looks at every image.',
  'data.restoreAtNextStart': '`data restore` puts the backup back at once: no window has the folder open.',
  'data.withdrawRestore': 'As `data.restoreAtNextStart`.',
  'credentials.restore': 'A command asks before it forgets, and what it would hold ends with it.',
  'datasets.get': '`dataset list` shows what there is to a dataset.',
  'datasets.prompts': 'Pages of captions are for a screen; the file has them.',
  'gallery.complete': 'What is typed in a shell is completed by the shell.',
  'gallery.countNew': 'A command lists what there is when it is given.',
  'gallery.find': 'A place in a list is for a screen.',
  'gallery.image': '`images list` has the facts of every image.',
  'gallery.measure': '`images export` says what it wrote; `images list` counts.',
  'gallery.stretches': 'A place in a list is for a screen; `images list since:7d` names a time.',
  'gallery.table': 'Pictures beside each other are for a screen; the manifest of `images export` has the parameters of each.',
  'history.marks': '`history list` has all that people have put on a record.',
  'history.complete': 'What is typed in a shell is completed by the shell.',
  'hostKeys.questions': '`node trust` is told a fingerprint and looks at the node itself.',
  'notifications.watch': 'A command shows the list once; `jobs watch` follows what is under way.',
  'modelPushes.list': '`model push` follows the push that it started.',
  'models.get': '`model show` finds a model by its name or id in the list.',
  'models.jobs': '`model add`, `model strip` and `model verify` follow the job that they started.',
  'provisioning.get': '`provision` follows the provisioning that it started.',
  'provisioning.setDesired': '`provision` sends the desired state with its start.',
  'runs.bars': 'What a timeline on a screen is drawn of; `run export` writes every task with its instants.',
  'runs.cancelTask': 'Single tasks are picked from a list on a screen.',
  'runs.move': 'A command follows the one run that it started; what waits is seen and put in another order on a screen.',
  'series.move': 'As `runs.move`: what waits is seen and put in another order on a screen.',
  'runs.nodeDelays': '`run export` has the delays of every task with its node.',
  'runs.pause': 'Ctrl-C ends the command and leaves its run to be resumed.',
  'runs.tasks': 'Pages of tasks are for a screen; `run export` writes all of them.',
  'testbeds.answering': '`testbeds.untilConnected` names the nodes of the testbed that a command is about, and waits for them.',
  'testbeds.hardware': '`node telemetry` samples a node itself; this has only what is sampled already.',
  'testbeds.sshAliases': 'The shell completes and ~/.ssh/config lists them; `node add ALIAS` takes any.',
  'trainings.baselines': 'What a curve is drawn against on a screen; `evaluate` measures the same policies.',
  'trainings.detail': 'Charts of a policy are for a screen; `evaluate` measures it.',
};

/** Commands that do their work past the API, and why the window has it otherwise or not at all. */
const PAST_THE_API: Record<string, string> = {
  'app-commands.ts': 'A comparison is written as a document: in the window it is a download, which the asset routes answer.',
  'data-commands.ts': 'Check, backup and restore work where the program refuses to open the folder.',
  'describe-training.ts': 'Words for the table of several trainings.',
  'evaluate-command.ts':
    'A table of policies on episodes for papers and scripts, without a data folder; the window compares runs and trainings.',
  'follow-trainings.ts': 'The table of several trainings is for papers and scripts; the window draws it.',
  'log-commands.ts': 'The archive of diagnostics is written to a file: in the window it is a download.',
  'policy-tune-command.ts': 'Tuning simulates for seconds to minutes, with its progress; the window simulates single questions.',
  'report-commands.ts': 'A report is written as files, one a format: in the window each is a download.',
  'run-compare-command.ts': 'Tables and charts of a comparison are written as files: in the window they are downloads.',
  'run-commands.ts': 'A run is written as a document: in the window it is a download.',
  'series-commands.ts': 'A series is written as a document: tables of every task for other programs.',
  'study-cluster-commands.ts':
    'Export writes a folder for a cluster’s machine and task runs there without a data folder; both need paths, which the window has no chooser for yet.',
  'trained-policy-commands.ts': 'A policy is written as a graph in ONNX for other programs; the window has no download of it yet.',
  'training-commands.ts': '`policy list` and `policy check` are for anyone who writes a policy, beside an editor.',
};

const uses = {
  window: findUses([resolve(main, '../renderer'), resolve(main, 'shells/electron')], procedures),
  terminal: findUses([resolve(main, 'shells/cli'), resolve(main, 'cli.ts')], procedures),
};

describe.each([
  ['window', uses.window, NOT_IN_WINDOW],
  ['terminal', uses.terminal, NOT_IN_TERMINAL],
])('the %s', (_shell, used, reasons) => {
  it('calls every procedure, but for those that a reason stands for', () => {
    expect(procedures.filter((name) => !used.includes(name))).toEqual(Object.keys(reasons).sort());
  });

  it('gives a reason in a sentence', () => {
    for (const reason of Object.values(reasons)) expect(reason).toMatch(/^[A-Z`].{20,}\.$/);
  });
});

it('what the terminal does past the API stands here with its reason', () => {
  expect(findPastApi(resolve(main, 'shells/cli'))).toEqual(Object.keys(PAST_THE_API).sort());
});
