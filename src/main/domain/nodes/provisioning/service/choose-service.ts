// Which way of keeping the agent running fits a node; pure.
import type { StepFinding, DesiredState } from '../../../../../shared/provisioning.js';
import { blocked } from '../provision-step.js';
import type { ServiceFound } from './find-service.js';
import { GIVE_SUDO_PASSWORD } from './run-as-root.js';

/** `detached`: of a virtual node, which starts its agent by itself when it boots. */
export type ServiceKind = 'detached' | 'supervised' | 'systemd-user' | 'systemd-system';

export const SERVICE_TITLES: Record<ServiceKind, string> = {
  detached: 'by the virtual node',
  supervised: 'by a supervisor, not after a reboot',
  'systemd-user': "by the user's systemd",
  'systemd-system': "by the system's systemd",
};

export interface ServiceChoice {
  kind: ServiceKind;
  /** Why this one, where the user might have expected another; null where nothing is to say. */
  remark: string | null;
}

export interface ChooseServiceOptions {
  desired: DesiredState['service'];
  found: ServiceFound;
  isVirtual: boolean;
  hasSudoPassword: boolean;
}

/** A finding where the desired way can't be had; `auto` always finds one. */
export function chooseService({ desired, found, isVirtual, hasSudoPassword }: ChooseServiceOptions): ServiceChoice | StepFinding {
  if (isVirtual) return { kind: 'detached', remark: null };
  const canBeRoot = found.rootAccess === 'root' || found.rootAccess === 'free' || (found.rootAccess === 'password' && hasSudoPassword);
  const hasSystemUnits = found.hasSystemd && canBeRoot;
  switch (desired) {
    case 'supervised':
      return { kind: 'supervised', remark: null };
    case 'systemd-user':
      if (found.hasUserManager) return { kind: 'systemd-user', remark: null };
      return blocked(
        found.hasSystemd ? `the user ${found.userName} has no systemd of its own there.` : 'systemd does not manage this system.',
        found.hasSystemd ? 'Install dbus-user-session there and log in again, or choose another way.' : 'Choose the supervised way.',
      );
    case 'systemd-system':
      if (hasSystemUnits) return { kind: 'systemd-system', remark: null };
      if (!found.hasSystemd) return blocked('systemd does not manage this system.', 'Choose the supervised way.');
      if (found.rootAccess === 'password')
        return blocked('it needs the sudo password.', `${GIVE_SUDO_PASSWORD} Or choose the user's systemd.`);
      return blocked(`${found.userName} may not become root there.`, "Choose the user's systemd, or log in as a user who has sudo.");
    case 'auto':
      if (found.uid === 0 && hasSystemUnits) return { kind: 'systemd-system', remark: null };
      if (found.hasUserManager && (found.isLingering || found.mayLinger || canBeRoot)) return { kind: 'systemd-user', remark: null };
      if (hasSystemUnits) return { kind: 'systemd-system', remark: null };
      return { kind: 'supervised', remark: describeFallback(found) };
  }
}

function describeFallback({ hasSystemd, hasUserManager, rootAccess, userName }: ServiceFound): string {
  const rest = 'a supervisor starts the agent again when it fails, but nothing starts it after a reboot.';
  if (!hasSystemd) return `systemd does not manage this system: ${rest}`;
  if (hasUserManager) {
    const lack = rootAccess === 'password' ? "sudo's password, which is not known" : `root, which ${userName} can't become`;
    return `The user's systemd ends with its last login until lingering is on, which takes ${lack}: ${rest} (As root: loginctl enable-linger ${userName}.)`;
  }
  return rootAccess === 'password'
    ? `The user has no systemd of its own, and the system's needs the sudo password, which is not known: ${rest}`
    : `The user has no systemd of its own and may not use the system's: ${rest}`;
}
