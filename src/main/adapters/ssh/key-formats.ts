// What a file is that was named as a private key: a form that can be used here, or one that can't, with the command that makes it one.
// Pure; reads no secret part.
export type KeyText =
  | { kind: 'openssh' | 'pem' | 'ppk' | 'jwk'; isEncrypted: boolean }
  /** `what` follows "is"; `remedy` is a sentence in which FILE stands for the file. */
  | { kind: 'refused'; what: string; remedy: string };

type Refused = Extract<KeyText, { kind: 'refused' }>;

const PUTTYGEN = 'Convert it: puttygen FILE -O private-openssh -o NEWFILE; in the window of PuTTYgen: Conversions, Export OpenSSH key.';
const NAME_PRIVATE = 'Name the private key file: usually the same name without .pub.';
const NEW_KEY =
  'Make another key: ssh-keygen -t ed25519 -f NEWFILE; then put NEWFILE.pub on the node: ssh-copy-id -i NEWFILE.pub USER@NODE.';
/** That the SSH library opens. */
const OPENSSH_CIPHER = /^(?:none|aes(?:128|192|256)-(?:ctr|cbc)|aes(?:128|256)-gcm@openssh\.com|3des-cbc)$/;
const OPENSSH_MAGIC = 'openssh-key-v1\0';

/** In their order: the first that fits. */
const REFUSED: readonly (readonly [RegExp, Omit<Refused, 'kind'>])[] = [
  [/^\s*$/, { what: 'empty', remedy: 'Name a private key file.' }],
  [/^PuTTY-User-Key-File-1:/, { what: 'a PuTTY key of version 1', remedy: PUTTYGEN }],
  [
    /^PuTTY-User-Key-File-3:[^]*?\nEncryption: (?!none)/,
    { what: 'a PuTTY key of version 3 under a passphrase (Argon2)', remedy: PUTTYGEN },
  ],
  [/^PuTTY-User-Key-File-(?![23]:)/, { what: 'a PuTTY key of a version that is not known here', remedy: PUTTYGEN }],
  [/^---- BEGIN SSH2 PUBLIC KEY ----/, { what: 'a public key (RFC 4716)', remedy: NAME_PRIVATE }],
  [
    /^---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----/,
    { what: 'a key in the format of SSH.com', remedy: 'Convert it: ssh-keygen -i -f FILE > NEWFILE.' },
  ],
  [
    /^\S+-cert-v0\d@openssh\.com /,
    { what: 'a certificate', remedy: 'Name the private key file: usually the same name without -cert.pub.' },
  ],
  [/^(?:ssh-|ecdsa-|sk-)[\w@.-]+ [A-Za-z0-9+/]+/, { what: 'a public key', remedy: NAME_PRIVATE }],
  [/-----BEGIN (?:RSA )?PUBLIC KEY-----/, { what: 'a public key (PEM)', remedy: 'Name the private key file that belongs to it.' }],
  [/-----BEGIN DSA PRIVATE KEY-----/, { what: 'a DSA key, which OpenSSH does not take any more', remedy: NEW_KEY }],
  [/^SSH PRIVATE KEY FILE FORMAT 1/, { what: 'a key of SSH version 1', remedy: NEW_KEY }],
  [/-----BEGIN PGP/, { what: 'a key of PGP', remedy: NEW_KEY }],
];

/** The kind that a text is; says nothing about whether it is whole. */
export function describeKeyText(text: string): KeyText {
  const refused = REFUSED.find(([pattern]) => pattern.test(text.trimStart()))?.[1];
  if (refused) return { kind: 'refused', ...refused };
  const [, label = ''] = /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----/.exec(text) ?? [];
  if (label === 'OPENSSH PRIVATE KEY') return describeOpenSsh(text);
  if (label === 'ENCRYPTED PRIVATE KEY') return { kind: 'pem', isEncrypted: true };
  if (['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY'].includes(label)) {
    return { kind: 'pem', isEncrypted: /^Proc-Type: *4, *ENCRYPTED/m.test(text) };
  }
  if (/^PuTTY-User-Key-File-[23]:/.test(text.trimStart())) return { kind: 'ppk', isEncrypted: !/^Encryption: none\r?$/m.test(text) };
  const jwk = readJwk(text);
  if (jwk !== null)
    return 'd' in jwk ? { kind: 'jwk', isEncrypted: false } : refuse('a public key (JWK)', 'Name the file with the private one.');
  if (/-----BEGIN CERTIFICATE-----/.test(text)) return refuse('an X.509 certificate', 'Name the private key file that belongs to it.');
  // eslint-disable-next-line no-control-regex -- what no text has
  if (/[\u0000-\u0008\ufffd]/.test(text)) {
    return refuse(
      'no text: maybe a key in DER or PKCS#12',
      'Convert it: openssl pkey -inform DER -in FILE -out NEWFILE; for PKCS#12: openssl pkcs12 -in FILE -nocerts -out NEWFILE.',
    );
  }
  return refuse('no private key of a known format', 'Name a private key file as ssh-keygen or PuTTYgen writes it.');
}

/** FILE of a remedy is put into the words for a shell. */
export function fillRemedy(remedy: string, file: string): string {
  const word = /^[\w./~@+:-]+$/.test(file) ? file : `'${file.replaceAll("'", `'\\''`)}'`;
  return remedy.replace(/\bFILE\b/g, () => word);
}

export function refuse(what: string, remedy: string): Refused {
  return { kind: 'refused', what, remedy };
}

/** Why a key of this type can't log in here; null for one that can. `type` as in SSH or as Node.js names it. */
export function refusalOfType(type: string): Refused | null {
  if (/^sk-/.test(type)) return refuse('on a security key (FIDO), which this program can not ask', NEW_KEY);
  if (type === 'ssh-dss' || type === 'dsa') return refuse('a DSA key, which OpenSSH does not take any more', NEW_KEY);
  if (/^(?:ssh-rsa|rsa|ssh-ed25519|ed25519|ec|ecdsa-sha2-nistp(?:256|384|521))$/.test(type)) return null;
  return refuse(`a key of the type ${type.slice(0, 40)}, which SSH servers do not take`, NEW_KEY);
}

/** Magic, cipher, KDF, its options, a count, the public key, and then what may be encrypted. */
function describeOpenSsh(text: string): KeyText {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([^]+?)-----END OPENSSH PRIVATE KEY-----/.exec(text)?.[1] ?? '';
  const blob = Buffer.from(body, 'base64');
  try {
    if (blob.toString('latin1', 0, OPENSSH_MAGIC.length) !== OPENSSH_MAGIC) throw new RangeError('no magic');
    const fields: Buffer[] = [];
    let offset = OPENSSH_MAGIC.length;
    const next = (): Buffer => {
      const start = offset + 4;
      offset = start + blob.readUInt32BE(offset);
      return blob.subarray(start, offset);
    };
    for (let index = 0; index < 3; index++) fields.push(next());
    offset += 4;
    const publicKey = next();
    const type = publicKey.toString('latin1', 4, 4 + publicKey.readUInt32BE(0));
    const cipher = fields[0]?.toString('latin1') ?? '';
    if (!OPENSSH_CIPHER.test(cipher)) {
      const what = `encrypted with ${cipher.slice(0, 40)}, which can not be opened here`;
      return refuse(what, 'Write it again under the same passphrase: ssh-keygen -p -Z aes256-ctr -f FILE.');
    }
    return refusalOfType(type) ?? { kind: 'openssh', isEncrypted: cipher !== 'none' };
  } catch {
    return refuse('damaged: it ends too early', 'Copy the file again, whole and with its last line.');
  }
}

function readJwk(text: string): object | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && 'kty' in parsed ? parsed : null;
  } catch {
    return null;
  }
}
