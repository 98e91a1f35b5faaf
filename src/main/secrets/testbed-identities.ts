// Per testbed: its certificate authority and the control center's certificate under it, made on first need and kept.
import { X509Certificate } from 'node:crypto';
import type { ClientIdentity } from '../agents/agent-client.js';
import type { CertificateWithKey } from '../agents/certificate-authority.js';
import type { SecretFiles } from './secret-files.js';

/** A certificate closer to its end than this is replaced. */
export const RENEW_BEFORE_MS = 30 * 86_400_000;

export interface TestbedIdentitiesOptions {
  files: SecretFiles;
  nowMs: () => number;
}

export class TestbedIdentities {
  readonly #options: TestbedIdentitiesOptions;
  /** One creation a testbed, however many ask at once. */
  readonly #authorities = new Map<string, Promise<CertificateWithKey>>();
  readonly #controlCenters = new Map<string, Promise<CertificateWithKey>>();

  constructor(options: TestbedIdentitiesOptions) {
    this.#options = options;
  }

  /** The testbed's authority; holds its private key. */
  authority(testbedId: string): Promise<CertificateWithKey> {
    return once(this.#authorities, testbedId, () =>
      this.#load(`${testbedId}-ca`, async () => {
        const { createCertificateAuthority } = await loadMaker();
        return createCertificateAuthority({ testbedId, nowMs: this.#options.nowMs() });
      }),
    );
  }

  /** What the control center shows to the testbed's agents. */
  async controlCenter(testbedId: string): Promise<ClientIdentity> {
    const authority = await this.authority(testbedId);
    const own = await once(this.#controlCenters, testbedId, () =>
      this.#load(`${testbedId}-control-center`, async () => {
        const { issueCertificate } = await loadMaker();
        return issueCertificate({ authority, kind: 'control-center', id: testbedId, nowMs: this.#options.nowMs() });
      }),
    );
    return { caPem: authority.certificatePem, certificatePem: own.certificatePem, privateKeyPem: own.privateKeyPem };
  }

  /** Forgets a testbed that was removed. */
  remove(testbedId: string): void {
    this.#authorities.delete(testbedId);
    this.#controlCenters.delete(testbedId);
    for (const name of [`${testbedId}-ca`, `${testbedId}-control-center`]) {
      this.#options.files.remove(`${name}.pem`);
      this.#options.files.remove(`${name}.key`);
    }
  }

  async #load(name: string, create: () => Promise<CertificateWithKey>): Promise<CertificateWithKey> {
    const { files, nowMs } = this.#options;
    const certificatePem = files.read(`${name}.pem`);
    const privateKeyPem = files.read(`${name}.key`);
    if (certificatePem && privateKeyPem && !isNearEnd(certificatePem, nowMs())) return { certificatePem, privateKeyPem };
    const created = await create();
    files.write(`${name}.key`, created.privateKeyPem);
    files.write(`${name}.pem`, created.certificatePem);
    return { certificatePem: created.certificatePem, privateKeyPem: created.privateKeyPem };
  }
}

/** Needed once a testbed: most starts of the program read what is there. */
function loadMaker(): Promise<typeof import('../agents/certificate-authority.js')> {
  return import('../agents/certificate-authority.js');
}

function isNearEnd(certificatePem: string, nowMs: number): boolean {
  return new X509Certificate(certificatePem).validToDate.getTime() - nowMs < RENEW_BEFORE_MS;
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
