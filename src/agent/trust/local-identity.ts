// The node's key and certificate, and the certificate's renewal: the key never leaves the node and never changes here, so a new certificate
// is one for the same key and name from the same authority. Anyone who serves or calls asks here for what counts now.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { nodeServerName } from '../../shared/agent-config.js';
import { AppError } from '../../shared/errors.js';
import type { TlsMaterial } from '../load-config.js';
import { type AgentLog, describeThrown } from '../log.js';
import { writeDurably } from '../../durable-file/write-durably.js';

export interface LocalIdentityOptions {
  nodeId: string;
  material: TlsMaterial;
  certificatePath: string;
  privateKeyPath: string;
  nowMs: () => number;
  log: AgentLog;
}

export class LocalIdentity {
  readonly #options: LocalIdentityOptions;
  readonly #listeners = new Set<(material: TlsMaterial) => void>();
  #material: TlsMaterial;

  constructor(options: LocalIdentityOptions) {
    this.#options = options;
    this.#material = options.material;
  }

  get material(): TlsMaterial {
    return this.#material;
  }

  /** In DER; empty when what is installed can't be read as a certificate. */
  get certificate(): Uint8Array {
    try {
      return new X509Certificate(this.#material.certificatePem).raw;
    } catch {
      return new Uint8Array();
    }
  }

  /** Calls the listener with the new material after each renewal. Returns how to stop that. */
  onRenewal(listener: (material: TlsMaterial) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes a new certificate (DER) up, on disk first. Throws AppError invalid-input or conflict with the reason; then the old one stays. */
  async renew(der: Uint8Array): Promise<void> {
    const { certificatePath, nowMs, log, nodeId } = this.#options;
    const certificate = parse(der);
    const problem = whyUnfit(certificate, this.#material, { nodeId, nowMs: nowMs() });
    if (problem !== null) throw new AppError('invalid-input', `The new certificate ${problem}.`);
    await this.#refuseBesideOtherFiles();
    const certificatePem = certificate.toString();
    await writeDurably(certificatePath, certificatePem);
    this.#material = { ...this.#material, certificatePem };
    log.info('certificate renewed', { until: certificate.validTo });
    for (const listener of this.#listeners) listener(this.#material);
  }

  /**
   * Provisioning removes a certificate before it replaces the key, and relies on that where there is a certificate the key beside it is its own:
   * files other than those that this agent started from are its business.
   */
  async #refuseBesideOtherFiles(): Promise<void> {
    const { certificatePath, privateKeyPath } = this.#options;
    const { certificatePem, privateKeyPem } = this.#material;
    const isInstalled = await Promise.all([readFile(certificatePath, 'utf8'), readFile(privateKeyPath, 'utf8')]).then(
      ([certificate, key]) => certificate === certificatePem && key === privateKeyPem,
      (thrown: unknown) => {
        this.#options.log.warn('certificate files unreadable', { reason: describeThrown(thrown) });
        return false;
      },
    );
    if (!isInstalled) throw new AppError('conflict', 'The files of the certificate are being replaced by someone else.');
  }
}

function parse(der: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (thrown) {
    throw new AppError('invalid-input', 'The new certificate is none.', null, { cause: thrown });
  }
}

/** What is wrong with a new certificate, in words that follow "The new certificate"; null when nothing is. */
function whyUnfit(certificate: X509Certificate, material: TlsMaterial, own: { nodeId: string; nowMs: number }): string | null {
  const authority = new X509Certificate(material.caPem);
  if (!certificate.checkIssued(authority) || !certificate.verify(authority.publicKey)) return "is not of this testbed's authority";
  if (!certificate.checkPrivateKey(createPrivateKey(material.privateKeyPem))) return "is for another key than this node's";
  if (certificate.subjectAltName !== `DNS:${nodeServerName(own.nodeId)}`) return 'is for another node';
  const isValidNow = certificate.validFromDate.getTime() <= own.nowMs && own.nowMs < certificate.validToDate.getTime();
  return isValidNow ? null : `is not valid by the clock of this node, ${new Date(own.nowMs).toISOString()}`;
}
