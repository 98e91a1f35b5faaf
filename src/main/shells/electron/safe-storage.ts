// The system's key store through Electron's safeStorage. Where Linux has none, Electron would use a password that is in its source:
// that is no protection, and it is said so. Needs Electron ready.
import { safeStorage } from 'electron';
import type { SystemProtection } from '../../../shared/core-process-messages.js';

const KEY_STORE_NAMES: Record<string, string> = {
  darwin: 'The keychain of macOS',
  win32: 'The data protection of Windows',
  gnome_libsecret: 'The secret service of the desktop (libsecret)',
  kwallet: 'KWallet',
  kwallet5: 'KWallet',
  kwallet6: 'KWallet',
};

export function safeStorageProtection(): SystemProtection {
  return {
    async describe() {
      const backend = process.platform === 'linux' ? safeStorage.getSelectedStorageBackend() : process.platform;
      const name = KEY_STORE_NAMES[backend];
      if (name === undefined) {
        return { isUsable: false, description: `There is no key store on this system (${backend}) that would protect a secret.` };
      }
      if (!(await safeStorage.isAsyncEncryptionAvailable())) {
        return { isUsable: false, description: `${name} is locked or does not answer.` };
      }
      return { isUsable: true, description: `${name}.` };
    },
    encrypt: (text) => safeStorage.encryptStringAsync(text),
    async decrypt(sealed) {
      return (await safeStorage.decryptStringAsync(Buffer.from(sealed))).result;
    },
  };
}
