// The one error shape of the program: what happened, to what, and what to do. Codes live in one table so that the window, the
// terminal and the logs agree on them.

/** Every error code with the exit status of the command line. */
export const ERROR_CODES = {
  internal: 1,
  'invalid-input': 2,
  'not-found': 3,
  conflict: 4,
  'instance-locked': 4,
  'partial-failure': 5,
  'training-diverged': 5,
  'ssh-unreachable': 6,
  'ssh-auth-failed': 6,
  'secret-missing': 6,
  'vault-locked': 6,
  'ssh-command-failed': 6,
  'agent-unreachable': 6,
  'agent-failed': 6,
  'host-key-unknown': 7,
  'host-key-changed': 7,
  'host-key-revoked': 7,
  'no-space': 8,
  io: 8,
  'database-newer': 8,
  'database-damaged': 8,
  'image-damaged': 8,
  'dataset-invalid': 2,
  unsupported: 9,
  cancelled: 130,
} as const satisfies Record<string, number>;

export type AppErrorCode = keyof typeof ERROR_CODES;

/** What is wrong with one field of an input. */
export interface FieldComplaint {
  /** Path within the input: `settings.betaMin`, `changes.slots`. */
  field: string;
  message: string;
}

/** The error as it crosses a border (API, terminal): no stack, no secret. */
export interface AppErrorShape {
  code: AppErrorCode;
  /** What happened, and to what. */
  message: string;
  /** What the user can do about it; null where nothing useful can be said. */
  hint: string | null;
  /** Every field of the input that is wrong, for a form to show at its place; `message` says all of it too. Absent where it is no field. */
  fields?: FieldComplaint[];
}

/** A failure that the program foresees. Anything else that is thrown is a bug. */
export class AppError extends Error {
  readonly code: AppErrorCode;
  readonly hint: string | null;
  readonly fields: readonly FieldComplaint[];

  constructor(
    code: AppErrorCode,
    message: string,
    hint: string | null = null,
    options: { cause?: unknown; fields?: readonly FieldComplaint[] } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = 'AppError';
    this.code = code;
    this.hint = hint;
    this.fields = options.fields ?? [];
  }

  toShape(): AppErrorShape {
    const { code, message, hint, fields } = this;
    return fields.length === 0 ? { code, message, hint } : { code, message, hint, fields: [...fields] };
  }
}

/** Turns anything thrown into the one shape; a bug keeps its message but says that it is one. Where there is a log, the log's `describeFailure` says more. */
export function toErrorShape(thrown: unknown): AppErrorShape {
  if (thrown instanceof AppError) return thrown.toShape();
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'internal', message, hint: 'This is an internal error.' };
}

/** Narrows to the error of a missing case; keeps switches exhaustive. */
export function assertNever(value: never): never {
  throw new Error(`Unhandled case: ${String(value)}`);
}

const RECORD_LISTS = {
  run: 'runs',
  series: 'series',
  training: 'trainings',
  'study run': 'study runs',
  testbed: 'testbeds',
  dataset: 'datasets',
  model: 'models',
  report: 'reports',
} as const;

/** Nothing of a kind has this id: it never had, or what had it was deleted. */
export function notThere(kind: keyof typeof RECORD_LISTS, id: string): AppError {
  return new AppError(
    'not-found',
    `There is no ${kind} “${id}”`,
    `It may have been deleted. See the list of ${RECORD_LISTS[kind]} for the ones that exist.`,
  );
}
