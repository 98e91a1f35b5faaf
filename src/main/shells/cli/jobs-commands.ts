// Long work of every kind from a terminal: what runs and what ran, followed, stopped and resumed.
import { type Command, Option } from 'commander';
import { describeStanding, describeTimeLeft, nameJob } from '../../../shared/describe-job.js';
import { ERROR_CODES } from '../../../shared/errors.js';
import { cleanLine } from '../../../shared/foreign-text.js';
import { isOpenState, type Job, JOB_KIND_TITLES, JOB_KINDS, type JobDetail, type JobKind } from '../../../shared/job.js';
import { type CommonOptions, type Session, withSession } from './session.js';
import { formatTable } from './terminal.js';

type Run = (act: () => Promise<number>) => Promise<void>;

interface ChoiceOptions extends CommonOptions {
  kind?: JobKind;
  open?: boolean;
}

const READ = { access: 'read', activity: 'none' } as const;

export function addJobsCommands(program: Command, run: Run): void {
  const jobs = program.command('jobs').description('long work of every kind: what runs, what ran, and what can be resumed');
  const kind = (): Option => new Option('--kind <kind>', 'only of this kind').choices(JOB_KINDS);

  jobs
    .command('list')
    .description('list jobs, newest first')
    .addOption(kind())
    .option('--open', 'only those that run or wait')
    .action((_options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<ChoiceOptions>();
        return withSession(options, READ, async ({ api, terminal }) => {
          const found = await api.jobs.list({ kind: options.kind, isOpen: options.open });
          terminal.result(found, found.length > 0 ? tabulate(found) : 'No jobs.');
          return 0;
        });
      }),
    );

  jobs
    .command('show')
    .description('state, progress, error and log of a job')
    .argument('<job>', 'id')
    .action((id: string, _options: unknown, self: Command) =>
      run(() =>
        withSession(self.optsWithGlobals<CommonOptions>(), READ, async ({ api, terminal }) => {
          const job = await api.jobs.get({ id });
          terminal.result(job, describeJob(job));
          return 0;
        }),
      ),
    );

  jobs
    .command('watch')
    .description('follow a job to its end, or without an id all that run until none does; Ctrl-C only stops following')
    .argument('[job]', 'id')
    .action((id: string | undefined, _options: unknown, self: Command) =>
      run(() =>
        withSession(self.optsWithGlobals<CommonOptions>(), READ, async (session) => {
          if (id === undefined) return watchAll(session);
          const job = await follow(session, id);
          session.terminal.result(job, describeJob(job));
          return session.signal.aborted ? 130 : exitStatus(job);
        }),
      ),
    );

  const addStop = (command: 'pause' | 'cancel', description: string): void => {
    jobs
      .command(command)
      .description(description)
      .argument('<job>', 'id')
      .action((id: string, _options: unknown, self: Command) =>
        run(() =>
          withSession(self.optsWithGlobals<CommonOptions>(), { access: 'exclusive', activity: 'none' }, async ({ api, terminal }) => {
            const job = await api.jobs[command]({ id });
            terminal.result(job, describeJob(job));
            return 0;
          }),
        ),
      );
  };
  addStop('pause', 'stop a job so that it can be resumed');
  addStop('cancel', 'give a job up; what it has done stays');

  jobs
    .command('resume')
    .description('resume a job that is paused or failed, and follow it; beside a window Ctrl-C only stops following, else it stops the job')
    .argument('<job>', 'id')
    .action((id: string, _options: unknown, self: Command) =>
      run(() =>
        withSession(self.optsWithGlobals<CommonOptions>(), { access: 'exclusive', activity: 'nodes' }, async (session) => {
          const resumed = await session.api.jobs.resume({ id });
          const job = await follow(session, resumed.id);
          session.terminal.result(job, describeJob(job));
          return session.signal.aborted ? 130 : exitStatus(job);
        }),
      ),
    );
}

/** The job as it is at its end, or when Ctrl-C stopped the following. */
async function follow({ api, until, terminal, signal }: Session, id: string): Promise<JobDetail> {
  let reported = '';
  for await (const job of await until(signal).jobs.watchOne({ id })) {
    const line = `${job.state}: ${describeStanding(job)}`;
    if (line !== reported && isOpenState(job.state)) terminal.progress(line);
    reported = line;
  }
  return api.jobs.get({ id });
}

/** A line for each change of an open job; with --json a document a line. */
async function watchAll({ until, terminal, signal }: Session): Promise<number> {
  const reported = new Map<string, string>();
  for await (const jobs of await until(signal).jobs.watch({})) {
    for (const job of jobs) {
      const line = `${job.id}  ${nameJob(job)}  ${job.state}  ${describeStanding(job)}`.trimEnd();
      const isNews = isOpenState(job.state) ? reported.get(job.id) !== line : reported.has(job.id);
      if (isNews) terminal.line(job, cleanLine(line));
      if (isOpenState(job.state)) reported.set(job.id, line);
      else reported.delete(job.id);
    }
    if (reported.size === 0) return 0;
  }
  return 130;
}

function tabulate(jobs: readonly Job[]): string {
  return formatTable(
    ['id', 'kind', 'what', 'state', 'standing'],
    jobs.map((job) => [job.id, job.kind, nameJob(job), job.state, describeStanding(job)]),
  );
}

function describeJob(job: JobDetail): string {
  const rows: (readonly [string, string | null])[] = [
    ['id', job.id],
    ['kind', JOB_KIND_TITLES[job.kind]],
    ['what', nameJob(job)],
    ['state', job.state],
    ['standing', describeStanding(job)],
    ['time left', describeTimeLeft(job.remaining)],
    ['hint', job.state === 'failed' ? (job.error?.hint ?? null) : null],
    ['can be', job.commands.length > 0 ? job.commands.join(', ') : null],
  ];
  const lines = rows.flatMap(([label, value]) => (value ? [cleanLine(`${label.padEnd(11)}${value}`)] : []));
  const log = job.log.map(({ atMs, text }) => cleanLine(`  ${new Date(atMs).toISOString()}  ${text}`));
  return [...lines, ...log].join('\n');
}

/** 0 succeeded or paused; 130 cancelled; as its error where it failed. */
function exitStatus({ state, error }: JobDetail): number {
  if (state === 'cancelled') return 130;
  return state === 'failed' ? (error ? ERROR_CODES[error.code] : ERROR_CODES['partial-failure']) : 0;
}
