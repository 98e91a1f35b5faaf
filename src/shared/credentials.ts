// Secrets for logging in to nodes and elsewhere, as the window and the terminal speak of them: what is kept and where. The secrets themselves
// only ever go in.

/** How the program proves to a node who it is. */
export const NODE_AUTHS = ['program-key', 'key-file', 'agent', 'password', 'ssh-config'] as const;
export type NodeAuth = (typeof NODE_AUTHS)[number];

export const NODE_AUTH_TITLES: Record<NodeAuth, string> = {
  'program-key': 'Control center key',
  'key-file': 'A private key file',
  agent: 'The SSH agent',
  password: 'A password',
  'ssh-config': 'As ~/.ssh/config says',
};

export const SECRET_KINDS = ['password', 'sudo-password', 'passphrase', 'token'] as const;
export type SecretKind = (typeof SECRET_KINDS)[number];

export const SECRET_KIND_TITLES: Record<SecretKind, string> = {
  password: 'Password',
  'sudo-password': 'Password for sudo',
  passphrase: 'Passphrase of the key file',
  token: 'Access token',
};

/** Where a token may be of: an account of this machine's user there. */
export const TOKEN_ACCOUNTS = ['hugging-face'] as const;
export type TokenAccount = (typeof TOKEN_ACCOUNTS)[number];

export const TOKEN_ACCOUNT_TITLES: Record<TokenAccount, string> = { 'hugging-face': 'Hugging Face' };

/** Whose secret it is: passwords are of a node, a passphrase is of a key file, which several nodes may share, a token is of an account elsewhere. */
export type SecretRef =
  | { kind: 'password' | 'sudo-password'; nodeId: string }
  | { kind: 'passphrase'; keyFile: string }
  | { kind: 'token'; account: TokenAccount };

/** The secret of a slot as the API names it, which checks the account. */
export function secretRefOf({ kind, subject }: Pick<KeptSecret, 'kind' | 'subject'>): SecretRef {
  if (kind === 'passphrase') return { kind, keyFile: subject };
  if (kind === 'token') return { kind, account: subject as TokenAccount };
  return { kind, nodeId: subject };
}

/** `system`: Electron's safeStorage over the key store of the system; `vault`: a file under a passphrase; `session`: memory alone. */
export const SECRET_HOLDERS = ['system', 'vault', 'session'] as const;
export type SecretHolder = (typeof SECRET_HOLDERS)[number];

export const SECRET_HOLDER_TITLES: Record<SecretHolder, string> = {
  system: "The system's key store",
  vault: 'The vault file',
  session: 'This session only',
};

/** A secret that is kept; never the secret. */
export interface KeptSecret {
  kind: SecretKind;
  /** Id of the node, absolute path of the key file, or the account. */
  subject: string;
  holder: SecretHolder;
  /** False while the vault is locked, and for the system's key store where this shell can't reach it. */
  isReadable: boolean;
  storedAtMs: number;
}

/** A private key file as it was found; never what is in it. */
export interface KeyFileLook {
  /** Absolute. */
  path: string;
  /** It needs a passphrase. */
  isEncrypted: boolean;
  /** What is not as it should be, a sentence each. */
  remarks: string[];
}

export interface CredentialStatus {
  system: {
    isUsable: boolean;
    /** Which key store it is, or why it is no protection here. */
    description: string;
  };
  vault: { state: 'absent' | 'locked' | 'unlocked'; path: string };
  /** Where a new secret goes unless someone says otherwise. */
  preferredHolder: SecretHolder;
  secrets: KeptSecret[];
}
