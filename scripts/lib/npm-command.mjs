import { existsSync } from 'node:fs';

/** npm as it runs this script, else the one on PATH. */
export function npmCommand() {
  const running = process.env.npm_execpath;
  if (running && existsSync(running)) return { command: process.execPath, args: [running] };
  return process.platform === 'win32' ? { command: 'cmd.exe', args: ['/d', '/s', '/c', 'npm'] } : { command: 'npm', args: [] };
}
