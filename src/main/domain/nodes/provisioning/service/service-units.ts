// The unit files that a node should have.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { INSTALL_DIR } from '../agent-config-for.js';
import type { NodeSession } from '../node-session.js';
import type { ServiceKind } from './choose-service.js';
import type { ServiceFound, UnitState } from './find-service.js';
import { renderUnit } from './render-unit.js';

export interface DesiredUnit {
  text: string;
  sha256: string;
}

/** Null for a kind without a unit file. */
export async function desiredUnit(session: NodeSession, kind: ServiceKind, found: ServiceFound): Promise<DesiredUnit | null> {
  if (kind !== 'systemd-user' && kind !== 'systemd-system') return null;
  const file = kind === 'systemd-user' ? 'dedgeai-agent.user.service' : 'dedgeai-agent.system.service';
  const template = await readFile(join(session.tools.unitTemplatesDir, file), 'utf8');
  const text = renderUnit(template, { FOLDER: `${found.homeDir}/${INSTALL_DIR}`, USER: found.userName });
  return { text, sha256: createHash('sha256').update(text).digest('hex') };
}

/** The state of the unit that keeps the agent running in this way; null for a kind without one. */
export function unitOf(kind: ServiceKind, found: ServiceFound): UnitState | null {
  return kind === 'systemd-user' ? found.userUnit : kind === 'systemd-system' ? found.systemUnit : null;
}
