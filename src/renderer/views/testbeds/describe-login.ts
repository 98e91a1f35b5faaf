import { type KeptSecret, NODE_AUTH_TITLES, SECRET_HOLDER_TITLES, SECRET_KIND_TITLES } from '../../../shared/credentials.js';
import { listRouteRemarks, type TestbedNode } from '../../../shared/testbed.js';

/** How the program logs in to a node, and over which hosts, as rows of name and value. */
export function describeLogin({ auth, keyFile, sshRoute }: TestbedNode): [name: string, value: string][] {
  const login: [string, string][] = [['Login', auth === 'key-file' && keyFile !== null ? `Key file ${keyFile}` : NODE_AUTH_TITLES[auth]]];
  if (!sshRoute) return login;
  const over = sshRoute.hops.map((hop) => `${hop.alias} (${hop.user}@${hop.host}:${hop.port})`).join(', then ');
  const remarks = listRouteRemarks(sshRoute).join(' ');
  return [
    ['Added as', `${sshRoute.alias} of the SSH configuration`],
    ['Over', over || 'nothing: direct'],
    ...(remarks === '' ? [] : [['Not as configured', remarks] as [string, string]]),
    ...login,
  ];
}

/** The secrets of a node and of its key file, each with what keeps it. */
export function describeSecrets(node: TestbedNode, secrets: readonly KeptSecret[]): [name: string, value: string][] {
  return secrets
    .filter(({ kind, subject }) => subject === (kind === 'passphrase' ? node.keyFile : node.id))
    .map(({ kind, holder, isReadable }) => {
      const locked = isReadable ? '' : holder === 'vault' ? ', locked' : ", which can't be read here";
      return [SECRET_KIND_TITLES[kind], `${SECRET_HOLDER_TITLES[holder]}${locked}`];
    });
}
