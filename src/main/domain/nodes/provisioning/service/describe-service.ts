// What the service step says of what it found, in words.
import type { ServiceChoice, ServiceKind } from './choose-service.js';
import { SERVICE_TITLES } from './choose-service.js';
import { type ServiceFound, SYSTEM_UNIT_DIR, systemUnitName, USER_UNIT, USER_UNIT_DIR } from './find-service.js';

interface Described {
  found: ServiceFound;
  choice: ServiceChoice;
  port: number;
}

export function describeRunning({ found, choice, port }: Described): string {
  const linger = choice.kind === 'systemd-user' && !found.isLingering ? ' Lingering is off, so that it ends when the user logs out.' : '';
  const remark = choice.remark === null ? '' : ` ${choice.remark}`;
  return `The agent runs on port ${port} from the same software and configuration, kept running ${SERVICE_TITLES[choice.kind]}.${linger}${remark}`;
}

export function describeReason({ found, choice }: Described): string {
  if (found.config === '') return 'There is no agent yet.';
  return found.isCurrent
    ? `The agent is not kept running ${SERVICE_TITLES[choice.kind]}, or from another configuration.`
    : 'The agent does not run from what is on the node.';
}

/** One line each. */
export function describeChanges({ found, choice, port }: Described): string[] {
  const { userUnit, systemUnit, isLingering, isSupervised } = found;
  const other = (kind: ServiceKind, isThere: boolean, words: string): string[] => (isThere && choice.kind !== kind ? [words] : []);
  const own: Record<ServiceKind, string[]> = {
    detached: [],
    supervised: [],
    'systemd-user': [
      `~/${USER_UNIT_DIR}/${USER_UNIT}: enabled`,
      ...(isLingering ? [] : [`Lingering for ${found.userName}, so that it runs without a login`]),
    ],
    'systemd-system': [`${SYSTEM_UNIT_DIR}/${systemUnitName(found.uid)}: enabled`],
  };
  return [
    ...other('systemd-user', userUnit.sha256 !== null, "The user's unit is removed"),
    ...other('systemd-system', systemUnit.sha256 !== null, "The system's unit is removed"),
    ...other('supervised', isSupervised, 'The supervisor is stopped'),
    ...own[choice.kind],
    `The agent is ${found.config === '' ? 'started' : 'started again'} on port ${port}, kept running ${SERVICE_TITLES[choice.kind]}`,
  ];
}
