// Anything thrown, as the log keeps it: what it is, where it came from, and what caused it.

export interface ThrownDescription {
  type: string;
  message: string;
  code?: string;
  stack: string | null;
  cause?: ThrownDescription;
}

const DEEPEST_CAUSE = 5;
const MAX_STACK_LENGTH = 8000;

export function describeThrown(thrown: unknown, depth = 0): ThrownDescription {
  if (!(thrown instanceof Error)) return { type: typeof thrown, message: String(thrown).slice(0, MAX_STACK_LENGTH), stack: null };
  const { code } = thrown as { code?: unknown };
  return {
    type: thrown.name,
    message: thrown.message.slice(0, MAX_STACK_LENGTH),
    ...(typeof code === 'string' || typeof code === 'number' ? { code: String(code) } : {}),
    stack: thrown.stack?.slice(0, MAX_STACK_LENGTH) ?? null,
    ...(thrown.cause === undefined || depth >= DEEPEST_CAUSE ? {} : { cause: describeThrown(thrown.cause, depth + 1) }),
  };
}
