// Per testbed: its certificate authority and the control center's certificate under it, made on first need and kept; and the renewal of the
// certificates of its nodes.
import { X509Certificate } from 'node:crypto';
import { nodeServerName } from '../../../shared/agent-config.js';
import { AppError } from '../../../shared/errors.js';
import type { ClientIdentity } from '../agents/agent-client.js';
import type { CertificateWithKey } from '../agents/certificate-authority.js';
import { dayOf, REPLACE_AUTHORITY_BEFORE_MS, whyRenew } from '../agents/certificate-life.js';
import type { SecretFiles } from './secret-files.js';

export interface TestbedIdentitiesOptions {
  files: SecretFiles;
  nowMs: () => number;
  recordEvent?: (event: { kind: string; subjectId: string; message: string }) => void;
}

export interface NodeRenewal {
  certificate: Uint8Array | null;
  problem: string | null;
}

export class TestbedIdentities {
  readonly #options: TestbedIdentitiesOptions;
  /** One creation a testbed, however many ask at once. */
  readonly #authorities = new Map<string, Promise<CertificateWithKey>>();
  readonly #controlCenters = new Map<string, Promise<CertificateWithKey>>();

  constructor(options: TestbedIdentitiesOptions) {
    this.#options = options;
  }

  /** The testbed's authority; holds its private key. However old: only provisioning, which brings nodes a new one, may replace it. */
  authority(testbedId: string): Promise<CertificateWithKey> {
    return once(this.#authorities, testbedId, () => this.#loadOrCreate(authorityName(testbedId), () => this.#createAuthority(testbedId)));
  }

  /** As `authority`, but a new one where the old is too near to its end to issue from. Nodes under the old one have to be provisioned again. */
  async authorityForIssuing(testbedId: string): Promise<CertificateWithKey> {
    const known = await this.authority(testbedId);
    const endsAtMs = new X509Certificate(known.certificatePem).validToDate.getTime();
    if (endsAtMs - this.#options.nowMs() >= REPLACE_AUTHORITY_BEFORE_MS) return known;
    this.#authorities.delete(testbedId);
    this.#controlCenters.delete(testbedId);
    const authority = await once(this.#authorities, testbedId, async () =>
      this.#keep(authorityName(testbedId), await this.#createAuthority(testbedId)),
    );
    this.#options.recordEvent?.({
      kind: 'authority-replaced',
      subjectId: testbedId,
      message: `The testbed's certificate authority ends on ${dayOf(endsAtMs)} and was replaced: provision all of its nodes again.`,
    });
    return authority;
  }

  /** What the control center shows to the testbed's agents now; renewed here when it is time. */
  async controlCenter(testbedId: string): Promise<ClientIdentity> {
    const authority = await this.authority(testbedId);
    const isGood = ({ certificatePem }: CertificateWithKey): boolean => this.#isGood(certificatePem, authority);
    const known = this.#controlCenters.get(testbedId);
    const kept = await known?.catch(() => null);
    if (kept && !isGood(kept) && this.#controlCenters.get(testbedId) === known) this.#controlCenters.delete(testbedId);
    const own = await once(this.#controlCenters, testbedId, () => {
      const issue = async (): Promise<CertificateWithKey> => {
        const { issueCertificate } = await loadMaker();
        return issueCertificate({ authority, kind: 'control-center', id: testbedId, nowMs: this.#options.nowMs() });
      };
      return this.#loadOrCreate(`${testbedId}-control-center`, issue, isGood);
    });
    return { caPem: authority.certificatePem, certificatePem: own.certificatePem, privateKeyPem: own.privateKeyPem };
  }

  /**
   * A certificate in place of the one that a node shows (both DER), for the same key; nothing when that one is good. `problem` says why a
   * better one can't be had. Throws `agent-failed` when what is shown is not of this testbed and this node.
   */
  async renewNodeCertificate(testbedId: string, nodeId: string, shown: Uint8Array): Promise<NodeRenewal> {
    const authority = await this.authority(testbedId);
    const certificate = readCertificate(shown, nodeId);
    const issuer = new X509Certificate(authority.certificatePem);
    const isOurs = certificate.verify(issuer.publicKey) && certificate.subjectAltName === `DNS:${nodeServerName(nodeId)}`;
    if (!isOurs) throw notItsOwn(nodeId);
    if (whyRenew(certificate, this.#options.nowMs()) === null) return { certificate: null, problem: null };
    if (isAllThereIs(certificate, issuer, this.#options.nowMs())) {
      const endsOn = dayOf(issuer.validToDate.getTime());
      const problem = `Its certificate ends on ${endsOn} with the testbed's authority: provision all nodes again before that.`;
      return { certificate: null, problem };
    }
    const publicKey = certificate.publicKey.export({ type: 'spki', format: 'der' });
    const { certifyKey } = await loadMaker();
    const renewed = await certifyKey({ authority, kind: 'node', id: nodeId, nowMs: this.#options.nowMs(), publicKey });
    return { certificate: renewed, problem: null };
  }

  /** Forgets a testbed that was removed. */
  remove(testbedId: string): void {
    this.#authorities.delete(testbedId);
    this.#controlCenters.delete(testbedId);
    for (const name of [authorityName(testbedId), `${testbedId}-control-center`]) {
      this.#options.files.remove(`${name}.pem`);
      this.#options.files.remove(`${name}.key`);
    }
  }

  async #createAuthority(testbedId: string): Promise<CertificateWithKey> {
    const { createCertificateAuthority } = await loadMaker();
    return createCertificateAuthority({ testbedId, nowMs: this.#options.nowMs() });
  }

  #isGood(certificatePem: string, authority: CertificateWithKey): boolean {
    const certificate = new X509Certificate(certificatePem);
    const issuer = new X509Certificate(authority.certificatePem);
    if (!certificate.verify(issuer.publicKey)) return false;
    const nowMs = this.#options.nowMs();
    return whyRenew(certificate, nowMs) === null || isAllThereIs(certificate, issuer, nowMs);
  }

  async #loadOrCreate(
    name: string,
    create: () => Promise<CertificateWithKey>,
    isGood: (kept: CertificateWithKey) => boolean = () => true,
  ): Promise<CertificateWithKey> {
    const { files } = this.#options;
    const certificatePem = files.read(`${name}.pem`);
    const privateKeyPem = files.read(`${name}.key`);
    if (certificatePem && privateKeyPem && isGood({ certificatePem, privateKeyPem })) return { certificatePem, privateKeyPem };
    return this.#keep(name, await create());
  }

  #keep(name: string, { certificatePem, privateKeyPem }: CertificateWithKey): CertificateWithKey {
    const { files } = this.#options;
    // The old certificate goes first: where there is one, the key beside it is its own, whenever this program ends.
    files.remove(`${name}.pem`);
    files.write(`${name}.key`, privateKeyPem);
    files.write(`${name}.pem`, certificatePem);
    return { certificatePem, privateKeyPem };
  }
}

/** Needed once a testbed: most starts of the program read what is there. */
function loadMaker(): Promise<typeof import('../agents/certificate-authority.js')> {
  return import('../agents/certificate-authority.js');
}

function authorityName(testbedId: string): string {
  return `${testbedId}-ca`;
}

/** Whether nothing better can be had: it counts already, and its authority ends as soon. */
function isAllThereIs(certificate: X509Certificate, issuer: X509Certificate, nowMs: number): boolean {
  return certificate.validFromDate.getTime() <= nowMs && certificate.validToDate.getTime() >= issuer.validToDate.getTime();
}

function readCertificate(der: Uint8Array, nodeId: string): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch {
    throw notItsOwn(nodeId);
  }
}

function notItsOwn(nodeId: string): AppError {
  return new AppError('agent-failed', `The agent of node ${nodeId} shows a certificate that is not its own.`, 'Provision the node again.');
}

function once<T>(cache: Map<string, Promise<T>>, key: string, create: () => Promise<T>): Promise<T> {
  let value = cache.get(key);
  if (!value) {
    value = create();
    cache.set(key, value);
    value.catch(() => cache.delete(key));
  }
  return value;
}
