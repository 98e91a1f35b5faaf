import type { TestbedNode } from '../../../shared/testbed.js';

/** How the program logs in to a node, and over which hosts, as rows of name and value. */
export function describeLogin({ keyFile, sshRoute }: TestbedNode): [name: string, value: string][] {
  if (!sshRoute) return [['Key', keyFile ?? "the program's own"]];
  const over = sshRoute.hops.map((hop) => `${hop.alias} (${hop.user}@${hop.host}:${hop.port})`).join(', then ');
  return [
    ['Added as', `${sshRoute.alias} of the SSH configuration`],
    ['Over', over || 'nothing: direct'],
    ['Key', keyFile ?? "of the SSH configuration, the program's own, or of the SSH agent"],
  ];
}
