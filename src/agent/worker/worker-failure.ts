// A computation or a start of the worker that came to nothing.

/** `bad-input` can never work; `died`: the process ended or was ended; `fault`: it said itself that something went wrong. */
export type WorkerFailureKind = 'bad-input' | 'out-of-memory' | 'fault' | 'died';

export class WorkerFailure extends Error {
  readonly kind: WorkerFailureKind;

  /** `message` is one sentence without a remedy; `remedy` may be empty. */
  constructor(kind: WorkerFailureKind, message: string, remedy = '') {
    super([withStop(message), remedy].filter((part) => part !== '').join(' '));
    this.name = 'WorkerFailure';
    this.kind = kind;
  }
}

function withStop(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
