import type { AgentClient, ConnectAgentOptions } from './agent-client.js';

/** `connectAgent`, loaded at its first use: a command that talks to no agent need not wait until HTTP/2 and Protocol Buffers are there. */
export async function openAgentClient(options: ConnectAgentOptions): Promise<AgentClient> {
  const { connectAgent } = await import('./agent-client.js');
  return connectAgent(options);
}
