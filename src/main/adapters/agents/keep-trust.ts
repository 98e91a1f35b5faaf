// What an agent has to know so that it lets in the right ones: the roster of its testbed, and a certificate of its own that lasts. Sent at
// every connect and after each change.
import { AppError } from '../../../shared/errors.js';
import type { AgentClient } from './agent-client.js';

/** The roster is re-sent when another message was faster; more often than this, someone else writes too. */
const MAX_ATTEMPTS = 5;

export interface TrustSource {
  /** Of every node of the testbed as it is now, whatever its state; asked at each attempt, so that a late message never brings an old list. */
  nodeIds(): string[];
  /** A certificate in place of the one shown, both DER; nothing when that one is good. */
  renew(shown: Uint8Array): Promise<{ certificate: Uint8Array | null; problem: string | null }>;
}

export interface Trust {
  /** The roster that the agent was sent last. */
  nodeIds: string[];
  /** Whether it keeps it. */
  isTaken: boolean;
  /** What is not as it should be although it is connected, as sentences; null when all is well. */
  problem: string | null;
}

/** Brings an agent up to date. Throws when the line breaks. */
export async function keepTrust(client: AgentClient, source: TrustSource, signal: AbortSignal): Promise<Trust> {
  const { rosterVersion, certificate } = await client.describe(signal);
  const roster = await bringRoster(client, source, rosterVersion, signal);
  // Agents from before renewal show none; what they need is reported by the roster that they don't know either.
  const problem = certificate.length > 0 ? await renewCertificate(client, source, certificate, signal) : null;
  return { ...roster, problem: [roster.problem, problem].filter((part) => part !== null).join(' ') || null };
}

async function bringRoster(client: AgentClient, source: TrustSource, knownVersion: number, signal: AbortSignal): Promise<Trust> {
  let replacesVersion = knownVersion;
  let nodeIds: string[] = [];
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    nodeIds = source.nodeIds();
    const answer = await client.setRoster({ replacesVersion, nodeIds }, signal).catch((thrown: unknown) => whyNotTaken(thrown));
    if (typeof answer === 'string') return { nodeIds, isTaken: false, problem: answer };
    if (answer.isTaken) return { nodeIds, isTaken: true, problem: null };
    replacesVersion = answer.version;
  }
  return { nodeIds, isTaken: false, problem: 'The list of the nodes of this testbed is changed there by someone else too.' };
}

async function renewCertificate(client: AgentClient, source: TrustSource, shown: Uint8Array, signal: AbortSignal): Promise<string | null> {
  try {
    const { certificate, problem } = await source.renew(shown);
    if (certificate) await client.renewCertificate(certificate, signal);
    return problem;
  } catch (thrown) {
    return `Its certificate could not be renewed: ${whyRefused(thrown)}`;
  }
}

/** In words; throws on when the line is what failed. */
function whyNotTaken(thrown: unknown): string {
  if (thrown instanceof AppError && thrown.code === 'unsupported') {
    return 'Its agent is older than this program and lets in nodes that were removed. Provision the node again.';
  }
  return `The list of nodes that it lets in is not safe there: ${whyRefused(thrown)}`;
}

function whyRefused(thrown: unknown): string {
  if (thrown instanceof AppError && thrown.code === 'agent-failed') return thrown.message;
  throw thrown;
}
