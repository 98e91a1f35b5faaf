// How host keys on the way to a node are verified is asked of OpenSSH when the node is added. Nodes of earlier versions were added without: they are
// asked for before their next connection, whatever it is for, so that no key is trusted that ssh would refuse.
import type { SshHost, SshRoute, TestbedNode } from '../../../../shared/testbed.js';
import type { OpenSshConfig } from '../../../adapters/ssh/openssh-config.js';
import type { TestbedRepository } from '../../../adapters/storage/testbed-repository.js';

export interface RouteRenewalOptions {
  testbeds: Pick<TestbedRepository, 'getNode' | 'updateNode'>;
  sshConfig: Pick<OpenSshConfig, 'resolve'>;
  recordEvent: (event: { kind: string; subjectId: string; message: string }) => void;
}

export class RouteRenewal {
  readonly #options: RouteRenewalOptions;
  /** Many connections to a node may start at once: it is asked for once. */
  readonly #underWay = new Map<string, Promise<SshRoute>>();

  constructor(options: RouteRenewalOptions) {
    this.#options = options;
  }

  /** The node with the rules of its way. Its address and the hops stay as they are. Throws what OpenSSH says when it can't be asked. */
  async renew(node: TestbedNode): Promise<TestbedNode> {
    if (!node.sshRoute || node.sshRoute.areRulesRead) return node;
    // The caller may have had the node since before.
    const stored = this.#options.testbeds.getNode(node.id)?.sshRoute;
    if (stored?.areRulesRead) return { ...node, sshRoute: stored };
    const asking = this.#underWay.get(node.id) ?? this.#ask(node, node.sshRoute);
    this.#underWay.set(node.id, asking);
    try {
      return { ...node, sshRoute: await asking };
    } finally {
      this.#underWay.delete(node.id);
    }
  }

  async #ask({ id, name, user, port }: TestbedNode, route: SshRoute): Promise<SshRoute> {
    const { testbeds, recordEvent } = this.#options;
    const own = await this.#rulesOf({ alias: route.alias, user, port });
    const hops: SshHost[] = [];
    for (const hop of route.hops) hops.push({ ...hop, ...(await this.#rulesOf(hop)) });
    const renewed: SshRoute = { ...route, ...own, hops, areRulesRead: true };
    testbeds.updateNode(id, { sshRoute: renewed });
    const message = `Read from ~/.ssh/config how host keys on the way to node "${name}" are verified.`;
    recordEvent({ kind: 'host-key-rules-read', subjectId: id, message });
    return renewed;
  }

  async #rulesOf({ alias, user, port }: Pick<SshHost, 'alias' | 'user' | 'port'>): Promise<Pick<SshHost, 'hostKeyRules' | 'remarks'>> {
    const { host } = await this.#options.sshConfig.resolve(alias, { user, port });
    return { hostKeyRules: host.hostKeyRules, remarks: host.remarks };
  }
}
