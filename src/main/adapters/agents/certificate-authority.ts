// The testbed's own certificate authority: made once per testbed by the control center, trusted by nothing else.
// It signs one certificate per node and one for the control center; all of them serve and call (mutual TLS).
import 'reflect-metadata';

import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

import { CONTROL_CENTER_NAME, nodeServerName } from '../../../shared/agent-config.js';
import { AppError } from '../../../shared/errors.js';
import { CERTIFICATE_LIFETIME_MS, CLOCK_SKEW_MS, DAY_MS } from './certificate-life.js';

type PublicKey = Awaited<ReturnType<typeof generateKeyPair>>['publicKey'];

const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNING_ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' };
const AUTHORITY_LIFETIME_MS = 3650 * DAY_MS;
/** Node ids become one label of a DNS name. */
const DNS_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/** A certificate with its private key (PKCS #8), both PEM. The key is a secret: files with mode 0600, never the renderer or a log. */
export interface CertificateWithKey {
  certificatePem: string;
  privateKeyPem: string;
}

export interface IssueOptions {
  authority: CertificateWithKey;
  kind: 'node' | 'control-center';
  /** The node's id; for the control center any name, used in the subject only. */
  id: string;
  nowMs: number;
}

/** Makes the authority of a testbed: ECDSA P-256, ten years, may sign end certificates only. */
export async function createCertificateAuthority(options: { testbedId: string; nowMs: number }): Promise<CertificateWithKey> {
  const keys = await generateKeyPair();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [`DEdgeAI testbed ${options.testbedId}`] }],
    notBefore: new Date(options.nowMs - CLOCK_SKEW_MS),
    notAfter: new Date(options.nowMs + AUTHORITY_LIFETIME_MS),
    signingAlgorithm: SIGNING_ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  return { certificatePem: certificate.toString('pem'), privateKeyPem: await exportPrivateKey(keys) };
}

/** Issues a certificate for serving and calling, with a new key, named as agent-config.ts says. Throws AppError when the id can't be a DNS label. */
export async function issueCertificate(options: IssueOptions): Promise<CertificateWithKey & { expiresAtMs: number }> {
  const keys = await generateKeyPair();
  const { certificate, expiresAtMs } = await certify(options, keys.publicKey);
  return { certificatePem: certificate.toString('pem'), privateKeyPem: await exportPrivateKey(keys), expiresAtMs };
}

/** As `issueCertificate`, for a key that its owner keeps: `publicKey` is the SubjectPublicKeyInfo in DER. Returns the certificate in DER. */
export async function certifyKey(options: IssueOptions & { publicKey: Uint8Array }): Promise<Uint8Array> {
  const publicKey = await crypto.subtle.importKey('spki', new Uint8Array(options.publicKey), KEY_ALGORITHM, true, ['verify']);
  const { certificate } = await certify(options, publicKey);
  return new Uint8Array(certificate.rawData);
}

async function certify(options: IssueOptions, publicKey: PublicKey): Promise<{ certificate: X509Certificate; expiresAtMs: number }> {
  if (options.kind === 'node' && !DNS_LABEL.test(options.id)) {
    throw new AppError('invalid-input', `Node id "${options.id}" can't be part of a certificate name.`, 'Use letters, digits and hyphens.');
  }
  const authority = new X509Certificate(options.authority.certificatePem);
  const signingKey = await crypto.subtle.importKey(
    'pkcs8',
    PemConverter.decodeFirst(options.authority.privateKeyPem),
    KEY_ALGORITHM,
    false,
    ['sign'],
  );
  const expiresAtMs = Math.min(options.nowMs + CERTIFICATE_LIFETIME_MS, authority.notAfter.getTime());
  const certificate = await X509CertificateGenerator.create({
    subject: [{ CN: [options.id] }],
    issuer: authority.subject,
    notBefore: new Date(options.nowMs - CLOCK_SKEW_MS),
    notAfter: new Date(expiresAtMs),
    signingAlgorithm: SIGNING_ALGORITHM,
    publicKey,
    signingKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
      new SubjectAlternativeNameExtension([
        { type: 'dns', value: options.kind === 'node' ? nodeServerName(options.id) : CONTROL_CENTER_NAME },
      ]),
    ],
  });
  return { certificate, expiresAtMs };
}

async function generateKeyPair() {
  return crypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify']);
}

async function exportPrivateKey(keys: Awaited<ReturnType<typeof generateKeyPair>>): Promise<string> {
  return PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
}
