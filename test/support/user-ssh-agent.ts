import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { until } from './until.js';

/** OpenSSH's agent at a socket, once it answers, with the keys of these files; its user kills it. */
export async function startUserSshAgent(socketPath: string, keyFiles: readonly string[]): Promise<ChildProcess> {
  const agent = spawn('ssh-agent', ['-D', '-a', socketPath], { stdio: 'ignore' });
  const env = { ...process.env, SSH_AUTH_SOCK: socketPath };
  try {
    // The socket's file is there a moment before anyone listens: only an answer counts. 1 is that of an agent without keys.
    await until(() => spawnSync('ssh-add', ['-l'], { env }).status === 1);
    for (const keyFile of keyFiles) execFileSync('ssh-add', ['-q', keyFile], { env, stdio: 'ignore' });
  } catch (thrown) {
    agent.kill();
    throw thrown;
  }
  return agent;
}
