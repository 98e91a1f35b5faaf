// The log and the diagnostics on the terminal. Both work where the rest does not: the log is read without the database.
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { formatLogLine, type LogLine } from '../../../shared/log-line.js';
import { logPathOf } from '../../adapters/log/open-log.js';
import { followLog, readLastLines } from '../../adapters/log/read-log.js';
import { interruptible } from './interruptible.js';
import { whole } from './parse-arguments.js';
import { type CommonOptions, withReadingCore } from './session.js';
import { createTerminal } from './terminal.js';

interface LogOptions extends CommonOptions {
  lines: number;
  follow: boolean;
  run?: string;
}

export function addLogCommands(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  program
    .command('log')
    .description("the last lines of the program's log")
    .option('--lines <count>', 'so many lines', whole, 50)
    .option('--follow', 'and every line that comes, until Ctrl-C', false)
    .option('--run <id>', 'only lines about this run')
    .action((_options: unknown, self: Command) => run(() => showLog(self.optsWithGlobals<LogOptions>())));

  program
    .command('diagnostics')
    .description('log, versions, state of this machine and summaries of runs in one archive, without secrets')
    .requiredOption('--out <file>', 'the zip archive to write')
    .action((_options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<CommonOptions & { out: string }>();
        return withReadingCore(options, async ({ core, terminal }) => {
          const { body } = await core.services.app.diagnostics();
          await writeFile(options.out, body, { mode: 0o600 });
          const note = `Wrote ${options.out}. Host names, user names and paths are in it: read it before you pass it on.`;
          terminal.result({ file: options.out, sizeBytes: body.length }, note);
          return 0;
        });
      }),
    );
}

async function showLog({ data, json, lines, follow, run }: LogOptions): Promise<number> {
  const terminal = createTerminal(json);
  const path = logPathOf(data);
  const filter = { runId: run ?? null };
  if (!follow) {
    const last = readLastLines(path, lines, filter);
    terminal.result({ path, lines: last }, last.length === 0 ? `Nothing is in ${path}.` : last.map(formatLogLine).join('\n'));
    return 0;
  }
  const show = (line: LogLine): void => terminal.line(line, formatLogLine(line));
  return interruptible(async (signal) => {
    // started before the last lines are shown, so that none falls between.
    const coming = followLog(path, filter, signal);
    readLastLines(path, lines, filter).forEach(show);
    for await (const line of coming) show(line);
    return 0;
  });
}
