// Secrets on their way in: typed where nothing shows, or lines of standard input. Never an argument, never the environment: other people of
// the machine can read both.
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { AppError } from '../../../shared/errors.js';
import { cleanLine } from '../../../shared/foreign-text.js';

/** Whether a person sits at a terminal. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** One line from the terminal that does not show. Null when nothing is typed; Ctrl-C interrupts the program as always. */
export async function askHidden(question: string): Promise<string | null> {
  const { stdin } = process;
  if (!canAsk()) return null;
  // Before the question: what is typed the moment it appears must not show.
  stdin.setRawMode(true);
  process.stderr.write(`${cleanLine(question)}: `);
  stdin.setEncoding('utf8');
  let typed = '';
  try {
    return await new Promise<string | null>((resolve) => {
      const onData = (data: string): void => {
        for (const character of data) {
          if (character === '\r' || character === '\n' || character === '\u0004') return finish(typed === '' ? null : typed);
          if (character === '\u0003') {
            process.kill(process.pid, 'SIGINT');
            return finish(null);
          }
          if (character === '\u007f' || character === '\b') typed = Array.from(typed).slice(0, -1).join('');
          else if (character >= ' ') typed += character;
        }
      };
      const finish = (answer: string | null): void => {
        stdin.off('data', onData);
        resolve(answer);
      };
      stdin.on('data', onData);
      stdin.resume();
    });
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    process.stderr.write('\n');
  }
}

/** Asks a question that only "y" says yes to; false where no one can be asked. */
export async function confirm(question: string): Promise<boolean> {
  if (!canAsk()) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise((resolve) => terminal.question(`${question} [y/N] `, (answer) => resolve(/^y(es)?$/i.test(answer.trim()))));
  } finally {
    terminal.close();
  }
}

/** Lines of standard input, one secret each, in the order they are asked for. */
export class StdinLines {
  #lines: Promise<string[]> | null = null;

  /** Throws `invalid-input` when there is no line left for it. */
  async next(what: string): Promise<string> {
    this.#lines ??= text(process.stdin).then((all) => all.split(/\r?\n/));
    const line = (await this.#lines).shift() ?? '';
    if (line !== '') return line;
    throw new AppError(
      'invalid-input',
      `Standard input has no line with ${what}.`,
      'Write each secret on a line of its own, in the order of the help.',
    );
  }
}
