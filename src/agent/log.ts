// One JSON line per event. Prompts, keys and certificates never go in here.

export type LogFields = Record<string, string | number | boolean | null>;

export interface AgentLog {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
}

/** Writes lines with the wall-clock time through `writeLine`. */
export function createJsonLog(writeLine: (line: string) => void): AgentLog {
  const write = (level: 'info' | 'warn', event: string, fields: LogFields = {}): void => {
    writeLine(JSON.stringify({ at: new Date().toISOString(), level, event, ...fields }));
  };
  return { info: (event, fields) => write('info', event, fields), warn: (event, fields) => write('warn', event, fields) };
}

export const SILENT_LOG: AgentLog = { info: () => undefined, warn: () => undefined };

/** The message of anything thrown, on one line and bounded. */
export function describeThrown(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return message.replace(/\s+/g, ' ').slice(0, 500);
}
