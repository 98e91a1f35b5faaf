// Secrets for logging in to nodes, as the window and the terminal speak of them: what is kept and where. The secrets themselves only ever
// go in.

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

export const SECRET_KINDS = ['password', 'sudo-password', 'passphrase'] as const;
export type SecretKind = (typeof SECRET_KINDS)[number];

export const SECRET_KIND_TITLES: Record<SecretKind, string> = {
  password: 'Password',
  'sudo-password': 'Password for sudo',
  passphrase: 'Passphrase of the key file',
};

/** Whose secret it is: passwords are of a node, a passphrase is of a key file, which several nodes may share. */
export type SecretRef = { kind: 'password' | 'sudo-password'; nodeId: string } | { kind: 'passphrase'; keyFile: string };

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
  /** Id of the node, or absolute path of the key file. */
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
