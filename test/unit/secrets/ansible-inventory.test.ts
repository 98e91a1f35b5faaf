// Inventories of Ansible, pasted: which hosts they have, and with which variables.
import { expect, test } from 'vitest';
import { validateNodeList } from '../../../src/main/domain/nodes/testbed/validate-node-list.js';
import { parseNodeList } from '../../../src/main/domain/nodes/testbed/parse-node-list.js';
import type { NodeListEntry } from '../../../src/shared/node-list.js';

const verify = (text: string, defaultUser: string | null = null): NodeListEntry[] => validateNodeList(parseNodeList(text), [], defaultUser);

/** `line: user@host:port name key`, or the verdict and the remark, without what is not a valid host. */
function short(entries: readonly NodeListEntry[]): string[] {
  return entries
    .filter(({ verdict }) => verdict !== 'ignored')
    .map(({ line, verdict, remark, node }) => {
      if (verdict !== 'ready' || !node) return `${line}: ${verdict}: ${remark}`;
      const over = node.proxyJump === null ? '' : `over ${node.proxyJump}`;
      return [`${line}: ${node.user}@${node.host}:${node.port}`, node.name, node.keyFile, over].filter(Boolean).join(' ');
    });
}

test('variables of a group hold for its hosts, also through groups around it, and a group is not a valid host', () => {
  const text = `
orin0 ansible_host=10.0.0.10   ; ungrouped

[edge]
orin1 ansible_host=10.0.0.11
orin2 ansible_host=10.0.0.12 ansible_port=22

[edge:vars]
ansible_user=lab
ansible_port=2222

[lab:children]
edge

[lab:vars]
ansible_user=outer
ansible_ssh_private_key_file=~/.ssh/lab

[all:vars]
ansible_user=everyone`;

  expect(short(verify(text.replace('   ; ungrouped', '')))).toEqual([
    '2: everyone@10.0.0.10:22 orin0',
    '5: lab@10.0.0.11:2222 orin1 ~/.ssh/lab',
    '6: lab@10.0.0.12:22 orin2 ~/.ssh/lab',
  ]);
});

test('a host of several groups is one, with what all of them say', () => {
  const text = '[a]\norin ansible_host=10.0.0.1\n[b]\norin\n[a:vars]\nansible_user=lab\n[b:vars]\nansible_port=2222\n';
  expect(short(verify(text))).toEqual(['2: lab@10.0.0.1:2222 orin']);
});

test('plain hosts, addresses with a port, users and ranges stand under a heading', () => {
  expect(short(verify('[jetsons]\norin-[01:03].lab\n10.0.0.9:2222\nme@10.0.0.8\n\n[jetsons:vars]\nansible_user = lab\n'))).toEqual([
    '2: lab@orin-01.lab:22',
    '2: lab@orin-02.lab:22',
    '2: lab@orin-03.lab:22',
    '3: lab@10.0.0.9:2222',
    '4: lab@10.0.0.8:22',
  ]);
});

test('a circle of groups ends', () => {
  expect(short(verify('[a:children]\nb\n[b:children]\na\n[b]\norin ansible_user=lab\n'))).toEqual(['6: lab@orin:22']);
});

test('what is no SSH, a template, or a way that only OpenSSH can go is named', () => {
  const text = [
    '[x]',
    'here ansible_connection=local',
    'win ansible_connection=winrm',
    'var ansible_host="{{ address }}" ansible_user=lab',
    "jump ansible_user=lab ansible_ssh_common_args='-o ProxyJump=gate'",
    'proxy ansible_user=lab ansible_ssh_common_args=\'-o ProxyCommand="nc gate 22"\'',
    '[x:nonsense]',
  ];
  expect(short(verify(text.join('\n')))).toEqual([
    '3: invalid: It is not reached by SSH (ansible_connection=winrm).',
    '4: invalid: "{{ address }}" is a template, which only Ansible can fill.',
    '5: lab@jump:22 over gate',
    '6: invalid: Its ProxyCommand is not read: put the host into ~/.ssh/config and add it from there.',
    '7: invalid: "nonsense" is no section of an Ansible inventory.',
  ]);
});

test('passwords of groups are left out of everything, and their hosts say so', () => {
  const entries = verify('[x]\norin ansible_user=lab\n[x:vars]\nansible_password=hunter2\nansible_become_pass = hunter3\n');

  expect(JSON.stringify(entries)).not.toContain('hunter');
  expect(entries.find(({ verdict }) => verdict === 'ready')?.remark).toBe('The password was left out: enter it as a secret.');
});

const YAML = `---
all:
  vars:
    ansible_user: everyone
  hosts:
    orin0:
      ansible_host: 10.0.0.10
  children:
    edge:
      hosts:
        orin1: {ansible_host: 10.0.0.11, ansible_port: 2222}
        orin-[2:3].lab:
      vars:
        ansible_user: lab
        ansible_password: !vault |
          $ANSIBLE_VAULT;1.1;AES256
          hunter2
    empty:
`;

test('the form in YAML is read alike, with the lines of the hosts', () => {
  const entries = verify(YAML);

  expect(short(entries)).toEqual([
    '6: everyone@10.0.0.10:22 orin0',
    '11: lab@10.0.0.11:2222 orin1',
    '12: lab@orin-2.lab:22',
    '12: lab@orin-3.lab:22',
  ]);
  expect(JSON.stringify(entries)).not.toContain('hunter');
});

test('anchors are followed, and what is broken, of another shape, or made to grow is reported by its line', () => {
  expect(short(verify('all:\n  hosts:\n    a: &x {ansible_user: lab}\n    b: *x\n'))).toEqual(['3: lab@a:22', '4: lab@b:22']);
  expect(short(verify('all:\n  hosts:\n    a: {b\n'))).toEqual([expect.stringMatching(/: invalid: It is no YAML/) as string]);
  expect(short(verify('all:\n  host:\n    a:\n  hosts:\n    b: {ansible_user: lab}\n'))).toEqual([
    '2: invalid: "host" is no part of a group: hosts, vars or children are expected.',
    '5: lab@b:22',
  ]);
  const bomb = ['a: &a [x]', 'b: &b [*a,*a,*a]', 'c: &c [*b,*b,*b]', 'd: &d [*c,*c,*c]', 'hosts:', '  o:'].join('\n');
  expect(verify(bomb).every(({ verdict }) => verdict !== 'ready')).toBe(true);
});
