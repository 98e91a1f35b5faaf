// What the desktop's main process has to say: on standard error, cleaned, and in the program's log. The core owns the log's files; main adds
// its lines to them, also while there is no core.
import { cleanForTerminal } from '../../../shared/foreign-text.js';
import type { SystemProtection } from '../../../shared/core-process-messages.js';
import { openLog } from '../../adapters/log/open-log.js';
import type { OpenLog } from '../../adapters/log/open-log.js';
import { Redactor } from '../../adapters/log/redactor.js';

export class MainLog {
  readonly #redactor = new Redactor();
  readonly #log: OpenLog;

  constructor(dataDir: string) {
    this.#log = openLog({ dataDir, redactor: this.#redactor, role: 'reader', shell: 'electron-main' });
  }

  /** On standard error alone: for a start that was none, which has no business in the data of the program that is open. */
  say(message: string): void {
    process.stderr.write(`${cleanForTerminal(this.#redactor.text(message))}\n`);
  }

  report(message: string): void {
    this.say(message);
    this.#log.warn(message);
  }

  reportError(message: string, thrown: unknown): void {
    this.say(message);
    this.#log.error(message, thrown);
  }

  /** The same key store; what goes through it is recognized from then on. */
  rememberingSecrets(protection: SystemProtection): SystemProtection {
    return {
      describe: () => protection.describe(),
      encrypt: (text) => {
        this.#redactor.remember(text);
        return protection.encrypt(text);
      },
      decrypt: async (sealed) => {
        const text = await protection.decrypt(sealed);
        this.#redactor.remember(text);
        return text;
      },
    };
  }

  close(): void {
    this.#log.close();
  }
}
