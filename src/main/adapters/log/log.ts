// The program's log as its parts see it: one line an event, with the ids of what it is about. What is written goes through `Redactor`,
// so that no caller has to think of secrets; all the same no one logs an input as a whole.

/** What a line is about. Values are short; ids are under these names, so that lines can be found by them. */
export interface LogFields {
  runId?: string;
  taskId?: string;
  nodeId?: string;
  testbedId?: string;
  requestId?: string;
  [name: string]: string | number | boolean | null | undefined;
}

export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** With the stack of what was thrown, and of its causes. On disk when this returns, disk permitting. */
  error(message: string, thrown: unknown, fields?: LogFields): void;
}

/** For parts that are used without a program around them. */
export const SILENT_LOG: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
