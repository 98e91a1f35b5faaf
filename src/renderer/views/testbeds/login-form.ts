// How a node is logged in to, as typed, and the secrets that go with it: each is sent once and kept nowhere in the window.
import type { SetSecretInput } from '../../../shared/api/credential-inputs.js';
import { type KeyFileLook, NODE_AUTH_TITLES, NODE_AUTHS, type NodeAuth, type SecretHolder } from '../../../shared/credentials.js';
import type { TestbedNode } from '../../../shared/testbed.js';

export interface LoginForm {
  auth: NodeAuth;
  keyFile: string;
  passphrase: string;
  password: string;
  sudoPassword: string;
  holder: SecretHolder;
}

export function emptyLoginForm(auth: NodeAuth, keyFile: string | null, holder: SecretHolder): LoginForm {
  return { auth, keyFile: keyFile ?? '', passphrase: '', password: '', sudoPassword: '', holder };
}

/** What is to be said under the path of a key file. */
export function describeKeyFile(look: KeyFileLook | undefined): string {
  if (!look) return 'Path on this machine; ~ is your home folder.';
  return [look.isEncrypted ? 'A private key under a passphrase.' : 'A private key without a passphrase.', ...look.remarks].join(' ');
}

/** `ssh-config` only for a node that ~/.ssh/config describes. */
export function listAuthOptions(isOfSshConfig: boolean): { value: NodeAuth; label: string }[] {
  return NODE_AUTHS.filter((auth) => isOfSshConfig || auth !== 'ssh-config').map((value) => ({ value, label: NODE_AUTH_TITLES[value] }));
}

/** What was typed of secrets, ready to be sent. */
export function listSecrets(form: LoginForm, node: Pick<TestbedNode, 'id' | 'auth' | 'keyFile'>): SetSecretInput[] {
  const { holder } = form;
  const secrets: SetSecretInput[] = [];
  if (form.password !== '' && node.auth === 'password') {
    secrets.push({ of: { kind: 'password', nodeId: node.id }, secret: form.password, holder });
  }
  if (form.passphrase !== '' && node.auth === 'key-file' && node.keyFile !== null) {
    secrets.push({ of: { kind: 'passphrase', keyFile: node.keyFile }, secret: form.passphrase, holder });
  }
  if (form.sudoPassword !== '') secrets.push({ of: { kind: 'sudo-password', nodeId: node.id }, secret: form.sudoPassword, holder });
  return secrets;
}
