// The choice of where a secret is kept, wherever one is typed.
import type { CredentialStatus, SecretHolder } from '../../shared/credentials.js';

/** Where secrets can go now; what can't be chosen says why. */
export function listHolderOptions(status: CredentialStatus | undefined): {
  value: SecretHolder;
  label: string;
  description: string;
  isDisabled: boolean;
}[] {
  const vault = {
    absent: 'There is none yet: Settings, Secrets makes one.',
    locked: 'It is locked: Settings, Secrets unlocks it.',
    unlocked: '',
  };
  const vaultState = status?.vault.state ?? 'absent';
  return [
    {
      value: 'system',
      label: "In the system's key store",
      description: status?.system.description ?? '',
      isDisabled: !status?.system.isUsable,
    },
    { value: 'vault', label: 'In the vault file', description: vault[vaultState], isDisabled: vaultState !== 'unlocked' },
    { value: 'session', label: 'For this session only', description: 'Asked for again after the program has ended.', isDisabled: false },
  ];
}
