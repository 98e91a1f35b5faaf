// Which way of logging in fits a node. Looks at the key file that is named, at nothing else.
import type { NodeAuth } from '../../../../shared/credentials.js';
import { AppError } from '../../../../shared/errors.js';
import type { SshRoute, TestbedNode } from '../../../../shared/testbed.js';
import { examineKeyFile } from '../../../adapters/ssh/key-file.js';

/**
 * Without a word from the user: the key file that is named, else what ~/.ssh/config says, else the control center's key. The path of the file comes
 * out absolute. Throws `invalid-input` for what does not fit, and for a file that can't log in.
 */
export function chooseLogin(requested: {
  auth: NodeAuth | undefined;
  keyFile: string | null;
  sshRoute: SshRoute | null;
}): Pick<TestbedNode, 'auth' | 'keyFile'> {
  const { keyFile, sshRoute } = requested;
  const auth = requested.auth ?? (keyFile !== null ? 'key-file' : sshRoute ? 'ssh-config' : 'program-key');
  if (auth === 'key-file' && !keyFile) {
    throw new AppError('invalid-input', 'No private key file is named.', 'Name one, or choose another way to log in.');
  }
  if (auth === 'ssh-config' && !sshRoute) {
    throw new AppError(
      'invalid-input',
      'The node was added by its address, so ~/.ssh/config says nothing of it.',
      'Choose another way to log in.',
    );
  }
  if (auth !== 'key-file' && keyFile) {
    throw new AppError(
      'invalid-input',
      'A private key file is named, but the node is not logged in to with one.',
      'Leave one of both out.',
    );
  }
  return { auth, keyFile: auth === 'key-file' && keyFile ? examineKeyFile(keyFile).path : null };
}
