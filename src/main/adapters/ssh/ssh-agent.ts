// The SSH agents that a host may be logged in to with: where one listens, and an agent that offers some of its keys only.
import type { BaseAgent } from 'ssh2';
import { loadSsh2 } from './load-ssh2.js';

/**
 * The socket of the agent that `identityAgent` means (see SshHostSettings); null where there is none. `usualPath` is what SSH_AUTH_SOCK says.
 */
export function agentSocketOf(identityAgent: string | null, usualPath: string | null, env: NodeJS.ProcessEnv = process.env): string | null {
  if (identityAgent === null) return usualPath;
  if (identityAgent === 'none') return null;
  if (!identityAgent.startsWith('$')) return identityAgent;
  return env[identityAgent.slice(1)] || null;
}

/** `keysBase64`: public keys in SSH wire format; what else the agent holds is not offered. */
export function limitAgent(socketPath: string, keysBase64: readonly string[]): BaseAgent {
  const agent = loadSsh2().createAgent(socketPath);
  const listAll = agent.getIdentities.bind(agent);
  agent.getIdentities = (done) =>
    listAll((error, keys) => {
      const isNamed = (key: unknown): boolean => keysBase64.includes(wireBase64Of(key) ?? '');
      done(error, error ? undefined : (keys ?? []).filter(isNamed));
    });
  return agent;
}

function wireBase64Of(key: unknown): string | null {
  const parsed = loadSsh2().utils.parseKey(key as Buffer);
  return parsed instanceof Error ? null : parsed.getPublicSSH().toString('base64');
}
