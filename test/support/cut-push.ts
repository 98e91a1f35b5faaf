// Accidents for pushes.
import type { ModelPush } from '../../src/shared/model-push.js';
import { listProcessesWith } from './processes.js';

/** Kills the SSH server's processes whose commands name `text`, as a broken line or a reboot does; the server itself continues. */
export function cutSessions(text: string): void {
  const parents = new Set(listProcessesWith(text).map(({ parentPid }) => parentPid));
  const sessions = listProcessesWith('sshd').filter(({ pid, command }) => parents.has(pid) && command.startsWith('sshd'));
  if (sessions.length === 0) throw new Error('There was no session to cut');
  for (const { pid } of sessions) process.kill(pid, 'SIGKILL');
}

/** Calls `act` once, when a node of the push has been sent so many bytes. */
export function onceSent(bytes: number, act: () => void): (push: ModelPush) => void {
  let isDone = false;
  return ({ nodes }) => {
    if (isDone || !nodes.some(({ progress }) => progress.sentBytes >= bytes)) return;
    isDone = true;
    act();
  };
}
