// The way to the end of the program: asks once where something is in progress, brings it to a stop, and only then lets windows close. Decides; the
// dialogs, the windows and the core are what it is given.
//
//   open --request--> asking --pause, stop--> settling --all still, or "close now"--> decided
//    ^                  |                        |
//    +--cancel, background                       +--"don't close"--> open
import type { MessageBoxOptions } from 'electron';
import type { Activity, SettleHow } from '../../../shared/activity.js';
import { CLOSE_ANSWERS, closeQuestion, LEFT_ANSWERS, leftQuestion, unknownQuestion } from './closing-words.js';

export interface ClosingOptions {
  /** What is in progress in the core; empty where there is no core. */
  activity(signal: AbortSignal): Promise<Activity[]>;
  /** Brings it to a stop, and reports what is left when the time is up. */
  settle(how: SettleHow, limitMs: number): Promise<Activity[]>;
  /** The place of the button; the signal withdraws the question, whose answer then counts as the one to cancel. */
  ask(question: MessageBoxOptions, signal: AbortSignal): Promise<number>;
  /** Leaves the program without a window. */
  hide(): void;
  /** Something comes to a stop (or no longer does): to be seen on the window. */
  settling(isGoing: boolean): void;
  /** Ends the program; everything is decided. */
  end(): void;
  isTrayUncertain: boolean;
  onProblem(message: string): void;
}

/** The core answers in milliseconds; one that does not within this is not waited for. */
const ACTIVITY_WITHIN_MS = 3000;
/** An image on a slow device takes a minute. */
const SETTLE_WITHIN_MS = 120_000;
/** What a system gives a program when the session ends. */
const SESSION_END_WITHIN_MS = 4000;

export class Closing {
  readonly #options: ClosingOptions;
  #state: 'open' | 'asking' | 'settling' | 'decided' = 'open';
  #withdrawQuestion = (): void => undefined;
  #isAskedAboutRest = false;

  constructor(options: ClosingOptions) {
    this.#options = options;
  }

  /** Whether windows may close and the program may end. */
  get isDecided(): boolean {
    return this.#state === 'decided';
  }

  /** Someone wants the program to end. Resolves when that is decided, one way or the other. Never rejects. */
  async request(): Promise<void> {
    if (this.#state === 'settling') return this.#askAboutRest();
    if (this.#state !== 'open') return;
    this.#state = 'asking';
    const answer = await this.#answer();
    // The question may have been overtaken, by the end of the session.
    if (this.#state !== 'asking') return;
    this.#state = 'open';
    if (answer === 'background') this.#options.hide();
    else if (answer === 'close') this.#end();
    else if (answer !== 'cancel') await this.#settle(answer);
  }

  /** As if the question had been answered; asks only where something does not come to a stop. */
  async settleAndEnd(how: SettleHow): Promise<void> {
    if (this.#state === 'open') await this.#settle(how);
  }

  /** The session of the user ends: no one can be asked, and there is little time. */
  async endSession(): Promise<void> {
    if (this.#state === 'decided') return;
    this.#state = 'settling';
    this.#withdrawQuestion();
    await this.#options.settle('pause', SESSION_END_WITHIN_MS).catch((thrown: unknown) => this.#report(thrown));
    this.#end();
  }

  /** Lets the program end without a question: a signal asked for it. */
  release(): void {
    this.#state = 'decided';
    this.#withdrawQuestion();
  }

  async #answer(): Promise<'background' | 'close' | 'cancel' | SettleHow> {
    const asked = new AbortController();
    this.#withdrawQuestion = () => asked.abort();
    let activities: Activity[];
    try {
      activities = await this.#options.activity(AbortSignal.timeout(ACTIVITY_WITHIN_MS));
    } catch (thrown) {
      const buttonIndex = await this.#options.ask(unknownQuestion(reasonOf(thrown)), asked.signal);
      return buttonIndex === 0 ? 'close' : 'cancel';
    }
    if (activities.length === 0) return 'close';
    const buttonIndex = await this.#options.ask(closeQuestion(activities, this.#options), asked.signal);
    return CLOSE_ANSWERS[buttonIndex] ?? 'cancel';
  }

  async #settle(how: SettleHow): Promise<void> {
    this.#state = 'settling';
    this.#options.settling(true);
    try {
      while (this.#isSettling()) {
        const left = await this.#options.settle(how, SETTLE_WITHIN_MS).catch((thrown: unknown) => {
          this.#report(thrown);
          return [];
        });
        if (!this.#isSettling()) return;
        if (left.length === 0) {
          this.#end();
          return;
        }
        await this.#askAboutRest(left);
      }
    } finally {
      this.#options.settling(false);
    }
  }

  async #askAboutRest(known?: Activity[]): Promise<void> {
    if (this.#isAskedAboutRest) return;
    this.#isAskedAboutRest = true;
    const asked = new AbortController();
    this.#withdrawQuestion = () => asked.abort();
    try {
      const left = known ?? (await this.#options.activity(AbortSignal.timeout(ACTIVITY_WITHIN_MS)).catch(() => []));
      const answer = LEFT_ANSWERS[await this.#options.ask(leftQuestion(left), asked.signal)] ?? 'wait';
      if (!this.#isSettling()) return;
      if (answer === 'close') this.#end();
      else if (answer === 'cancel') this.#state = 'open';
    } finally {
      this.#isAskedAboutRest = false;
    }
  }

  #isSettling(): boolean {
    return this.#state === 'settling';
  }

  #end(): void {
    this.#state = 'decided';
    this.#withdrawQuestion();
    this.#options.end();
  }

  #report(thrown: unknown): void {
    this.#options.onProblem(`What is in progress could not be stopped: ${reasonOf(thrown)}`);
  }
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
