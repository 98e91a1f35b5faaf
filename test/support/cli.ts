// The built command line as a script calls it: `node out/main/cli.js`. Needs `npm run build`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const CLI = join(import.meta.dirname, '../../out/main/cli.js');

export interface CliOutcome {
  /** Exit status. */
  status: number | null;
  stdout: string;
  stderr: string;
}

export interface CliOptions {
  /** Called with every line of progress; what it returns true for gets a Ctrl-C, once. */
  interruptAt?: (line: string) => boolean;
  /** Another build of the command line; the built program's when absent. */
  cliPath?: string;
  /** Instead of the environment of the test. */
  env?: NodeJS.ProcessEnv;
  /** What it reads; closed at once when absent. */
  stdin?: string;
  /** Called with the process once it runs. */
  onStarted?: (pid: number) => void;
}

/** Runs one command to its end. */
export async function runCli(
  args: string[],
  { interruptAt, cliPath = CLI, env = process.env, stdin, onStarted }: CliOptions = {},
): Promise<CliOutcome> {
  const child = spawn(process.execPath, [cliPath, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin ?? '');
  if (child.pid !== undefined) onStarted?.(child.pid);
  const closed = once(child, 'close') as Promise<[number | null]>;
  let stdout = '';
  let stderr = '';
  let isInterrupted = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  createInterface(child.stderr).on('line', (line) => {
    stderr += `${line}\n`;
    if (isInterrupted || !interruptAt?.(line)) return;
    isInterrupted = true;
    child.kill('SIGINT');
  });
  const [status] = await closed;
  return { status, stdout, stderr };
}

/** Runs one command with `--json` and parses what it printed, which must be one JSON document and nothing else. */
export async function runCliJson(args: string[], options: CliOptions = {}): Promise<CliOutcome & { document: unknown }> {
  const outcome = await runCli([...args, '--json'], options);
  try {
    return { ...outcome, document: JSON.parse(outcome.stdout) as unknown };
  } catch {
    throw new Error(`Not one JSON document on standard output of ${args.join(' ')}:\n${outcome.stdout}\nIt also said:\n${outcome.stderr}`);
  }
}
