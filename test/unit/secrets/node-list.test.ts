import { expect, test } from 'vitest';
import { validateNodeList } from '../../../src/main/domain/nodes/testbed/validate-node-list.js';
import { parseNodeList } from '../../../src/main/domain/nodes/testbed/parse-node-list.js';
import { describeCandidate, type NodeListEntry } from '../../../src/shared/node-list.js';

type Nodes = Parameters<typeof validateNodeList>[1];

const verify = (text: string, nodes: Nodes = [], defaultUser: string | null = null): NodeListEntry[] =>
  validateNodeList(parseNodeList(text), nodes, defaultUser);

/** `user@host:port name key`, or the verdict and the remark. */
function short(entries: readonly NodeListEntry[]): string[] {
  return entries.map(({ verdict, remark, node }) => {
    if (verdict !== 'ready' || !node) return `${verdict}: ${remark}`;
    const over = node.proxyJump === null ? null : `over ${node.proxyJump}`;
    return [`${node.user}@${node.host}:${node.port}`, node.name, node.keyFile, over].filter((part) => part !== null).join(' ');
  });
}

test.each([
  ['lab@orin-1', 'lab@orin-1:22'],
  ['lab@10.0.0.7:2222 Orin seven', 'lab@10.0.0.7:2222 Orin seven'],
  ['ssh://lab@orin-1:2222', 'lab@orin-1:2222'],
  ['lab@[2001:db8::7]:2222', 'lab@2001:db8::7:2222'],
  ['lab@2001:db8::7', 'lab@2001:db8::7:22'],
  ['orin-1 lab 2222', 'lab@orin-1:2222'],
  ['orin-1 lab', 'lab@orin-1:22'],
  ['orin-1, lab, 2222', 'lab@orin-1:2222'],
  ['orin-1\tlab\t2222', 'lab@orin-1:2222'],
  ['ssh -p 2222 lab@orin-1', 'lab@orin-1:2222'],
  ['ssh -p2222 -l lab orin-1', 'lab@orin-1:2222'],
  ['ssh -i ~/.ssh/lab -o StrictHostKeyChecking=no lab@orin-1 uptime', 'lab@orin-1:22 ~/.ssh/lab'],
  ['ssh -i ~/.ssh/lab -4 lab@orin-1 uptime', 'lab@orin-1:22 ~/.ssh/lab'],
  ['ssh -p 2222 -J jump lab@10.0.0.3', 'lab@10.0.0.3:2222 over jump'],
  ['ssh -J me@a:2200,b -o Port=2222 -oUser=lab orin-1', 'lab@orin-1:2222 over me@a:2200,b'],
  ['ssh -o "HostName 10.0.0.7" lab@orin-1', 'lab@10.0.0.7:22 orin-1'],
  ["$ ssh -4Ap 2222 -i '~/my keys/lab' lab@orin-1", 'lab@orin-1:2222 ~/my keys/lab'],
  ['ssh -o UserKnownHostsFile=/dev/null -tt lab@[::1]', 'lab@::1:22'],
  ['DOMAIN\\lab@orin-1', 'DOMAIN\\lab@orin-1:22'],
  ['orin ansible_host=10.0.0.7 ansible_user=lab', 'lab@10.0.0.7:22 orin'],
  ['orin ansible_host=10.0.0.7 ansible_ssh_user=lab ansible_port=2222 ansible_ssh_private_key_file=~/k', 'lab@10.0.0.7:2222 orin ~/k'],
])('%s', (line, expected) => {
  expect(short(verify(line))).toEqual([expected]);
});

test.each([
  ['orin-1', 'invalid: It names no user: put one before the host (user@host), or give one for all lines.'],
  ['lab@orin-1:99999', /invalid: port: /],
  ['lab@orin|rm', /invalid: host: /],
  ['ssh -oProxyCommand=reboot lab@orin-1', /invalid: The option ProxyCommand is not read/],
  ['ssh -F other lab@orin-1', /invalid: The option -F is not read/],
  ['ssh -o StrictHostKeyChecking=yes -o UserKnownHostsFile=pin lab@orin-1', /invalid: The option StrictHostKeyChecking is not read/],
  ['lab@[fe80::1%usb0]', /invalid: host: .*192\.168\.55\.1/],
  ['DOMAIN\\@orin-1', /invalid: user: /],
  ['ssh -p 2222', 'invalid: The ssh command names no host.'],
  ['this is not a valid host at all', 'invalid: Not recognized. Use user@host:port or an ssh command.'],
  ['# lab@orin-1', 'ignored: A comment.'],
  ['[jetsons]', 'ignored: A heading of an Ansible inventory.'],
  ['ansible_python_interpreter=/usr/bin/python3', /ignored: A variable|invalid/],
  ['$(reboot)@orin-1', /invalid: user: /],
])('%s is reported as what it is', (line, expected) => {
  const [found] = short(verify(line));
  if (typeof expected === 'string') expect(found).toBe(expected);
  else expect(found).toMatch(expected);
});

test('lines without a user take the one for all lines', () => {
  expect(short(verify('orin-1\norin-2:2222', [], 'lab'))).toEqual(['lab@orin-1:22', 'lab@orin-2:2222']);
});

test('blocks of ~/.ssh/config are read as OpenSSH would, with what patterns say', () => {
  const text = `
Host orin-1
    HostName 10.0.0.7
    Port 2222

Host orin-2 orin-3
    HostName %h.lab
    IdentityFile "~/.ssh/lab key"
    ForwardAgent no

Host orin-*
    User lab
    Port 22

lab@10.0.0.99`;

  expect(short(verify(text))).toEqual([
    'lab@10.0.0.7:2222 orin-1',
    'lab@orin-2.lab:22 orin-2 ~/.ssh/lab key',
    'lab@orin-3.lab:22 orin-3 ~/.ssh/lab key',
    'ignored: A pattern: it holds for the other blocks of the list.',
    'lab@10.0.0.99:22',
  ]);
});

test.each(['ProxyJump gate', 'ProxyCommand nc gate 22', 'Include other'])('a block with %s is refused with the remedy', (setting) => {
  expect(short(verify(`Host orin\n  HostName 10.0.0.7\n  User lab\n  ${setting}`))).toEqual([
    expect.stringMatching(/^invalid: \w+ is not read from pasted text: put the block into ~\/.ssh\/config/) as string,
  ]);
});

test('a Match block is never run', () => {
  expect(short(verify('Match exec "touch /tmp/owned"\n  User lab'))).toEqual([
    expect.stringContaining('invalid: Match is not read') as string,
  ]);
});

test('what is in the testbed and what came above are duplicates, told with where', () => {
  const node = { name: 'first', host: '10.0.0.7', port: 22, agentPort: 7411 };

  expect(short(verify('lab@10.0.0.7\nlab@ORIN\nother@orin:22', [node]))).toEqual([
    'duplicate: It is first of this testbed already.',
    'lab@ORIN:22',
    'duplicate: It is ORIN in line 2 already.',
  ]);
});

test('several nodes behind one address get agent ports of their own', () => {
  const ports = verify('lab@gate:2201\nlab@gate:2202\nlab@other:22').map(({ node }) => node?.agentPort);

  expect(ports).toEqual([7411, 7412, 7411]);
});

test('a password in an inventory is left out of everything, and the line says so', () => {
  const [entry] = verify('orin ansible_host=10.0.0.7 ansible_user=lab ansible_password="hunter2 x" ansible_become_pass=hunter3');

  expect(JSON.stringify(entry)).not.toMatch(/hunter|x\\"/);
  expect(entry).toMatchObject({ verdict: 'ready', remark: 'The password was left out: enter it as a secret.' });
});

test('a line without a name is described as one that gets its name later, not as a node of that name', () => {
  const [named, unnamed] = [verify('lab@10.0.0.7 orin-1'), verify('lab@10.0.0.8')].map((entries) => describeCandidate(entries[0]!.node!));
  expect(named).toBe('orin-1: lab@10.0.0.7:22');
  expect(unnamed).toBe('lab@10.0.0.8:22 (named automatically)');
});
